using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// <c>Ad.Grad(F, x, a)</c> and its like. The function becomes one of the callees: its body, lowered here, with what it captures as further
/// parameters. The call says which derivative is meant; Inline takes it.
/// <code>
/// double a = ...;                                    g: f64 = call grad lambda.1 x a
/// double g = Ad.Grad(y => a * y * y, x);             fun lambda.1(y: f64, a: f64) { ... }
/// </code>
/// </summary>
internal sealed partial class MethodLowering
{
    private readonly List<DerivativeCall> _calls = [];

    /// <summary>The calls of Ad whose function has source here: plain C# needs the derivatives too.</summary>
    public IReadOnlyList<DerivativeCall> DerivativeCalls => _calls;

    private static bool IsAd(IMethodSymbol method) => method.ContainingType.ToDisplayString() == "AutoVec.Ad";

    private Val Derivative(IInvocationOperation op, string? hint)
    {
        if (op.TargetMethod.Name == "StopGradient") return StopGradient(op, hint);
        var kind = (DerivationKind)Enum.Parse(typeof(DerivationKind), op.TargetMethod.Name);
        IOperation? given = null;
        var values = new SortedDictionary<int, Val>();
        Val? tangent = null;
        foreach (var a in op.Arguments)
            switch (a.Parameter!.Name)
            {
                case "f": given = a.Value; break;
                case "tangent": tangent = Value(a.Value); break;
                case "function" or "member" or "line": break;
                default: values[a.Parameter.Ordinal] = Value(a.Value); break;
            }

        var (callee, captured) = Differentiated(given!, values.Values.ToSeq(), op);
        var x = values.Values.First();
        var leaves = AtomsOf(x, op).ToSeq();
        var derivation = new Derivation(kind, leaves.Count);
        if (derivation.Objection(callee) is { } objection) throw new Rejection(CallRules.NoDerivative, op, objection);

        var args = values.Values.SelectMany(v => AtomsOf(v, op)).Concat(captured).ToList();
        if (tangent is not null)
        {
            var along = AtomsOf(tangent, op).ToSeq();
            for (int k = 0; k < leaves.Count; k++)
                if (leaves[k].Type.IsFloat) args.Add(Shaped(along[k], leaves[k], op));
        }
        var outs = Outs(callee, derivation, args, leaves, op, hint);
        _b.Append(new Call(outs, callee.Name, args.ToSeq()) { Derivation = derivation });
        if (kind == DerivationKind.Jvp) return ValueAndTangent(op, callee, outs, hint);

        int next = kind == DerivationKind.ValueAndGrad ? 1 : 0;
        int leaf = 0;
        var gradient = FromLeaves(ShapeOf(op.Arguments.First(a => a.Parameter!.Name == "x1").Parameter!.Type, op), () =>
        {
            var like = leaves[leaf++].Type;
            return Held(like.IsFloat ? outs[next++] : _b.Zeros(like), hint);
        });
        gradient = Rounded(gradient, ShapeOf(op.Arguments.First(a => a.Parameter!.Name == "x1").Parameter!.Type, op), hint);
        return kind == DerivationKind.Grad ? gradient
            : new AggregateVal((AggregateShape)ShapeOf(op.Type, op), [new ScalarVal(outs[0]), gradient]);
    }

    private Val Held(Atom atom, string? hint) => atom.Type.IsArray ? new ArrayVal(NewArrayOf((Var)atom, hint)) : new ScalarVal(atom);

    /// <summary>The function as a callee, and the names it captures.</summary>
    private (FunctionIr Callee, Seq<Atom> Captured) Differentiated(IOperation given, Seq<Val> values, IInvocationOperation op)
    {
        while (given is IConversionOperation or IDelegateCreationOperation or IParenthesizedOperation)
            given = given switch
            {
                IConversionOperation c => c.Operand,
                IDelegateCreationOperation d => d.Target,
                _ => ((IParenthesizedOperation)given).Operand,
            };
        switch (given)
        {
            case IAnonymousFunctionOperation lambda:
                _calls.Add(new DerivativeCall(op, lambda.Symbol, lambda.Body));
                return Closed("lambda", lambda.Symbol, lambda.Body, values, op);
            case IMethodReferenceOperation { Method: var method } when method.IsStatic || method.MethodKind == MethodKind.LocalFunction:
                if (Attributes.Has(method, Attributes.CustomGrad) && Sources.BodyOf(method, _compilation, _cancel) is not null)
                {
                    _calls.Add(new DerivativeCall(op, method, Sources.BodyOf(method, _compilation, _cancel)!));
                    return (WithRule(method, op), []);
                }
                if (Sources.BodyOf(method, _compilation, _cancel) is { } body)
                {
                    _calls.Add(new DerivativeCall(op, method, body));
                    return Closed(method.Name, method, body, values, op);
                }
                // The plain method finds the derivative of a library's method where the library registers it.
                if (Attributes.Has(method, Attributes.Differentiable) && Library.Find(method, op) is { } function) return (Callee(method, function), []);
                throw new Rejection(CallRules.NoDerivative, given, $"'{method.Name}' has no source here and is not [Differentiable]: call it in a lambda, x => {method.Name}(x)");
            default:
                throw new Rejection(CallRules.NoDerivative, given, $"{Quote(given)} is known at run time only: write the method's name, or a lambda, in its place");
        }
    }

