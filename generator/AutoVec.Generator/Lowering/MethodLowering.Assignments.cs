using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>Assignments. The target (its array and indices) is evaluated before the value, as C# does.</summary>
internal sealed partial class MethodLowering
{
    /// <summary>What stands left of an assignment.</summary>
    private abstract class Target;
    private sealed class PlaceTarget(Place place, string name, Number? number) : Target
    {
        public Number? Number { get; } = number;
        public Place Place { get; } = place;
        public string Name { get; } = name;
    }

    private sealed class ElementTarget(ArrayVal array, Seq<Atom> index, Number? number) : Target
    {
        public Number? Number { get; } = number;
        public ArrayVal Array { get; } = array;
        public Seq<Atom> Index { get; } = index;
    }

    private sealed class RowTarget(JaggedVal array, Atom index) : Target
    {
        public JaggedVal Array { get; } = array;
        public Atom Index { get; } = index;
    }

    /// <summary>A property or an element behind an indexer, set by code.</summary>
    private sealed class SetterTarget(AggregatePlace self, IPropertySymbol property, Seq<Val> index) : Target
    {
        public AggregatePlace Self { get; } = self;
        public IPropertySymbol Property { get; } = property;
        public Seq<Val> Index { get; } = index;
    }

    private sealed class TupleTarget(Seq<Target> parts) : Target { public Seq<Target> Parts { get; } = parts; }
    private sealed class Discard : Target;

