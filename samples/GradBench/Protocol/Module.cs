namespace AutoVec.Samples.GradBench.Protocol;

/// <summary>An evaluation: a name and the functions that can be asked for.</summary>
public sealed record Module(string Name, params IReadOnlyList<Function> Functions)
{
    /// <exception cref="ToolException">The module has no such function.</exception>
    public Function Find(string name) =>
        Functions.FirstOrDefault(f => f.Name == name)
        ?? throw new ToolException($"{Name} has no function '{name}'; it has {string.Join(", ", Functions.Select(f => f.Name))}");
}
