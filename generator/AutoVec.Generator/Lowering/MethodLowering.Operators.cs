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
        if (op.IsLifted) throw new Rejection(LanguageRules.Type, op, op.LeftOperand.Type?.ToDisplayString() ?? "?", "there is no null in batched code");
        if (op.OperatorMethod is { } method && !IsBuiltIn(method))
            return Inline(method, [Value(op.LeftOperand), Value(op.RightOperand)], op);
        if (op.OperatorKind == BinaryOperatorKind.ConditionalAnd)
            return new ScalarVal(AndAlso(Condition(op.LeftOperand), () => Condition(op.RightOperand), hint));
        if (op.OperatorKind == BinaryOperatorKind.ConditionalOr)
            return new ScalarVal(OrElse(Condition(op.LeftOperand), () => Condition(op.RightOperand), hint));
        if (op.Type is not null) ShapeOf(op.Type, op);
        ShapeOf(op.LeftOperand.Type, op.LeftOperand);
        ShapeOf(op.RightOperand.Type, op.RightOperand);
        var left = AtomOf(op.LeftOperand);
        var right = AtomOf(op.RightOperand);
        return new ScalarVal(Arithmetic(op.OperatorKind, left, right, op.IsChecked, op, hint));
    }

    private Atom Arithmetic(BinaryOperatorKind kind, Atom left, Atom right, bool isChecked, IOperation where, string? hint)
    {
        bool integer = left.Type.IsInteger;
        bool mayOverflow = integer && (kind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply);
        if (isChecked && mayOverflow) throw new Rejection(LanguageRules.Checked, where);
        var op = kind switch
        {
            BinaryOperatorKind.Add => OpTable.Add,
            BinaryOperatorKind.Subtract => OpTable.Sub,
            BinaryOperatorKind.Multiply => OpTable.Mul,
            BinaryOperatorKind.Divide => integer ? OpTable.IntDiv : OpTable.Div,
            BinaryOperatorKind.Remainder => integer ? OpTable.IntRem : OpTable.Rem,
            BinaryOperatorKind.And => OpTable.And,
            BinaryOperatorKind.Or => OpTable.Or,
            BinaryOperatorKind.ExclusiveOr => OpTable.Xor,
            BinaryOperatorKind.LeftShift => OpTable.Shl,
            BinaryOperatorKind.RightShift => OpTable.Shr,
            BinaryOperatorKind.UnsignedRightShift => OpTable.UShr,
            _ => Comparison(kind, where),
        };
        return Emit(op, hint, left, right);
    }

    private static Op Comparison(BinaryOperatorKind kind, IOperation where) => kind switch
    {
        BinaryOperatorKind.Equals => OpTable.Eq,
        BinaryOperatorKind.NotEquals => OpTable.Ne,
        BinaryOperatorKind.LessThan => OpTable.Lt,
        BinaryOperatorKind.LessThanOrEqual => OpTable.Le,
        BinaryOperatorKind.GreaterThan => OpTable.Gt,
        BinaryOperatorKind.GreaterThanOrEqual => OpTable.Ge,
        _ => throw Unsupported(where, "this operator has no meaning for numbers"),
    };

    private Val Unary(IUnaryOperation op, string? hint)
    {
        if (op.OperatorMethod is { } method && !IsBuiltIn(method)) return Inline(method, [Value(op.Operand)], op);
        ShapeOf(op.Type, op);
        var x = AtomOf(op.Operand);
        if (op.IsChecked && op.OperatorKind == UnaryOperatorKind.Minus && x.Type.IsInteger) throw new Rejection(LanguageRules.Checked, op);
        return new ScalarVal(op.OperatorKind switch
        {
            UnaryOperatorKind.Plus => x,
            UnaryOperatorKind.Minus => Emit(OpTable.Neg, hint, x),
            UnaryOperatorKind.Not when x.Type == IrType.Bool => Emit(OpTable.Not, hint, x),
            UnaryOperatorKind.Not or UnaryOperatorKind.BitwiseNegation => Emit(OpTable.BitNot, hint, x),
            _ => throw Unsupported(op, "this operator has no meaning for numbers"),
        });
    }

    private Val Conversion(IConversionOperation op, string? hint)
    {
        if (CloneOf(op.Operand) is { } original) return Clone(original, hint ?? "copy");
        if (op.OperatorMethod is { } method && !IsBuiltIn(method)) return Inline(method, [Value(op.Operand)], op);
        var target = ShapeOf(op.Type, op);
        return Convert(Value(op.Operand, hint), target, op.IsChecked, op, hint);
    }

    private Val Convert(Val value, Shape target, bool isChecked, IOperation where, string? hint)
    {
        switch (value, target)
        {
            case (ScalarVal s, ScalarShape t): return new ScalarVal(Cast(s.Atom, t.Scalar, isChecked, where, hint));
            case (ArrayVal or NoVal, ArrayShape): return value;   // an array as a span is the same memory
            case (AggregateVal a, AggregateShape t) when a.Fields.Count == t.Fields.Count:
                var fields = new List<Val>();
                for (int k = 0; k < a.Fields.Count; k++) fields.Add(Convert(a.Fields[k], t.Fields[k].Shape, isChecked, where, hint));
                return new AggregateVal(t, fields.ToSeq());
            default: throw Unsupported(where, "this conversion has no meaning here");
        }
    }

    private Atom Cast(Atom value, Scalar to, bool isChecked, IOperation where, string? hint)
    {
        var from = value.Type.Scalar;
        if (from == to) return value;
        if (from == Scalar.Bool || to == Scalar.Bool) throw Unsupported(where, "write x != 0, or c ? 1 : 0");
        bool narrows = to == Scalar.I32 || to == Scalar.I64 && from != Scalar.I32;
        if (isChecked && narrows) throw new Rejection(LanguageRules.Checked, where);
        return Emit(to switch
        {
            Scalar.F32 => OpTable.ToF32,
            Scalar.F64 => OpTable.ToF64,
            Scalar.I32 => OpTable.ToI32,
            _ => OpTable.ToI64,
        }, hint, value);
    }

    /// <summary>An operator of the language itself, or of System (spans), not one that somebody wrote.</summary>
    private static bool IsBuiltIn(IMethodSymbol method) =>
        method.MethodKind == MethodKind.BuiltinOperator || method.ContainingType.SpecialType != SpecialType.None
        || method.ContainingType.Name is "Span" or "ReadOnlySpan" && method.ContainingNamespace.Name == "System";
}
