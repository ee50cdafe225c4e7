using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>
/// What follows a contraction, for one element of its result: <see cref="Sum"/> is the finished sum at <see cref="Index"/>, and
/// <c>Body.Results[k]</c> goes to <c>Stores[k]</c> at the same index. <see cref="Rows"/> are views that hold for a whole row.
/// </summary>
public sealed record TileFunction(Seq<Var> Index, Seq<Atom> Extents, Var Sum, Seq<Read> Rows, Block Body, Seq<Var> Stores)
{
    public static TileFunction Of(ContractionStage stage, Func<Var, bool> isStored, Names names)
    {
        var statement = stage.Statement;
        var result = statement.Results[0];
        var index = statement.Dims.Map(d => d.Index);
        var sum = names.Fresh("sum", result.Type.Element);
        var replaced = new Substitution();
        var values = new Dictionary<Var, Atom> { [result] = sum };
        var stmts = new List<Stmt>();

        Block Rewrite(Block block)
        {
            var kept = new List<Stmt>();
            foreach (var old in block.Stmts)
            {
                var stmt = old.Map(v => v, replaced.Apply, Rewrite);
                if (stmt is Read r && values.TryGetValue(r.Array, out var value)) replaced[r.Out] = value;
                else kept.Add(stmt);
            }
            return new Block(kept.ToSeq(), block.Results.Map(replaced.Apply));
        }

        foreach (var build in stage.Epilogue)
        {
            for (int d = 0; d < index.Count; d++) replaced[build.Dims[d].Index] = index[d];
            var body = Rewrite(build.Body);
            stmts.AddRange(body.Stmts);
            for (int k = 0; k < build.Results.Count; k++) values[build.Results[k]] = body.Results[k];
        }
        var stores = values.Keys.Where(isStored).ToSeq();
        var merged = Twins.Remove(new Block(stmts.ToSeq(), stores.Map(s => values[s])));
        return Narrow(new TileFunction(index, statement.Dims.Map(d => d.Extent), sum, [], merged, stores), names);
    }

    /// <summary>Arrays read at the row's own index are narrowed once for the row.</summary>
    private static TileFunction Narrow(TileFunction tile, Names names)
    {
        int last = tile.Index.Count - 1;
        if (last < 1) return tile;
        var own = new HashSet<Var>(tile.Body.AllBinders());
        var rows = new Dictionary<Var, Read>();

        bool OfRow(Read r) => r.Index.Count == last + 1 && !own.Contains(r.Array)
            && Enumerable.Range(0, last).All(d => tile.Index[d].Equals(r.Index[d]) && tile.Extents[d].Equals(r.Array.Type.Extents[d]));

        Block Rewrite(Block block) => new(block.Stmts.Map(old =>
        {
            var stmt = old.Map(v => v, a => a, Rewrite);
            if (stmt is not Read r || r.Out.Type.IsArray || !OfRow(r)) return stmt;
            if (!rows.TryGetValue(r.Array, out var row))
                rows[r.Array] = row = new Read(names.Fresh(r.Array.Base + "Row", new IrType(r.Array.Type.Scalar, [r.Array.Type.Extents[last]])),
                    r.Array, [.. tile.Index.Take(last), All.Dimension]);
            return new Read(r.Out, row.Out, [r.Index[last]]);
        }), block.Results);

        var body = Rewrite(tile.Body);
        return tile with { Rows = rows.Values.ToSeq(), Body = body };
    }
}
