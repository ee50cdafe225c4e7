using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>Operators and casts. Roslyn has made promotions explicit: both operands have the operation's type.</summary>
internal sealed partial class MethodLowering
{
    private Val Binary(IBinaryOperation op, string? hint)
    {
        Stored(op.OperatorMethod, op);
        if (op.IsLifted) throw new Rejection(LanguageRules.Type, op, op.LeftOperand.Type?.ToDisplayString() ?? "?", "there is no null in batched code");
        if (op.OperatorMethod is { } method && !IsBuiltIn(method))
        {
            Seq<Val> values = [Value(op.LeftOperand), Value(op.RightOperand)];
            // The equality of records that the compiler writes.
            if (method is { IsImplicitlyDeclared: true, ContainingType: { IsRecord: true, IsValueType: true } record } && !record.GetMembers("Equals").Any(m => !m.IsImplicitlyDeclared))
                return new ScalarVal(Negated(EqualParts(values[0], values[1], asEquals: true, op), method.Name == "op_Inequality"));
            return Inline(method, values, op);
        }
        if (op.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals && (NullTest(op.LeftOperand, op.RightOperand) ?? NullTest(op.RightOperand, op.LeftOperand)) is { } isNull)
            return new ScalarVal(Negated(isNull, op.OperatorKind == BinaryOperatorKind.NotEquals));
        if (op.OperatorKind == BinaryOperatorKind.ConditionalAnd)
            return new ScalarVal(AndAlso(Condition(op.LeftOperand), () => Condition(op.RightOperand), hint));
        if (op.OperatorKind == BinaryOperatorKind.ConditionalOr)
            return new ScalarVal(OrElse(Condition(op.LeftOperand), () => Condition(op.RightOperand), hint));
        if (op.Type is not null) ShapeOf(op.Type, op);
        ShapeOf(op.LeftOperand.Type, op.LeftOperand);
        ShapeOf(op.RightOperand.Type, op.RightOperand);
        var left = AtomOf(op.LeftOperand);
        var right = AtomOf(op.RightOperand);
        return new ScalarVal(Arithmetic(op.OperatorKind, NumberOf(op.LeftOperand.Type, op.LeftOperand), left, right, op.IsChecked, op, hint));
    }

    /// <summary>x == null for an array or a tree.</summary>
    private Atom? NullTest(IOperation value, IOperation isNull)
    {
        if (isNull.ConstantValue is not { HasValue: true, Value: null }) return null;
        if (value is IConversionOperation { OperatorMethod: null } c) value = c.Operand;
        return IsNull(Value(value), value);
    }

    private ScalarVal TupleComparison(ITupleBinaryOperation op)
    {
        var left = Value(op.LeftOperand);
        var right = Value(op.RightOperand);
        return new ScalarVal(Negated(EqualParts(left, right, asEquals: false, op), op.OperatorKind == BinaryOperatorKind.NotEquals));
    }

    private Atom Negated(Atom a, bool negated) => negated ? Emit(OpTable.Not, "c", a) : a;

    private Val Unary(IUnaryOperation op, string? hint)
    {
        Stored(op.OperatorMethod, op);
        if (op.OperatorMethod is { } method && !IsBuiltIn(method)) return Inline(method, [Value(op.Operand)], op);
        ShapeOf(op.Type, op);
        var x = AtomOf(op.Operand);
        var type = NumberOf(op.Type, op);
        if (op.IsChecked && op.OperatorKind == UnaryOperatorKind.Minus && x.Type.IsInteger)
            return new ScalarVal(Checked(BinaryOperatorKind.Subtract, type, Zero(x.Type.Scalar), x, op, hint));
        return new ScalarVal(op.OperatorKind switch
        {
            UnaryOperatorKind.Plus => x,
            UnaryOperatorKind.Minus => Emit(OpTable.Neg, hint, x),
            UnaryOperatorKind.Not when x.Type == IrType.Bool => Emit(OpTable.Not, hint, x),
            UnaryOperatorKind.Not or UnaryOperatorKind.BitwiseNegation => type.Held() == Scalar.I32 ? Wrapped(Emit(OpTable.BitNot, hint, x), type, hint) : Emit(OpTable.BitNot, hint, x),
            _ => throw Unsupported(op, "this operator has no meaning for numbers"),
        });
    }

    private Val Conversion(IConversionOperation op, string? hint)
    {
        if (CloneOf(op.Operand) is { } original) return Clone(original, hint ?? "copy");
        if (op.OperatorMethod is { } method && Numbers.IsHalf(method.ContainingType)) return HalfCast(op, method, hint);
        if (op.OperatorMethod is { } written && !IsBuiltIn(written)) return Inline(written, [Value(op.Operand)], op);
        var target = ShapeOf(op.Type, op);
        return Convert(Value(op.Operand, hint), ShapeOf(op.Operand.Type, op.Operand), target, op.IsChecked, op, hint);
    }

    private Val Convert(Val value, Shape source, Shape target, bool isChecked, IOperation where, string? hint)
    {
        switch (value, source, target)
        {
            case (ScalarVal s, ScalarShape f, ScalarShape t): return new ScalarVal(Cast(s.Atom, f.Number, t.Number, isChecked, where, hint));
            case (ArrayVal or NoVal, _, ArrayShape): return value;   // an array as a span is the same memory
            case (JaggedVal or NoVal, _, JaggedShape): return value;
            case (StructsVal or NoVal, _, StructsShape): return value;
            case (FunctionVal, FunctionShape, FunctionShape): return value;
            case (AggregateVal a, AggregateShape f, AggregateShape t) when f.Fields.Count == t.Fields.Count:
                var fields = new List<Val>();
                for (int k = 0; k < a.Fields.Count; k++) fields.Add(Convert(a.Fields[k], f.Fields[k].Shape, t.Fields[k].Shape, isChecked, where, hint));
                return new AggregateVal(t, fields.ToSeq());
            default: throw Unsupported(where, "this conversion has no meaning here");
        }
    }

    /// <summary>An operator of the language itself, or of System (spans), not one that somebody wrote.</summary>
    private static bool IsBuiltIn(IMethodSymbol method) =>
        method.MethodKind == MethodKind.BuiltinOperator || method.ContainingType.SpecialType != SpecialType.None
        || method.ContainingType.Name is "Span" or "ReadOnlySpan" && method.ContainingNamespace.Name == "System";
}