    /// <summary>
    /// Lowers a body in place, as if it were called, but into a function of its own. Its parameters have the types of the arguments, extents
    /// included; whatever else it reads of what is around it becomes a parameter.
    /// </summary>
    /// <param name="result">What becomes of the result, in the function.</param>
    private (FunctionIr Callee, Seq<Atom> Captured) Closed(string name, IMethodSymbol method, IBlockOperation body, Seq<Val> values, IInvocationOperation op,
        Func<Val, Val>? result = null)
    {
        var parameters = new List<Var>();
        Val Parameter(Val value, string like)
        {
            switch (value)
            {
                case ScalarVal s:
                    parameters.Add(_names.Fresh(like, s.Atom.Type));
                    return new ScalarVal(parameters[parameters.Count - 1]);
                case ArrayVal a:
                    // A row of a jagged array comes as an array of its own.
                    parameters.Add(_names.Fresh(like, a.Part is null ? VersionOf(a.Cell, op).Type : new IrType(VersionOf(a.Cell, op).Type.Scalar, ExtentsOf(a, op))));
                    var cell = NewCell(like, readOnly: like);
                    _flow.Arrays[cell] = new(parameters[parameters.Count - 1]);
                    return new ArrayVal(cell);
                case AggregateVal g: return new AggregateVal(g.Shape, g.Fields.Select((f, k) => Parameter(f, $"{like}_{g.Shape.Fields[k].Name}")).ToSeq());
                case StructsVal s: return new StructsVal(s.Shape, s.Columns.Select((c, k) => Parameter(c, $"{like}_{s.Shape.Columns[k].Name}")).ToSeq());
                default: throw Unsupported(op, "an argument has no value");
            }
        }

        Seq<Atom> results = [];
        var (block, end) = Nested(_flow.Copy(), () =>
        {
            var arguments = method.Parameters.Select((p, k) => (p, (Place?)null, (Val?)Parameter(values[k], p.Name))).ToList();
            _bound.UnionWith(parameters);
            var returned = Enter(method, body, arguments, op);
            results = AtomsOf(result is null ? returned : result(returned), op).ToSeq();
        });
        _bound.ExceptWith(parameters);
        if (!_flow.Agrees(end, IsSame)) throw new Rejection(CallRules.NoDerivative, op, $"'{name}' writes a variable that is declared outside of it: return the value instead");

        var own = block.Block(results);
        var binders = new HashSet<Var>(own.AllBinders());
        var extents = results.SelectMany(r => r.Type.Extents).OfType<Var>().Where(binders.Contains).Distinct();
        own = own with { Results = [.. own.Results, .. extents] };
        var free = own.Free(parameters);
        var sizes = new HashSet<Var>(parameters.Concat(free).SelectMany(v => v.Type.Extents).OfType<Var>());
        var captured = free.Where(v => !sizes.Contains(v)).ToSeq();

        string unique = name;
        for (int n = 1; n == 1 || _callees.ContainsKey(unique); n++) unique = $"{name}.{n}";
        var callee = new FunctionIr(unique, [.. parameters, .. captured], own);
        _callees.Add(unique, callee);
        return (callee, captured.Map(v => (Atom)v));
    }

    /// <summary>The call's results: of values, then gradients of the arguments' types or tangents of the values'.</summary>
    private Seq<Var> Outs(FunctionIr callee, Derivation derivation, List<Atom> args, Seq<Atom> leaves, IInvocationOperation op, string? hint)
    {
        if (args.Count != derivation.Parameters(callee).Count) throw Mismatch(op.TargetMethod, op, $"it takes {callee.Params.Count} leaves");
        var gradients = leaves.Where(l => l.Type.IsFloat).Select(l => _names.Fresh(hint ?? "g", l.Type));
        var values = callee.Body.Results;
        switch (derivation.Kind)
        {
            case DerivationKind.Grad: return gradients.ToSeq();
            case DerivationKind.ValueAndGrad: return [_names.Fresh("value", values[0].Type), .. gradients];
        }
        var outs = Values(callee, args, hint);
        return [.. outs, .. outs.Where(o => o.Type.IsFloat).Select(o => _names.Fresh("dot", o.Type))];
    }

