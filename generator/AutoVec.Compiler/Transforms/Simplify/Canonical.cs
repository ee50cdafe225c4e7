using System.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Simplify;

/// <summary>
/// A statement's text with the names it binds numbered in order: equal for statements that differ in names only.
/// </summary>
internal sealed class Canonical
{
    private readonly Dictionary<Var, int> _number = [];
    private readonly StringBuilder _text = new();

    public static string Of(Stmt stmt)
    {
        var canonical = new Canonical();
        canonical.Statement(stmt);
        return canonical._text.ToString();
    }

    private void Bind(IEnumerable<Var> names)
    {
        foreach (var v in names) _number[v] = _number.Count;
    }

    private void Atom(Atom atom)
    {
        if (atom is Var v && _number.TryGetValue(v, out int n)) _text.Append('$').Append(n);
        else _text.Append(atom);
        _text.Append(' ');
    }

    private void Block(Block block)
    {
        _text.Append('{');
        foreach (var stmt in block.Stmts)
        {
            Statement(stmt);
            Bind(stmt.Outs);
        }
        _text.Append('}');
        foreach (var r in block.Results) Atom(r);
    }

    private void Statement(Stmt stmt)
    {
        _text.Append(stmt switch
        {
            Compute c => c.Op.Name,
            Reduce r => "reduce " + r.Kind,
            Call c => $"call {c.Derivation} {c.Function}",
            _ => stmt.GetType().Name,
        }).Append(' ');
        switch (stmt)
        {
            // Where a whole dimension stands among the others matters; Reads leaves it out.
            case Read r: Index(r.Array, r.Index); break;
            case Write w: Index(w.Array, w.Index); Atom(w.Value); break;
            case Accumulate a: Index(a.Array, a.Index); Atom(a.Value); break;
            default:
                foreach (var a in stmt.Reads) Atom(a);
                break;
        }
        // Reads of a scatter are extents and dims alike: the number of each is part of the shape.
        if (stmt is Scatter s) _text.Append('#').Append(s.Extents.Count);
        Bind(stmt.Inner);
        foreach (var block in stmt.Blocks) Block(block);
        _text.Append(';');
    }

    private void Index(Var array, Seq<Atom> index)
    {
        Atom(array);
        foreach (var i in index) Atom(i);
    }
}
