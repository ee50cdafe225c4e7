using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Contract;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// <c>System.Half</c> is storage. Its value lives in f32, where every half is exact, and each cast to Half rounds; so a copy, a choice or a cast to float costs
/// nothing. Where the caller holds halves, memory does (<c>Transforms/Halves</c>). What computes with halves is refused.
/// </summary>
internal sealed partial class MethodLowering
{
    /// <summary>Refuses an operator or a method of Half.</summary>
    private static void Stored(IMethodSymbol? method, IOperation where)
    {
        if (Numbers.IsHalf(method?.ContainingType)) throw new Rejection(LanguageRules.Half, where, Sources.TextOf(where.Syntax));
    }

    /// <summary>An operator of Half that casts: C# converts to its parameter first, and from its result last.</summary>
    private ScalarVal HalfCast(IConversionOperation op, IMethodSymbol method, string? hint)
    {
        ShapeOf(op.Operand.Type, op);
        ShapeOf(op.Type, op);
        var (given, taken, made) = (NumberOf(op.Operand.Type, op), NumberOf(method.Parameters[0].Type, op), NumberOf(method.ReturnType, op));
        var value = Cast(AtomOf(op.Operand), given, taken, op.IsChecked, op, hint);
        value = Cast(value, taken, made, op.IsChecked, op, hint);
        return new ScalarVal(Cast(value, made, NumberOf(op.Type, op), op.IsChecked, op, hint));
    }

    private static readonly Dictionary<string, double> s_halves = new()
    {
        ["Zero"] = 0.0, ["NegativeZero"] = -0.0, ["One"] = 1, ["NegativeOne"] = -1, ["E"] = Math.E, ["Pi"] = Math.PI, ["Tau"] = 2 * Math.PI,
        ["Epsilon"] = 1.0 / (1 << 24), ["MaxValue"] = 65504, ["MinValue"] = -65504, ["NaN"] = double.NaN,
        ["PositiveInfinity"] = double.PositiveInfinity, ["NegativeInfinity"] = double.NegativeInfinity,
    };

    /// <summary><c>Half.One</c> and its like, which are properties.</summary>
    private static ScalarVal? HalfConstant(IPropertyReferenceOperation op) =>
        op.Instance is null && Numbers.IsHalf(op.Property.ContainingType) && s_halves.TryGetValue(op.Property.Name, out double value)
            ? new ScalarVal(Const.F32((float)HalfMath.Round(value))) : null;

    /// <summary>A derivative, which was computed in floats, as its type holds it.</summary>
    private Val Rounded(Val value, Shape shape, string? hint) => (value, shape) switch
    {
        (ScalarVal s, ScalarShape { Number: Number.F16 }) => new ScalarVal(Emit(OpTable.RoundHalf, hint, s.Atom)),
        (ArrayVal a, ArrayShape { Number: Number.F16 }) => Held(Rounded(_b, VersionOf(a.Cell, _at!)), hint),
        (AggregateVal a, AggregateShape g) => new AggregateVal(a.Shape, a.Fields.Select((f, k) => Rounded(f, g.Fields[k].Shape, hint)).ToSeq()),
        _ => value,
    };

    private static Atom Rounded(Builder b, Var x) => b.Build(x.Type.Extents, (e, at) => e.Compute(OpTable.RoundHalf, e.Read(x, at)), x.Name);

    /// <summary>The body of a rule, whose cotangent is rounded to the type that it has there.</summary>
    private static Block WithHalves(IMethodSymbol rule, FunctionIr function, Builder b)
    {
        var numbers = MethodContract.Held(Shapes.Of(rule.Parameters[rule.Parameters.Length - 1].Type, out _)!).ToList();
        var rounded = new Substitution();
        for (int k = 0; k < numbers.Count; k++)
            if (numbers[k] == Number.F16 && function.Params[function.Params.Count - numbers.Count + k] is var cotangent) rounded[cotangent] = Rounded(b, cotangent);
        return rounded.IsEmpty ? function.Body : rounded.Apply(function.Body);
    }
}
