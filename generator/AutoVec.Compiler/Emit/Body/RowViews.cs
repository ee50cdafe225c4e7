using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>
/// In loops inside of loops, arrays of the host that are read along a row are narrowed to that row before the inner loop: where it begins is computed once.
/// <code>
/// r = build k&lt;n { s = reduce + j&lt;d { v = c[k, j] .. } }     ⇒     r = build k&lt;n { row = c[k, :]  s = reduce + j&lt;d { v = row[j] .. } }
/// </code>
/// Only where k is in range whatever j is, since an inner loop may make no trips.
/// </summary>
internal static class RowViews
{
    public static Block Run(Block block, Names names) => Run(block, [], [.. block.AllBinders()], names);

    private static Block Run(Block block, Seq<Dim> around, HashSet<Var> own, Names names)
    {
        var views = new Dictionary<(Var, Seq<Atom>), Var>();
        var stmts = new List<Stmt>();
        foreach (var stmt in block.Stmts)
        {
            if (stmt is not (Build or Reduce or For))
            {
                stmts.Add(stmt.Map(v => v, a => a, b => Run(b, around, own, names)));
                continue;
            }
            var last = UseMap.Dims(stmt)[^1];
            Seq<Dim> outer = stmt is For ? around : [.. around, .. UseMap.Dims(stmt)];
            if (around.IsEmpty || UseMap.Dims(stmt).Count > 1)
            {
                stmts.Add(stmt.Map(v => v, a => a, b => Run(b, outer, own, names)));
                continue;
            }
            Stmt Narrowed(Stmt s)
            {
                if (s is not Read { Out.Type.IsArray: false } r || r.Index.Count < 2 || own.Contains(r.Array) || !r.Index[^1].Equals(last.Index)) return s.Map(v => v, a => a, b => Run(b, outer, own, names));
                Seq<Atom> row = [.. r.Index.Take(r.Index.Count - 1)];
                for (int d = 0; d < row.Count; d++)
                    if (!around.Any(a => a.Index.Equals(row[d]) && a.Extent.Equals(r.Array.Type.Extents[d]))) return r;
                if (!views.TryGetValue((r.Array, row), out var view))
                {
                    views[(r.Array, row)] = view = names.Fresh(r.Array.Base + "Row", new IrType(r.Array.Type.Scalar, [r.Array.Type.Extents[^1]]));
                    stmts.Add(new Read(view, r.Array, [.. row, All.Dimension]));
                }
                return new Read(r.Out, view, [last.Index]);
            }
            var narrowed = stmt.Map(v => v, a => a, b => b with { Stmts = b.Stmts.Map(Narrowed) });
            stmts.Add(narrowed);
        }
        return new Block(stmts.ToSeq(), block.Results);
    }
}
