namespace AutoVec.Samples.GradBench.Protocol;

/// <summary>A message that cannot be served; its text is the <c>error</c> of the answer.</summary>
public sealed class ToolException(string message) : Exception(message)
{
    /// <summary>Refuses an input unless <paramref name="holds"/>.</summary>
    public static void Unless(bool holds, string message)
    {
        if (!holds) throw new ToolException(message);
    }
}
