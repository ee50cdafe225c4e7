using AutoVec.Compiler.Emit;
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
    /// <param name="self">What <c>this</c> is: the variable that the method is called on, or a copy of a value.</param>
    private sealed class Frame(IMethodSymbol method, Slot returned, Place? result, Place? self)
    {
        public Place? Self { get; } = self;
        public IMethodSymbol Method { get; } = method;
        public Slot Returned { get; } = returned;
        public Place? Result { get; } = result;
    }

    private readonly List<Frame> _frames = [];
    private Frame Here => _frames[_frames.Count - 1];

    private Val Invocation(IInvocationOperation op, string? hint)
    {
        var method = op.TargetMethod;
        Stored(method, op);
        if (op.Instance is { } instance) return InstanceCall(op, instance, hint);
        if (IsAd(method)) return Derivative(op, hint);
        if (MathCall(op, hint) is { } number) return number;
        if (SpanCall(op) is { } span) return span;
        if (ArrayCall(op, hint) is { } array) return array;
        if (Attributes.Has(method, Attributes.CustomGrad) && Sources.BodyOf(method, _compilation, _cancel) is not null)
            return CallOf(method, WithRule(method, op), ArgumentsOf(op), op, hint);
        if (Attributes.Has(method, Attributes.Checkpoint) && Sources.BodyOf(method, _compilation, _cancel) is { } body) return Recomputed(op, body, hint);
        if (Sources.BodyOf(method, _compilation, _cancel) is not null) return InlineCall(op);
        if (Library.Find(method, op) is { } function) return LibraryCall(op, function, hint);
        throw new Rejection(CallRules.NoSource, op, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat), Functions.Advice(method));
    }

    private Val InstanceCall(IInvocationOperation op, IOperation instance, string? hint)
    {
        var method = op.TargetMethod;
        if (method.MethodKind == MethodKind.DelegateInvoke)
            return Value(instance) is FunctionVal function ? Called(function, op, hint) : throw new Rejection(LanguageRules.Lambda, op, "Calling a delegate that was not given");
        if (Shapes.Of(instance.Type!, out _) is { } shape)
        {
            if (shape is ArrayShape or StructsShape) return ArrayMethod(op, instance);
            if (shape is JaggedShape) return RowsMethod(op, instance);
            if (shape is ScalarShape number && Compared(op, instance, number.Number) is { } compared) return compared;
            if (shape is AggregateShape && !method.IsVirtual && !method.IsAbstract && !method.IsOverride && Sources.BodyOf(method, _compilation, _cancel) is not null)
                return Called(instance, method, self => Enter(method, Arguments(op), op, self));
        }
        throw new Rejection(CallRules.NotStaticCall, op, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat),
            Numbers.Of(instance.Type!) is null ? Functions.Advice(method) : "use operators and Math");
    }

    /// <summary>Runs a method or getter of a struct: on the variable itself, which it may change, or on a copy of a value, or of what must not change.</summary>
    private Val Called(IOperation instance, IMethodSymbol method, Func<Place, Val> call)
    {
        bool isCopied = !method.IsReadOnly && MustNotChange(instance);
        if (!isCopied && IsVariable(instance) && instance.Type!.IsValueType && TryPlace(instance) is { } variable) return call(variable);
        var copy = NewPlace("self", ShapeOf(instance.Type, instance));
        Store(copy, Value(instance), instance);
        var result = call(copy);
        Forget(copy);
        return result;
    }

    /// <summary>A variable that C# keeps from changing: it copies such a one before it calls what is not <c>readonly</c>.</summary>
    private bool MustNotChange(IOperation op) => op switch
    {
        IParameterReferenceOperation p => p.Parameter.RefKind is RefKind.In or RefKind.RefReadOnlyParameter,
        ILocalReferenceOperation l => l.Local.RefKind == RefKind.RefReadOnly,
        IInstanceReferenceOperation => MethodAround().IsReadOnly,
        IFieldReferenceOperation { Instance: { Type.IsValueType: true } outer } f =>
            f.Field.IsReadOnly && !(outer is IInstanceReferenceOperation && MethodAround().MethodKind == MethodKind.Constructor) || MustNotChange(outer),
        _ => false,
    };

    /// <summary>The method that <c>this</c> belongs to.</summary>
    private IMethodSymbol MethodAround()
    {
        var method = Here.Method;
        while (method is { MethodKind: MethodKind.LocalFunction or MethodKind.LambdaMethod, ContainingSymbol: IMethodSymbol around }) method = around;
        return method;
    }

    /// <summary>A struct in an array or a span that may be written.</summary>
    private bool IsElement(IOperation op)
    {
        var array = op switch
        {
            IArrayElementReferenceOperation e => e.ArrayReference,
            IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } span } => span,
            IImplicitIndexerReferenceOperation i when !IsRange(i.Argument) => i.Instance,
            _ => null,
        };
        return array is not null && ShapeOf(array.Type, array) is StructsShape { Storage: not Storage.ReadOnlySpan };
    }

    private Place? TryPlace(IOperation instance) => instance switch
    {
        IFieldReferenceOperation { Instance: { } outer } f => TryPlace(outer) is AggregatePlace { Shape: { IsImmutable: false } shape } whole && shape.IndexOf(f.Field) is >= 0 and var k ? whole.Fields[k] : null,
        _ => (TargetOf(instance) as PlaceTarget)?.Place,
    };

    // ---- methods with source

    private Val InlineCall(IInvocationOperation op) => Enter(op.TargetMethod, Arguments(op), op);

    private List<(IParameterSymbol, Place?, Val?)> Arguments(IInvocationOperation op) => Arguments(op.Arguments);

    private List<(IParameterSymbol, Place?, Val?)> Arguments(IEnumerable<IArgumentOperation> given)
    {
        var arguments = new List<(IParameterSymbol, Place?, Val?)>();
        foreach (var a in given)
        {
            var parameter = a.Parameter!;
            bool isIn = parameter.RefKind is RefKind.In or RefKind.RefReadOnlyParameter;
            bool isVariable = a.Value is ILocalReferenceOperation or IParameterReferenceOperation or IArrayElementReferenceOperation || a.Value is IFieldReferenceOperation { Instance: not null } && IsVariable(a.Value);
            if (parameter.RefKind == RefKind.None || isIn && !isVariable) arguments.Add((parameter, null, Value(a.Value, BaseOf(parameter))));
            else arguments.Add((parameter, Referred(a.Value), null));
        }
        return arguments;
    }

    /// <summary>What a reference refers to: a variable, a field of one, an element.</summary>
    private Place Referred(IOperation value) => TargetOf(value) switch
    {
        PlaceTarget p => p.Place,
        ElementTarget e => new ElementPlace(e.Array, e.Index),
        Discard => NewPlace("_", ShapeOf(value.Type, value)),
        _ => throw Unsupported(value, "only variables and array elements are passed by reference; assign the result instead"),
    };

    private Val Inline(IMethodSymbol method, Seq<Val> arguments, IOperation where)
    {
        if (Sources.BodyOf(method, _compilation, _cancel) is null)
            throw new Rejection(CallRules.NoSource, where, method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat), "write it with numbers");
        return Enter(method, method.Parameters.Select((p, k) => (p, (Place?)null, (Val?)arguments[k])).ToList(), where);
    }

    private Val Enter(IMethodSymbol method, List<(IParameterSymbol Parameter, Place? Place, Val? Value)> arguments, IOperation where, Place? self = null, Action? before = null) =>
        Enter(method, Sources.BodyOf(method, _compilation, _cancel)!, arguments, where, self, before);

    /// <param name="before">What happens before the body, with its parameters in place.</param>
    private Val Enter(IMethodSymbol method, IBlockOperation body, List<(IParameterSymbol Parameter, Place? Place, Val? Value)> arguments, IOperation where, Place? self = null, Action? before = null)
    {
        string name = method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
        if (_frames.Any(f => SymbolEqualityComparer.Default.Equals(f.Method, method.OriginalDefinition))) throw new Rejection(CallRules.Recursion, where, name);
        if (method.IsGenericMethod || method.ContainingType.IsGenericType)
            throw new Rejection(CallRules.NoSource, where, name, "it is generic; write it for the type you use");
        if (method.IsAsync) throw new Rejection(CallRules.NoSource, where, name, "it is async");

        int first = _ids;
        foreach (var (parameter, place, value) in arguments)
        {
            if (place is not null) _places[parameter] = place;
            else Store(Declare(parameter, ShapeOf(parameter.Type, where)), value!, where);
        }
        var result = Body(method, body, where, self, before);
        Leave(first, result);
        return result;
    }

    /// <summary>Lowers a body whose parameters are in place; gives what it returns.</summary>
    private Val Body(IMethodSymbol method, IBlockOperation body, IOperation where, Place? self = null, Action? before = null)
    {
        var result = method.ReturnsVoid || method.MethodKind == MethodKind.Constructor ? null : NewPlace("result", ShapeOf(method.ReturnType, where));
        if (result is not null) Unassign(result);
        var needed = _needed;
        _needed = [];
        _bodies.Add(method);
        // A local function is part of the method around it.
        if (self is null && method.MethodKind == MethodKind.LocalFunction && _frames.Count > 0) self = Here.Self;
        _frames.Add(new Frame(method.OriginalDefinition, NewFlag("returned"), result, self));
        try
        {
            before?.Invoke();
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

    private static IEnumerable<Cell> CellsOf(Val value) => value switch
    {
        JaggedVal j => [j.Rows, j.Lengths],
        StructsVal s => s.Columns.SelectMany(CellsOf),
        AggregateVal g => g.Fields.SelectMany(CellsOf),
        _ => ArraysOf(value).Select(a => a.Cell),
    };
}
