using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Invariants;

/// <summary>Arrays that a pass has made in the blocks of a statement of the host, and which depend on nothing in it, are made before it.</summary>
internal static class Outside
{
    /// <summary>What may stand before the statement; the statement becomes what is left. Whatever is moved must not be able to throw.</summary>
    public static Seq<Stmt> Of(ref Stmt stmt, Func<Stmt, bool> isMade)
    {
        var moved = new List<Stmt>();
        var bound = new HashSet<Var>(stmt.Inner.Concat(stmt.Blocks.SelectMany(b => b.Stmts).Where(s => !isMade(s)).SelectMany(s => s.Outs)));
        Block Rest(Block block)
        {
            var rest = new List<Stmt>();
            foreach (var s in block.Stmts)
            {
                if (isMade(s) && !s.Free().Any(bound.Contains)) moved.Add(s);
                else
                {
                    rest.Add(s);
                    bound.UnionWith(s.Outs);
                }
            }
            return block with { Stmts = rest.ToSeq() };
        }
        stmt = stmt.Map(v => v, a => a, Rest);
        return moved.ToSeq();
    }
}
