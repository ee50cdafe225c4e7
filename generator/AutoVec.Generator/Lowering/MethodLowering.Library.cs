using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>Calls of library functions stay calls, with the function's IR among the callees; Inline removes them.</summary>
internal sealed partial class MethodLowering
{
    private readonly Dictionary<string, FunctionIr> _callees = [];

    private Val LibraryCall(IInvocationOperation op, FunctionIr function, string? hint) =>
        CallOf(op.TargetMethod, Callee(op.TargetMethod, function), ArgumentsOf(op), op, hint);

    private Seq<Val> ArgumentsOf(IInvocationOperation op)
    {
        var values = new Val[op.Arguments.Length];
        foreach (var a in op.Arguments) values[a.Parameter!.Ordinal] = Value(a.Value);
        return values.ToSeq();
    }

    /// <summary>A call of a function among the callees.</summary>
    private Val CallOf(IMethodSymbol method, FunctionIr function, Seq<Val> values, IOperation op, string? hint)
    {
        var args = values.SelectMany(v => AtomsOf(v, op)).ToList();
        if (args.Count != function.Params.Count) throw Mismatch(method, op, $"it takes {function.Params.Count} leaves, not {args.Count}");

        // The callee's names for extents, in the caller's. The caller may use the same names for others (Outer(y, x) in a method of x and y),
        // so each is replaced once: a Substitution would follow x_0 → y_0 → x_0.
        var sizes = new Dictionary<Atom, Atom>();
        IrType here(IrType type) => type.IsArray ? new IrType(type.Scalar, type.Extents.Map(e => sizes.TryGetValue(e, out var known) ? known : e)) : type;
        for (int k = 0; k < args.Count; k++)
        {
            var (parameter, type) = (function.Params[k], args[k].Type);
            if (parameter.Type.Scalar != type.Scalar || parameter.Type.Rank != type.Rank) throw Mismatch(method, op, $"'{parameter}' is {parameter.Type}, not {type}");
            for (int d = 0; d < type.Rank; d++)
                if (parameter.Type.Extents[d] is Var name && !sizes.ContainsKey(name)) sizes[name] = type.Extents[d];
        }

        var shape = method.ReturnsVoid ? null : ShapeOf(method.ReturnType, op);
        var results = function.Body.Results;
        var outputs = method.Parameters.Where(Shapes.IsOutput).Select(p => (ArrayVal)values[p.Ordinal]).ToList();
        int returned = shape is null ? 0 : CountLeaves(shape), leaves = returned + outputs.Count;
        if (results.Count < leaves) throw Mismatch(method, op, $"it returns {results.Count} values, not {leaves}");
        var outs = new Var[results.Count];
        for (int k = leaves; k < results.Count; k++)
        {
            outs[k] = _names.Fresh("n", IrType.I32);
            if (results[k] is Var extent && !sizes.ContainsKey(extent)) sizes[extent] = outs[k];
        }
        for (int k = 0; k < leaves; k++) outs[k] = _names.Fresh(hint ?? "r", here(results[k].Type));
        if (_frames.Count > 0) _origins.AddRange(outs.Where(o => o.Type.IsFloat && !o.Type.IsArray).Select(o => (o, op, Here.Method)));
        _b.Append(new Call(outs.ToSeq(), function.Name, args.ToSeq()));

        for (int k = 0; k < outputs.Count; k++) Written(method, outputs[k], outs[returned + k], values, op);
        if (shape is null) return NoVal.Instance;
        int next = 0;
        var arrays = values.SelectMany(ArraysOf).ToList();
        return FromLeaves(shape, () =>
        {
            int k = next++;
            if (!outs[k].Type.IsArray) return new ScalarVal(outs[k]);
            // A result that is a parameter is the caller's own array.
            int same = results[k] is Var r ? function.Params.Where(p => p.Type.IsArray).ToList().IndexOf(r) : -1;
            return same >= 0 && arrays[same].Part is null or { Row: not null, Of: null, OfSpan: false } ? arrays[same] : new ArrayVal(NewArrayOf(outs[k], hint));
        });
    }

