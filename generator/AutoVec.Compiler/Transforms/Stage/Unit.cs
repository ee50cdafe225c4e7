using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Stage;

/// <summary>Statements that will run together, while their place in the order is still open.</summary>
internal sealed class Unit(Stmt stmt, int at)
{
    public List<Stmt> Stmts { get; } = [stmt];

    /// <summary>The place of its first statement in the source.</summary>
    public int At { get; } = at;

    public Contraction? Contraction { get; init; }
    public HashSet<Var> Outs { get; } = [.. stmt.Outs];

    /// <summary>What it reads and does not make itself.</summary>
    public HashSet<Var> Reads { get; } = [.. stmt.Free()];

    /// <summary>The units that must run before it.</summary>
    public HashSet<Unit> After { get; } = [];

    public Stmt First => Stmts[0];

    public void Absorb(Unit other)
    {
        Stmts.AddRange(other.Stmts);
        Outs.UnionWith(other.Outs);
        Reads.UnionWith(other.Reads);
        Reads.ExceptWith(Outs);
        After.UnionWith(other.After);
        After.Remove(this);
    }
}