    private Target TargetOf(IOperation op)
    {
        switch (op)
        {
            case ILocalReferenceOperation l:
                if (l.IsDeclaration && !_places.ContainsKey(l.Local)) Declare(l.Local, ShapeOf(l.Local.Type, op));
                return Named(PlaceOf(l.Local, op), BaseOf(l.Local), op);
            case IParameterReferenceOperation p: return Named(PlaceOf(p.Parameter, op), BaseOf(p.Parameter), op);
            case IParenthesizedOperation p: return TargetOf(p.Operand);
            case IInstanceReferenceOperation when Here.Self is { } self: return new PlaceTarget(self, "self", null);
            case IDiscardOperation: return new Discard();
            case IDeclarationExpressionOperation d: return TargetOf(d.Expression);
            case ITupleOperation t: return new TupleTarget(t.Elements.Select(TargetOf).ToSeq());
            case IArrayElementReferenceOperation e:
                var held = Value(e.ArrayReference);
                if (held is JaggedVal rows) return new RowTarget(rows, RowIndex(rows, e.Indices[0], e));
                return TargetIn(held, e.ArrayReference, e.Indices, e);
            case IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } span } p when ShapeOf(span.Type, span) is ArrayShape or StructsShape:
                return TargetIn(Value(span), span, p.Arguments.Select(a => a.Value), p);
            case IImplicitIndexerReferenceOperation { Instance: { } from } fromEnd when ShapeOf(from.Type, from) is ArrayShape or StructsShape && !IsRange(fromEnd.Argument):
                return TargetIn(Value(from), from, [fromEnd.Argument], fromEnd);
            case IFieldReferenceOperation { Instance: null } f: throw new Rejection(StateRules.FieldWrite, f, f.Field.Name);
            case IPropertyReferenceOperation { Instance: null } p: throw new Rejection(StateRules.FieldWrite, p, p.Property.Name);
            case IPropertyReferenceOperation { Instance: { } owner, Property: { SetMethod: { } set } property } p when Sources.HasBody(set):
                if (TargetOf(owner) is not PlaceTarget { Place: AggregatePlace { Shape.IsImmutable: false } changed }) goto default;
                return new SetterTarget(changed, property, p.Arguments.Select(a => Value(a.Value)).ToSeq());
            case IMemberReferenceOperation { Instance: { } instance } m:
                if (TargetOf(instance) is PlaceTarget { Place: AggregatePlace { Shape.IsImmutable: false } whole } && whole.Shape.IndexOf(m.Member) is >= 0 and var k)
                    return new PlaceTarget(whole.Fields[k], m.Member.Name, Numbers.Of(op.Type));
                throw Unsupported(op, "only fields of local structs and of elements are assigned; make a new value with 'with'");
            default: throw Unsupported(op, "only variables, fields of local structs and array elements are assigned");
        }
    }

    private Target TargetIn(Val held, IOperation array, IEnumerable<IOperation> indices, IOperation element)
    {
        var index = Indices(Elements(held, array), indices, element);
        return held is StructsVal s ? new PlaceTarget(PlaceOfElement(s, index), Sources.TextOf(element.Syntax), null)
            : new ElementTarget(Memory(held, array), index, Numbers.Of(element.Type));
    }

    private static Target Named(Place place, string name, IOperation op) =>
        place is ElementPlace e ? new ElementTarget(e.Array, e.Index, Numbers.Of(op.Type)) : new PlaceTarget(place, name, Numbers.Of(op.Type));

    private Val LoadTarget(Target target, IOperation where) => target switch
    {
        PlaceTarget p => Load(p.Place, where, p.Name),
        ElementTarget e => new ScalarVal(ReadElement(e.Array, e.Index, where, null)),
        RowTarget r => RowOf(r.Array, r.Index, where),
        SetterTarget s => Got(s, where),
        _ => throw Unsupported(where, "it has no value"),
    };

    private void StoreTarget(Target target, Val value, IOperation where)
    {
        switch (target)
        {
            case PlaceTarget p: Store(p.Place, value, where); break;
            case ElementTarget e: WriteElement(e.Array, e.Index, AtomIn(value, where), where); break;
            case RowTarget r: StoreRow(r.Array, r.Index, value, where); break;
            case SetterTarget s: Accessed(s.Property.SetMethod!, s.Index.Add(value), where, s.Self); break;
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
        if (op.IsRef) throw Unsupported(op, "a 'ref' variable that comes to mean another one is a second name for both; use the variables themselves");
        var target = TargetOf(op.Target);
        var value = Value(op.Value, HintOf(target) ?? hint);
        StoreTarget(target, value, op.Target);
        return target is RowTarget row ? RowOf(row.Array, row.Index, op) : value;
    }

    private Val Compound(ICompoundAssignmentOperation op)
    {
        Stored(op.OperatorMethod, op);
        var target = TargetOf(op.Target);
        var old = LoadTarget(target, op.Target);
        if (op.OperatorMethod is { } method && !IsBuiltIn(method))
        {
            var sum = Inline(method, [old, Value(op.Value)], op);
            StoreTarget(target, sum, op.Target);
            return sum;
        }
        var right = AtomOf(op.Value);
        var left = AtomIn(old, op.Target);
        var type = NumberOf(op.Target.Type, op.Target);
        bool shift = op.OperatorKind is BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift or BinaryOperatorKind.UnsignedRightShift;
        // Small integers are shifted as ints; everything else is computed in the type of the right side.
        var common = !shift ? NumberOf(op.Value.Type, op.Value) : type is Number.I64 or Number.U32 or Number.U64 ? type : Number.I32;
        left = Cast(left, type, common, false, op, null);
        var result = Arithmetic(op.OperatorKind, common, left, right, op.IsChecked, op, HintOf(target));
        var value = new ScalarVal(Cast(result, common, type, op.IsChecked, op, HintOf(target)));
        StoreTarget(target, value, op.Target);
        return value;
    }

    private Val Increment(IIncrementOrDecrementOperation op)
    {
        Stored(op.OperatorMethod, op);
        var target = TargetOf(op.Target);
        var old = AtomIn(LoadTarget(target, op.Target), op.Target);
        var kind = op.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
        var type = NumberOf(op.Target.Type, op.Target);
        var common = type.Held() == Scalar.I32 && !type.IsUnsigned() ? Number.I32 : type;
        var value = Arithmetic(kind, common, old, Const.Of(old.Type.Scalar, 1), op.IsChecked, op, HintOf(target));
        value = Cast(value, common, type, op.IsChecked, op, HintOf(target));
        StoreTarget(target, new ScalarVal(value), op.Target);
        return new ScalarVal(op.IsPostfix ? old : value);
    }

    private Val Deconstruction(IDeconstructionAssignmentOperation op)
    {
        if (ExchangesRows(op)) return NoVal.Instance;
        ByFields(op.Syntax, op);
        var target = TargetOf(op.Target);
        var value = Value(op.Value);
        // (float a, int b) = (1, 2): the parts are converted on the way.
        value = ConvertParts(target, value, ShapeOf(op.Value.Type, op.Value), op);
        StoreTarget(target, value, op);
        return value;
    }

    private static bool IsWritten(IMethodSymbol? deconstruct) =>
        deconstruct is { IsImplicitlyDeclared: false, DeclaringSyntaxReferences.Length: > 0 } or { IsExtensionMethod: true };

    /// <summary>Parts are fields in their order; a <c>Deconstruct</c> that somebody wrote may give others.</summary>
    private void ByFields(SyntaxNode syntax, IOperation where)
    {
        static bool IsByHand(DeconstructionInfo d) => IsWritten(d.Method) || d.Nested.Any(IsByHand);
        var model = _compilation.ModelOf(syntax.SyntaxTree);
        var info = syntax is AssignmentExpressionSyntax a ? model.GetDeconstructionInfo(a) : syntax is ForEachVariableStatementSyntax f ? model.GetDeconstructionInfo(f) : default;
        if (IsByHand(info)) throw Unsupported(where, "a 'Deconstruct' method is not called; read the parts by name");
    }

    private Val ConvertParts(Target target, Val value, Shape shape, IOperation where)
    {
        switch (target, value)
        {
            case (TupleTarget t, AggregateVal a) when t.Parts.Count == a.Fields.Count:
                var parts = new List<Val>();
                for (int k = 0; k < a.Fields.Count; k++) parts.Add(ConvertParts(t.Parts[k], a.Fields[k], a.Shape.Fields[k].Shape, where));
                return new AggregateVal(a.Shape, parts.ToSeq());
            case (PlaceTarget { Number: { } to } p, ScalarVal s) when shape is ScalarShape from: return new ScalarVal(Cast(s.Atom, from.Number, to, false, where, p.Name));
            case (SetterTarget p, ScalarVal s) when shape is ScalarShape from: return new ScalarVal(Cast(s.Atom, from.Number, NumberOf(p.Property.Type, where), false, where, p.Property.Name));
            case (ElementTarget { Number: { } to }, ScalarVal s) when shape is ScalarShape from: return new ScalarVal(Cast(s.Atom, from.Number, to, false, where, null));
            default: return value;
        }
    }
}
