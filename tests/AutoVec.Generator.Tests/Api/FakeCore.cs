using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Tests.Api;

/// <summary>
/// Stands in for compiled functions, so that the members around them are tested alone: signatures as the pipelines give them,
/// bodies that a test writes in C#.
/// </summary>
internal static class FakeCore
{
    private static readonly Var s_batch = new("B", IrType.I32);

    /// <param name="body">C# over the core's parameters (<c>x</c>, a size <c>x_0</c>, <c>B</c>) and <c>out0 …</c>; empty: nothing is written.</param>
    /// <param name="own">Extents of the array results of one sample; default: 2 in each dimension.</param>
    public static CompiledCore Of(MethodModel method, CoreKind kind, string body = "", Func<string, Atom[]>? own = null)
    {
        var parameters = new List<Var>();
        foreach (var p in method.Parameters)
            foreach (var leaf in Leaves(p.Value))
            {
                var extents = Enumerable.Range(0, leaf.Rank).Select(d => (Atom)new Var($"{leaf.Leaf}_{d}", IrType.I32));
                if (method.Vectorize && !p.Shared) extents = extents.Prepend(s_batch);
                parameters.Add(new Var(leaf.Leaf, new IrType(leaf.Scalar, extents.ToSeq())));
            }

        bool perSample = method.Vectorize && method.Reduce == AutoVec.Compiler.Emit.Reduction.None;
        var results = new List<Atom>();
        var names = new List<string>();
        foreach (var leaf in Leaves(method.Result))
        {
            var extents = (own?.Invoke(leaf.Leaf) ?? [.. Enumerable.Repeat<Atom>(Const.I32(2), leaf.Rank)]).AsEnumerable();
            if (perSample) extents = extents.Prepend(s_batch);
            string name = leaf.Leaf == "0" ? "value" : "value" + leaf.Leaf;
            var type = new IrType(leaf.Scalar, extents.ToSeq());
            results.Add(new Var(name, type));
            names.Add(name);
            if (kind == CoreKind.Vjp && type.IsFloat) parameters.Add(new Var(name + "_bar", type));
        }
        if (kind == CoreKind.Jvp)
        {
            foreach (var p in parameters.Where(v => v.Type.IsFloat && method.Parameters.First(q => Leaves(q.Value).Any(l => l.Leaf == v.Name)) is { NoGrad: false }).ToList())
            {
                string name = p.Name + "_dot";
                while (parameters.Any(q => q.Name == name)) name += "_";
                parameters.Add(new Var(name, p.Type));
            }
            foreach (var (r, name) in results.Zip(names).Where(r => r.First.Type.IsFloat).ToList())
            {
                results.Add(new Var(name + "_dot", r.Type));
                names.Add("dot:" + name);
            }
        }
        if (kind is CoreKind.Gradient or CoreKind.Vjp)
            foreach (var p in method.Parameters.Where(p => !p.NoGrad))
                foreach (var leaf in Leaves(p.Value).Where(l => l.Scalar is Scalar.F32 or Scalar.F64))
                {
                    results.Add(new Var(leaf.Leaf + "_bar", parameters.First(v => v.Name == leaf.Leaf).Type));
                    names.Add("d:" + leaf.Leaf);
                }

        var function = new FunctionIr(method.Name, parameters.ToSeq(), new Block([], results.ToSeq())) { ResultNames = names.ToSeq() };
        string className = $"{method.Name}{kind}Core";
        return new(className, function, Text(className, function, body), InPlace: parameters.All(p => p.Type.Rank <= 1), ["a fake"]);
    }

    /// <summary>The same core as one that assumes two extents equal, and guarded by itself.</summary>
    public static CompiledCore Assuming(CompiledCore core, string extent, string equals, string body, string guardedBody)
    {
        var equal = new Substitution([(new Var(extent, IrType.I32), new Var(equals, IrType.I32))]);
        var function = core.Function with { Params = core.Function.Params.Map(p => new Var(p.Name, equal.Apply(p.Type))) };
        var guarded = core with { ClassName = core.ClassName + "Guarded", Text = Text(core.ClassName + "Guarded", core.Function, guardedBody) };
        return core with { Function = function, Text = Text(core.ClassName, function, body), Guarded = guarded };
    }

    private static string Text(string className, FunctionIr f, string body)
    {
        string Type(Atom a) => a.Type.Scalar switch { Scalar.F32 => "float", Scalar.F64 => "double", Scalar.I32 => "int", Scalar.I64 => "long", _ => "bool" };
        var names = new Identifiers(["engine"]);
        var inputs = f.Params.Select(p => $"{Type(p)}{(p.Type.IsArray ? "*" : "")} {names.Fresh(p.Name)}")
            .Concat(f.Sizes.Select(s => $"int {names.Fresh(s.Name)}")).ToList();
        var outs = f.Body.Results.Select((r, k) => $"{Type(r)}* out{k}");
        var computed = f.Body.Results.SelectMany((r, k) => r.Type.Extents.Select((e, d) => (k, d, e)))
            .Where(x => x.e is Var v && !f.Sizes.Contains(v))
            .Select(x => $"public static int Extent_{x.k}_{x.d}({string.Join(", ", inputs)}) => {((Var)x.e).Name};");
        return $$"""
            namespace AutoVec.Generated
            {
            file static unsafe class {{className}}
            {
                public static void Run({{string.Join(", ", ["AutoVec.Cpu.CpuEngine engine", .. inputs, .. outs])}})
                {
                    {{body}}
                }

                {{string.Join("\n", computed)}}
            }
            }
            """;
    }

    private static IEnumerable<ArrayValue> Leaves(ValueModel value) => value switch
    {
        ArrayValue a => [a],
        TreeValue t => t.Fields.SelectMany(f => Leaves(f.Value)),
        TupleValue t => t.Elements.SelectMany(f => Leaves(f.Value)),
        _ => [],
    };
}
