using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Fuse;

/// <summary>Replaces reads of a build's elements by the code of the element.</summary>
internal sealed class Inliner(Build producer, Names names)
{
    private readonly Substitution _values = new();

    public Stmt Apply(Stmt stmt) => stmt.Map(v => v, _values.Apply, Apply);

    private Block Apply(Block block)
    {
        var stmts = new List<Stmt>();
        var made = new Dictionary<Seq<Atom>, Seq<Atom>>();
        foreach (var old in block.Stmts)
        {
            var s = Apply(old);
            if (s is not Read read || Position(read.Array) is not { } k)
            {
                stmts.Add(s);
                continue;
            }
            if (!made.TryGetValue(read.Index, out var results))
            {
                var element = new Substitution(producer.Dims.Select((d, n) => (d.Index, read.Index[n])));
                var copy = element.Copy(producer.Body, names);
                stmts.AddRange(copy.Stmts);
                made[read.Index] = results = copy.Results;
            }
            _values[read.Out] = results[k];
        }
        return new(stmts.ToSeq(), block.Results.Map(_values.Apply));
    }

    private int? Position(Var array)
    {
        for (int k = 0; k < producer.Results.Count; k++)
            if (producer.Results[k].Equals(array)) return k;
        return null;
    }
}
