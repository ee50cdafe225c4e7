using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Calls. A method with source is lowered in place: its parameters become variables that share the caller's arrays, its
/// return a jump to its end. A method of the math library is an op, one of an AutoVec library comes from its IR.
/// </summary>
internal sealed partial class MethodLowering
{
    private sealed class Frame(IMethodSymbol method, Slot returned, Place? result)
    {
        public IMethodSymbol Method { get; } = method;
        public Slot Returned { get; } = returned;
        public Place? Result { get; } = result;
    }

    private readonly List<Frame> _frames = [];
    private Frame Here => _frames[_frames.Count - 1];

    private Val Invocation(IInvocationOperation op, string? hint)
    {
        var method = op.TargetMethod;
        if (op.Instance is { } instance) return InstanceCall(op, instance);
        if (IsAd(method)) return Derivative(op, hint);
        if (Functions.Find(method) is { } known)
            return new ScalarVal(Emit(known, hint, op.Arguments.Select(a => AtomOf(a.Value)).ToArray()));
        if (Functions.IsClamp(method)) return Clamp(op, hint);
        if (SpanCall(op) is { } span) return span;
        if (Sources.BodyOf(method, _compilation, _cancel) is not null) return InlineCall(op);
        if (Library.Find(method, op) is { } function) return LibraryCall(op, function, hint);
        throw new Rejection(CallRules.NoSource, op, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat), Functions.Advice(method));
    }

    private Val InstanceCall(IInvocationOperation op, IOperation instance)
    {
        string name = op.TargetMethod.Name;
        if (op.TargetMethod.MethodKind == MethodKind.DelegateInvoke) throw new Rejection(LanguageRules.Lambda, op, "Calling a delegate");
        if (Shapes.Of(instance.Type!, out _) is ArrayShape)
        {
            switch (name)
            {
                case "GetLength": return new ScalarVal(ExtentOf(Memory(Value(instance), instance), op.Arguments[0].Value, op));
                case "GetUpperBound":
                    return new ScalarVal(Emit(OpTable.Sub, "n", ExtentOf(Memory(Value(instance), instance), op.Arguments[0].Value, op), Const.I32(1)));
                case "ToArray" when op.Arguments.Length == 0: return Clone(instance, "copy");
                case "Slice" or "Fill" or "Clear" or "CopyTo": return SpanMethod(op, Memory(Value(instance), instance));
                default: throw Unsupported(op, "arrays and spans have Length, GetLength, Clone and their elements; write a loop");
            }
        }
        throw new Rejection(CallRules.NotStaticCall, op, op.TargetMethod.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat),
            Shapes.ScalarOf(instance.Type!) is null ? Functions.Advice(op.TargetMethod) : "use operators and Math");
    }

    private Val Clamp(IInvocationOperation op, string? hint)
    {
        var args = op.Arguments.OrderBy(a => a.Parameter!.Ordinal).Select(a => AtomOf(a.Value)).ToArray();
        if (args[1] is Const low && args[2] is Const high && low.AsDouble > high.AsDouble) throw Unsupported(op, "the lower bound is above the upper one");
        return new ScalarVal(Emit(OpTable.Min, hint, Emit(OpTable.Max, hint, args[0], args[1]), args[2]));
    }

    // ---- methods with source

    private Val InlineCall(IInvocationOperation op)
    {
        var arguments = new List<(IParameterSymbol, Place?, Val?)>();
        foreach (var a in op.Arguments)
        {
            var parameter = a.Parameter!;
            bool isIn = parameter.RefKind is RefKind.In or RefKind.RefReadOnlyParameter;
            bool isVariable = a.Value is ILocalReferenceOperation or IParameterReferenceOperation;
            if (parameter.RefKind == RefKind.None || isIn && !isVariable)
                arguments.Add((parameter, null, Value(a.Value, BaseOf(parameter))));
            else if (TargetOf(a.Value) is PlaceTarget p) arguments.Add((parameter, p.Place, null));
            else throw Unsupported(a, "only variables are passed by reference; assign the result instead");
        }
        return Enter(op.TargetMethod, arguments, op);
    }

    private Val Inline(IMethodSymbol method, Seq<Val> arguments, IOperation where)
    {
        if (Sources.BodyOf(method, _compilation, _cancel) is null)
            throw new Rejection(CallRules.NoSource, where, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat), "write it with numbers");
        return Enter(method, method.Parameters.Select((p, k) => (p, (Place?)null, (Val?)arguments[k])).ToList(), where);
    }

    private Val Enter(IMethodSymbol method, List<(IParameterSymbol Parameter, Place? Place, Val? Value)> arguments, IOperation where) =>
        Enter(method, Sources.BodyOf(method, _compilation, _cancel)!, arguments, where);

    private Val Enter(IMethodSymbol method, IBlockOperation body, List<(IParameterSymbol Parameter, Place? Place, Val? Value)> arguments, IOperation where)
    {
        string name = method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
        if (_frames.Any(f => SymbolEqualityComparer.Default.Equals(f.Method, method.OriginalDefinition))) throw new Rejection(CallRules.Recursion, where, name);
        if (method.IsGenericMethod || method.ContainingType.IsGenericType)
            throw new Rejection(CallRules.NoSource, where, name, "it is generic; write it for the type you use");
        if (method.IsAsync) throw new Rejection(CallRules.NoSource, where, name, "it is async");
        if (Attributes.Has(method, Attributes.CustomGrad))
            throw new Rejection(MethodRules.NotYet, where, "[CustomGrad]", "the method's own derivative would be ignored here");

        int first = _ids;
        foreach (var (parameter, place, value) in arguments)
        {
            if (place is not null) _places[parameter] = place;
            else Store(Declare(parameter, ShapeOf(parameter.Type, where)), value!, where);
        }
        var result = Body(method, body, where);
        Leave(first, result);
        return result;
    }

    /// <summary>Lowers a body whose parameters are in place; gives what it returns.</summary>
    private Val Body(IMethodSymbol method, IBlockOperation body, IOperation where)
    {
        var result = method.ReturnsVoid ? null : NewPlace("result", ShapeOf(method.ReturnType, where));
        if (result is not null) Unassign(result);
        var needed = _needed;
        _needed = [];
        _frames.Add(new Frame(method.OriginalDefinition, NewFlag("returned"), result));
        try
        {
            Statement(body);
            return result is null ? NoVal.Instance : Load(result, where, method.Name);
        }
        finally
        {
            _frames.RemoveAt(_frames.Count - 1);
            _needed = needed;
        }
    }

    /// <summary>Drops the callee's variables, and its arrays but those it returned.</summary>
    private void Leave(int first, Val result)
    {
        foreach (var slot in _flow.Scalars.Keys.Where(s => s.Id > first).ToList()) _flow.Scalars.Remove(slot);
        foreach (var reference in _flow.References.Keys.Where(r => r.Id > first).ToList()) _flow.References.Remove(reference);
        var kept = new HashSet<Cell>(_flow.References.Values.OfType<Cell>().Concat(CellsOf(result)));
        foreach (var cell in _flow.Arrays.Keys.Where(c => c.Id > first && !kept.Contains(c)).ToList()) _flow.Arrays.Remove(cell);
    }

    private static IEnumerable<Cell> CellsOf(Val value) => ArraysOf(value).Select(a => a.Cell);
}
