using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// What every variable holds at one point of the method. Null: unassigned. Copied where paths part, joined where they meet.
/// </summary>
internal sealed class Flow
{
    public Dictionary<Slot, Atom?> Scalars { get; } = [];
    public Dictionary<Reference, Cell?> References { get; } = [];
    public Dictionary<Cell, Content> Arrays { get; } = [];

    public Flow() { }

    private Flow(Flow other)
    {
        foreach (var p in other.Scalars) Scalars.Add(p.Key, p.Value);
        foreach (var p in other.References) References.Add(p.Key, p.Value);
        foreach (var p in other.Arrays) Arrays.Add(p.Key, p.Value);
    }

    public Flow Copy() => new(this);

    /// <summary>Takes over what only the other knows.</summary>
    public void Adopt(Flow other)
    {
        foreach (var p in other.Scalars.Where(p => !Scalars.ContainsKey(p.Key))) Scalars.Add(p.Key, p.Value);
        foreach (var p in other.References.Where(p => !References.ContainsKey(p.Key))) References.Add(p.Key, p.Value);
        foreach (var p in other.Arrays.Where(p => !Arrays.ContainsKey(p.Key))) Arrays.Add(p.Key, p.Value);
    }

    /// <summary>Does what both know have the same values? (What only one knows was declared inside.)</summary>
    /// <param name="same">Are two names that differ names of one number?</param>
    public bool Agrees(Flow other, Func<Var, Var, bool> same) =>
        Scalars.All(p => !other.Scalars.TryGetValue(p.Key, out var a) || Equals(a, p.Value) || a is Var x && p.Value is Var y && same(x, y))
        && References.All(p => !other.References.TryGetValue(p.Key, out var c) || ReferenceEquals(c, p.Value))
        && Arrays.All(p => !other.Arrays.TryGetValue(p.Key, out var v) || v == p.Value);
}

/// <summary>An array's current version. Null: it has none that could be named here.</summary>
/// <param name="Frozen">Why it must not be written any more: it may be one array with another name. Null: it may.</param>
internal sealed record Content(Var? Version, string? Frozen = null);
