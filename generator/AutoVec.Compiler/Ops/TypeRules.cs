using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>Result types from operand types. All operands are scalars.</summary>
internal static class TypeRules
{
    /// <summary>Floats or integers, all of one type, which is the result's.</summary>
    public static IrType Number(Seq<IrType> t) => Same(t, t[0].IsFloat || t[0].IsInteger, "f32, f64, i32 or i64");
    public static IrType Float(Seq<IrType> t) => Same(t, t[0].IsFloat, "f32 or f64");
    public static IrType Integer(Seq<IrType> t) => Same(t, t[0].IsInteger, "i32 or i64");
    public static IrType Truth(Seq<IrType> t) => Same(t, t[0] == IrType.Bool, "bool");
    public static IrType Bits(Seq<IrType> t) => Same(t, t[0].IsInteger || t[0] == IrType.Bool, "i32, i64 or bool");

    public static IrType Compare(Seq<IrType> t) => Always(Number(t), IrType.Bool);
    public static IrType CompareAny(Seq<IrType> t) => Always(Same(t, true, "a scalar"), IrType.Bool);
    public static IrType ToI32(Seq<IrType> t) => Always(Integer(t), IrType.I32);
    public static IrType Test(Seq<IrType> t) => Always(Float(t), IrType.Bool);

    /// <summary>As C#'s shifts: the count is an i32, whatever is shifted.</summary>
    public static IrType Shift(Seq<IrType> t) =>
        t.Count == 2 && t[1] == IrType.I32 ? Integer([t[0]]) : throw Misfit(t, "an integer and an i32");

    public static IrType Select(Seq<IrType> t) =>
        t.Count == 3 && t[0] == IrType.Bool ? Same([t[1], t[2]], true, "a scalar") : throw Misfit(t, "a bool and two scalars of one type");

    /// <summary>Lengths and positions.</summary>
    public static IrType Extents(Seq<IrType> t) => Same(t, t[0] == IrType.I32, "i32");

    public static Func<Seq<IrType>, IrType> Cast(IrType to) => t => Always(Number(t), to);

    public static IrType Exactly(Seq<IrType> t, IrType from, IrType to) => t.Count == 1 && t[0] == from ? to : throw Misfit(t, $"{from}");

    /// <summary>To f32, also of what f16 memory holds.</summary>
    public static IrType ToF32(Seq<IrType> t) => t.Count == 1 && t[0] == IrType.F16 ? IrType.F32 : Always(Number(t), IrType.F32);

    private static IrType Always(IrType operand, IrType result) => operand is null ? throw new ArgumentNullException(nameof(operand)) : result;

    private static IrType Same(Seq<IrType> t, bool fits, string what) =>
        fits && t.All(u => u == t[0] && !u.IsArray) ? t[0]
            : throw Misfit(t, t.Count == 1 ? what : $"{t.Count} operands of one type, {what}");

    private static ArgumentException Misfit(Seq<IrType> t, string what) => new($"the operands are ({t}), expected {what}");
}
