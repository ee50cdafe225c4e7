using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>
/// One scalar op, all of it in one row of <see cref="OpTable"/>: type rule, meaning, spellings, derivative and test domain.
/// Ops are compared by reference.
/// </summary>
/// <remarks>
/// Spellings are C# with placeholders. <c>{0}</c> <c>{1}</c> <c>{2}</c> are the operands, substituted as they are: the emitter
/// parenthesises what is not a primary expression (a negative literal, a nested expression). The other placeholders follow the
/// type of the <b>last</b> operand: <c>{T}</c> is its C# type, <c>{M}</c> is Math or MathF. In lanes <c>{VX}</c> and
/// <c>{VIX}</c> are the static classes of V and VI, and <c>{F}</c> is F32 or F64, the kernel's float type.
/// Spellings name VMath and Lanes (AutoVec.Cpu) and GpuMath (AutoVec.Gpu) without their namespaces; the emitted file imports them.
/// </remarks>
public sealed class Op(string name, int arity)
{
    /// <summary>The name in the IR's text form: <c>exp</c>.</summary>
    public string Name { get; } = name;
    public int Arity { get; } = arity;

    /// <summary>The infix symbol in the IR's text form, if it has one: <c>a + b</c>.</summary>
    public string? Infix { get; init; }

    /// <summary>The result's type from the operands' (scalars); throws <see cref="ArgumentException"/> where they do not fit.</summary>
    public required Func<Seq<IrType>, IrType> TypeOf { get; init; }

    /// <summary>The op's value, as C# defines it; throws what C# throws (integer division by zero).</summary>
    public required Func<Seq<Const>, Const> Evaluate { get; init; }

    /// <summary>Plain C#: <c>{M}.Exp({0})</c>.</summary>
    public required string CSharp { get; init; }

    /// <summary>
    /// C# over lanes of the kernel's float type T: operands and result are V, or masks (V with all bits set).
    /// Null where only the scalar form exists: the stage then runs element by element. See <see cref="SimdFor"/>.
    /// </summary>
    public string? Simd { get; init; }

    /// <summary>As <see cref="Simd"/>, where the last operand is i32: a VI, as many lanes as V. A comparison's result is a mask V. {A} is the mask VI of active lanes, for what throws.</summary>
    public string? SimdInt { get; init; }

    /// <summary>As <see cref="Simd"/>, where the last operand is a bool: a mask V.</summary>
    public string? SimdBool { get; init; }

    /// <summary>As <see cref="Simd"/>, where the last operand is f16: a V, its value.</summary>
    public string? SimdHalf { get; init; }

    /// <summary>C# in ILGPU's subset; null if it is <see cref="CSharp"/>.</summary>
    public string? Ilgpu { get; init; }

    /// <summary>
    /// The reverse rule: the contribution to operand k's adjoint, asked for active operands only; linear in the result's adjoint.
    /// Null: the derivative is zero everywhere (comparisons, casts to integer, floor). A constant zero: nothing to add.
    /// </summary>
    public Func<AdjointScope, int, Atom>? Adjoint { get; init; }

    /// <summary>May it be moved to where it would not have run? False only for idiv, irem, iabs, slice and the checks (they throw).</summary>
    public bool IsTotal { get; init; } = true;

    /// <summary>When it throws, if it is a check: the emitter tests this first.</summary>
    public Fault? Fault { get; init; }

    /// <summary>The interval its float operands are drawn from in tests, per operand.</summary>
    public Seq<(double Low, double High)> Domain { get; init; } = [];

    /// <summary>Largest error of the vector form that tests accept, in ulp of f32; twice this in f64.</summary>
    public double Ulp { get; init; } = 2;

    /// <summary>
    /// The lane spelling for the type of the <b>last</b> operand (a select's alternatives, a cast's source), or null: then there
    /// is none. A kernel has one float type; values of the other, and i64, have no lanes.
    /// </summary>
    public string? SimdFor(IrType last) => last.Scalar switch
    {
        Scalar.F32 or Scalar.F64 => Simd,
        Scalar.I32 => SimdInt,
        Scalar.Bool => SimdBool,
        Scalar.F16 => SimdHalf,
        _ => null,
    };

    public override string ToString() => Name;
}