    /// <summary>What the callee left in an output. Its IR takes each array for one of its own, so the output must be no other argument as well.</summary>
    private void Written(IMethodSymbol method, ArrayVal output, Var contents, Seq<Val> values, IOperation where)
    {
        if (values.SelectMany(ArraysOf).Count(a => a.Cell == output.Cell) > 1)
            throw new Rejection(ArrayRules.Alias, where, output.Cell.Name, $"'{method.Name}' writes it, and reads it as another argument too; pass a copy");
        Overwrite(output, (b, at) => b.Read(contents, at.Map(i => (Atom)i)), where);
    }

    /// <summary>Overloads share a name; two of them in one function are told apart by a number.</summary>
    private FunctionIr Callee(IMethodSymbol method, FunctionIr function)
    {
        string key = method.OriginalDefinition.GetDocumentationCommentId() ?? method.ToDisplayString();
        if (_callees.TryGetValue(key, out var known)) return known;
        string name = $"{method.ContainingType.Name}.{method.Name}";
        int same = _callees.Values.Count(f => f.Name == name || f.Name.StartsWith(name + ".", StringComparison.Ordinal));
        name = same == 0 ? name : $"{name}.{same + 1}";
        // What it calls itself joins the one list of callees, under names of its own.
        return _callees[key] = Joined(function, f => $"{name}.{f}") with { Name = name };
    }

    /// <summary>The function without callees of its own: they join this method's, renamed.</summary>
    private FunctionIr Joined(FunctionIr function, Func<string, string> rename)
    {
        var names = function.Callees.ToDictionary(f => f.Name, f => rename(f.Name));
        FunctionIr here(FunctionIr f) => f with
        {
            Body = Renamed(f.Body, names), Callees = [], Rule = f.Rule is { } rule && names.TryGetValue(rule, out string renamed) ? renamed : f.Rule,
        };
        foreach (var f in function.Callees)
            if (!_callees.ContainsKey(names[f.Name])) _callees[names[f.Name]] = here(f) with { Name = names[f.Name] };
        return here(function);
    }

    private static Block Renamed(Block block, Dictionary<string, string> names)
    {
        if (names.Count == 0) return block;
        return block with { Stmts = block.Stmts.Map(s => s is Call c ? c with { Function = names[c.Function] } : s.Map(v => v, a => a, b => Renamed(b, names))) };
    }

    private IEnumerable<Atom> AtomsOf(Val value, IOperation where) => value switch
    {
        ScalarVal s => [s.Atom],
        ArrayVal a => [Contents(a, where)],
        TreeArrayVal t => t.Leaves,
        AggregateVal g => g.Fields.SelectMany(f => AtomsOf(f, where)),
        StructsVal s => s.Columns.SelectMany(c => AtomsOf(c, where)),
        JaggedVal => throw Unsupported(where, "jagged arrays stay inside the method; use a rectangular one, T[,]"),
        _ => throw Unsupported(where, "an argument has no value"),
    };

    private static IEnumerable<ArrayVal> ArraysOf(Val value) => value switch
    {
        ArrayVal a => [a],
        AggregateVal g => g.Fields.SelectMany(ArraysOf),
        StructsVal s => s.Columns.SelectMany(ArraysOf),
        _ => [],
    };

    private static int CountLeaves(Shape shape) => shape is AggregateShape a ? a.Fields.Sum(f => CountLeaves(f.Shape)) : shape is TreeArrayShape t ? Packing.Leaves(t).Count()
        : shape is StructsShape s ? s.Columns.Count : 1;

    private static Val FromLeaves(Shape shape, Func<Val> next) =>
        shape is AggregateShape a ? new AggregateVal(a, a.Fields.Map(f => FromLeaves(f.Shape, next)))
        : shape is StructsShape s ? new StructsVal(s, s.Columns.Map(_ => next())) : next();

    private static Rejection Mismatch(IMethodSymbol method, IOperation where, string why) =>
        new(CallRules.BadLibrary, where, method.Name, method.ContainingAssembly.Name, why);
}
