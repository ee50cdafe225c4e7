using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Tests.Core;

/// <summary>IR text in which names may be bound again, as in C#: every binder gets a name of its own.</summary>
public static class Loose
{
    public static FunctionIr Parse(string text)
    {
        var f = Parser.Parse(text);
        var names = new Names();
        foreach (var v in f.Params.Concat(f.Sizes)) names.Fresh(v);
        var scope = f.Params.Concat(f.Sizes).ToDictionary(v => v.Name, v => (Atom)v);
        return Verifier.Check(f with { Body = Rename(f.Body, scope, names) }, "test");
    }

    private static Block Rename(Block block, Dictionary<string, Atom> outer, Names names)
    {
        var scope = new Dictionary<string, Atom>(outer);
        Atom Of(Atom a) => a is Var v ? scope[v.Name] : a;
        IrType Type(IrType t) => new(t.Scalar, t.Extents.Map(Of));
        var stmts = new List<Stmt>();
        foreach (var stmt in block.Stmts)
        {
            var inner = new Dictionary<string, Atom>(scope);
            var reads = new Dictionary<string, Atom>(scope);
            var binders = new Dictionary<Var, Var>();
            foreach (var v in stmt.Inner.OrderBy(v => v.Type.IsArray))
            {
                binders[v] = names.Fresh(v.Name, new IrType(v.Type.Scalar, v.Type.Extents.Map(e => e is Var n ? inner[n.Name] : e)));
                inner[v.Name] = binders[v];
            }
            foreach (var o in stmt.Outs)
            {
                var fresh = names.Fresh(o.Name, Type(o.Type));
                scope[o.Name] = fresh;
                // A binder of the statement may have the name of its result; it is told apart by where it stands.
                if (!stmt.Inner.Contains(o)) binders[o] = fresh;
            }
            stmts.Add(stmt.Map(v => binders[v], a => a is Var v ? reads[v.Name] : a, b => Rename(b, inner, names)));
        }
        return new Block(stmts.ToSeq(), block.Results.Map(Of));
    }
}
