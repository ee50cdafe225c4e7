namespace AutoVec.Benchmarks.Suite;

/// <summary>What may be installed, and what of it is.</summary>
internal static class Peers
{
    /// <summary>A line for each.</summary>
    public static IEnumerable<string> Say()
    {
        yield return Blas.Say;
        yield return OneDnn.Say;
        yield return Torch.Say;
    }
}