    /// <summary>Names for the results of a function.</summary>
    private Seq<Var> Values(FunctionIr callee, IReadOnlyList<Atom> args, string? hint)
    {
        var values = callee.Body.Results;
        // The callee's names for extents, in the caller's, each replaced once; what its body computes is among its results.
        var sizes = new Dictionary<Atom, Atom>();
        IrType here(IrType type) => type.IsArray ? new IrType(type.Scalar, type.Extents.Map(e => sizes.TryGetValue(e, out var known) ? known : e)) : type;
        for (int k = 0; k < callee.Params.Count; k++)
            for (int d = 0; d < callee.Params[k].Type.Rank; d++)
                if (callee.Params[k].Type.Extents[d] is Var size && !sizes.ContainsKey(size)) sizes[size] = args[k].Type.Extents[d];
        var outs = new Var[values.Count];
        for (int k = values.Count - 1; k >= 0; k--)
        {
            outs[k] = _names.Fresh(hint ?? "value", here(values[k].Type));
            if (values[k] is Var { Type.IsArray: false } extent && values.Any(r => r.Type.Extents.Contains(extent)) && !sizes.ContainsKey(extent)) sizes[extent] = outs[k];
        }
        return outs.ToSeq();
    }

    /// <summary>
    /// A call of a [Checkpoint] method: it stays a call until a derivative is taken, which then computes again what it needs. The function has its own
    /// values, hence writes nothing of the caller's.
    /// </summary>
    private Val Recomputed(IInvocationOperation op, IBlockOperation body, string? hint)
    {
        var method = op.TargetMethod;
        if (method.ReturnsVoid || method.Parameters.Any(p => p.RefKind != RefKind.None))
            throw Unsupported(op, "a [Checkpoint] method takes its parameters by value and returns what it computes");
        var values = ArgumentsOf(op);
        var outside = new HashSet<Cell>(_flow.Arrays.Keys);
        Val own(Val value) => value switch
        {
            ArrayVal { Cell: var cell } when cell.ReadOnly is not null || outside.Contains(cell) =>
                throw Unsupported(op, "a [Checkpoint] method returns a new array, not one that it was given"),
            ArrayVal { Part: not null } a => Held(Contents(a, op), a.Cell.Name),
            ArrayVal a => Held(_b.Build(VersionOf(a.Cell, op).Type.Extents, (b, at) => b.Read(VersionOf(a.Cell, op), at), a.Cell.Name), a.Cell.Name),
            AggregateVal g => new AggregateVal(g.Shape, g.Fields.Map(own)),
            StructsVal s => new StructsVal(s.Shape, s.Columns.Map(own)),
            _ => value,
        };
        var (callee, captured) = Closed(method.Name, method, body, values, op, own);
        _callees[callee.Name] = callee with { Rule = FunctionIr.Recompute };
        var args = values.SelectMany(v => AtomsOf(v, op)).Concat(captured).ToList();
        var outs = Values(callee, args, hint);
        _b.Append(new Call(outs, callee.Name, args.ToSeq()));
        int next = 0;
        return FromLeaves(ShapeOf(method.ReturnType, op), () => Held(outs[next++], hint));
    }

    private Val ValueAndTangent(IInvocationOperation op, FunctionIr callee, Seq<Var> outs, string? hint)
    {
        var pair = (AggregateShape)ShapeOf(op.Type, op);
        int next = 0, dot = callee.Body.Results.Count;
        var value = FromLeaves(pair.Fields[0].Shape, () => Held(outs[next++], hint));
        next = 0;
        var tangent = FromLeaves(pair.Fields[1].Shape, () =>
        {
            var like = outs[next++].Type;
            return Held(like.IsFloat ? outs[dot++] : _b.Zeros(like), hint);
        });
        return new AggregateVal(pair, [value, Rounded(tangent, pair.Fields[1].Shape, hint)]);
    }

    /// <summary>The tangent with the very extents of what it is a tangent of; elements beyond its own throw, as they do in C#.</summary>
    private Atom Shaped(Atom tangent, Atom like, IOperation where)
    {
        if (tangent.Type == like.Type) return tangent;
        if (tangent.Type.Scalar != like.Type.Scalar || tangent.Type.Rank != like.Type.Rank) throw Unsupported(where, "a tangent has the argument's type");
        return _b.Build(like.Type.Extents, (b, at) => b.Read((Var)tangent, at, "dot"), "dot");
    }

    private Val StopGradient(IInvocationOperation op, string? hint)
    {
        switch (Value(op.Arguments[0].Value))
        {
            case ScalarVal s: return new ScalarVal(Emit(OpTable.StopGradient, hint, s.Atom));
            case ArrayVal a:
                var x = Contents(a, op);
                if (!x.Type.IsFloat) return new ArrayVal(NewArrayOf(x, hint));
                return Held(_b.Build(x.Type.Extents, (b, at) => b.Compute(OpTable.StopGradient, b.Read(x, at)), hint ?? "a"), hint);
            default: throw Unsupported(op, "a number or an array is needed");
        }
    }
}
