using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>Assignments. The target (its array and indices) is evaluated before the value, as C# does.</summary>
internal sealed partial class MethodLowering
{
    /// <summary>What stands left of an assignment.</summary>
    private abstract class Target;
    private sealed class PlaceTarget(Place place, string name) : Target
    {
        public Place Place { get; } = place;
        public string Name { get; } = name;
    }

    private sealed class ElementTarget(ArrayVal array, Seq<Atom> index) : Target
    {
        public ArrayVal Array { get; } = array;
        public Seq<Atom> Index { get; } = index;
    }

    private sealed class TupleTarget(Seq<Target> parts) : Target { public Seq<Target> Parts { get; } = parts; }
    private sealed class Discard : Target;

    private Target TargetOf(IOperation op)
    {
        switch (op)
        {
            case ILocalReferenceOperation l:
                if (l.Local.IsRef) throw Unsupported(op, "a 'ref' local is a second name; use the variable or the array and its index");
                if (l.IsDeclaration && !_places.ContainsKey(l.Local)) Declare(l.Local, ShapeOf(l.Local.Type, op));
                return new PlaceTarget(PlaceOf(l.Local, op), BaseOf(l.Local));
            case IParameterReferenceOperation p: return new PlaceTarget(PlaceOf(p.Parameter, op), BaseOf(p.Parameter));
            case IParenthesizedOperation p: return TargetOf(p.Operand);
            case IDiscardOperation: return new Discard();
            case IDeclarationExpressionOperation d: return TargetOf(d.Expression);
            case ITupleOperation t: return new TupleTarget(t.Elements.Select(TargetOf).ToSeq());
            case IArrayElementReferenceOperation e:
                var array = Memory(Value(e.ArrayReference), e.ArrayReference);
                return new ElementTarget(array, Indices(array, e.Indices, e));
            case IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } span } p when ShapeOf(span.Type, span) is ArrayShape:
                var memory = Memory(Value(span), span);
                return new ElementTarget(memory, Indices(memory, p.Arguments.Select(a => a.Value), p));
            case IImplicitIndexerReferenceOperation { Instance: { } from } fromEnd when ShapeOf(from.Type, from) is ArrayShape && !IsRange(fromEnd.Argument):
                var sliced = Memory(Value(from), from);
                return new ElementTarget(sliced, Indices(sliced, [fromEnd.Argument], fromEnd));
            case IFieldReferenceOperation { Instance: null } f: throw new Rejection(StateRules.FieldWrite, f, f.Field.Name);
            case IPropertyReferenceOperation { Instance: null } p: throw new Rejection(StateRules.FieldWrite, p, p.Property.Name);
            case IMemberReferenceOperation { Instance: { } instance } m:
                if (TargetOf(instance) is PlaceTarget { Place: AggregatePlace { Shape.IsImmutable: false } whole } && whole.Shape.IndexOf(m.Member) is >= 0 and var k)
                    return new PlaceTarget(whole.Fields[k], $"{m.Member.Name}");
                throw Unsupported(op, "only fields of local structs are assigned; make a new value with 'with'");
            default: throw Unsupported(op, "only variables, fields of local structs and array elements are assigned");
        }
    }

    private Val LoadTarget(Target target, IOperation where) => target switch
    {
        PlaceTarget p => Load(p.Place, where, p.Name),
        ElementTarget e => new ScalarVal(ReadElement(e.Array, e.Index, where, null)),
        _ => throw Unsupported(where, "it has no value"),
    };

    private void StoreTarget(Target target, Val value, IOperation where)
    {
        switch (target)
        {
            case PlaceTarget p: Store(p.Place, value, where); break;
            case ElementTarget e: WriteElement(e.Array, e.Index, Number(value, where), where); break;
            case TupleTarget t:
                if (value is not AggregateVal a || a.Fields.Count != t.Parts.Count)
                    throw Unsupported(where, "a 'Deconstruct' method is not called; read the parts by name");
                for (int k = 0; k < t.Parts.Count; k++) StoreTarget(t.Parts[k], a.Fields[k], where);
                break;
        }
    }

    private static string? HintOf(Target target) => target is PlaceTarget p ? p.Name : null;

    private Val Assignment(ISimpleAssignmentOperation op, string? hint)
    {
        if (op.IsRef) throw Unsupported(op, "a 'ref' variable is a second name; use the variable itself");
        var target = TargetOf(op.Target);
        var value = Value(op.Value, HintOf(target) ?? hint);
        StoreTarget(target, value, op.Target);
        return value;
    }

    private Val Compound(ICompoundAssignmentOperation op)
    {
        var target = TargetOf(op.Target);
        var old = LoadTarget(target, op.Target);
        if (op.OperatorMethod is { } method && !IsBuiltIn(method))
        {
            var sum = Inline(method, [old, Value(op.Value)], op);
            StoreTarget(target, sum, op.Target);
            return sum;
        }
        var right = AtomOf(op.Value);
        var left = Number(old, op.Target);
        var type = left.Type.Scalar;
        bool shift = op.OperatorKind is BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift or BinaryOperatorKind.UnsignedRightShift;
        if (!shift) left = Cast(left, right.Type.Scalar, false, op, null);
        var result = Arithmetic(op.OperatorKind, left, right, op.IsChecked, op, HintOf(target));
        var value = new ScalarVal(Cast(result, type, op.IsChecked, op, HintOf(target)));
        StoreTarget(target, value, op.Target);
        return value;
    }

    private Val Increment(IIncrementOrDecrementOperation op)
    {
        var target = TargetOf(op.Target);
        var old = Number(LoadTarget(target, op.Target), op.Target);
        if (op.IsChecked && old.Type.IsInteger) throw new Rejection(LanguageRules.Checked, op);
        var kind = op.Kind == OperationKind.Increment ? OpTable.Add : OpTable.Sub;
        var value = Emit(kind, HintOf(target), old, Const.Of(old.Type.Scalar, 1));
        StoreTarget(target, new ScalarVal(value), op.Target);
        return new ScalarVal(op.IsPostfix ? old : value);
    }

    private Val Deconstruction(IDeconstructionAssignmentOperation op)
    {
        var target = TargetOf(op.Target);
        var value = Value(op.Value);
        // (float a, int b) = (1, 2): the parts are converted on the way.
        value = ConvertParts(target, value, op);
        StoreTarget(target, value, op);
        return value;
    }

    private Val ConvertParts(Target target, Val value, IOperation where)
    {
        switch (target, value)
        {
            case (TupleTarget t, AggregateVal a) when t.Parts.Count == a.Fields.Count:
                var parts = new List<Val>();
                for (int k = 0; k < a.Fields.Count; k++) parts.Add(ConvertParts(t.Parts[k], a.Fields[k], where));
                return new AggregateVal(a.Shape, parts.ToSeq());
            case (PlaceTarget { Place: ScalarPlace p }, ScalarVal s): return new ScalarVal(Cast(s.Atom, p.Slot.Scalar, false, where, p.Slot.Name));
            case (ElementTarget e, ScalarVal s): return new ScalarVal(Cast(s.Atom, VersionOf(e.Array.Cell, where).Type.Scalar, false, where, null));
            default: return value;
        }
    }
}
