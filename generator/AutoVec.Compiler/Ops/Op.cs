using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>
/// One scalar op, all of it in one row of <see cref="OpTable"/>: type rule, meaning, spellings, derivative and test domain.
/// Ops are compared by reference.
/// </summary>
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

    /// <summary>Plain C#, <c>{0}</c> the first operand, <c>{M}</c> Math or MathF by type: <c>{M}.Exp({0})</c>.</summary>
    public required string CSharp { get; init; }

    /// <summary>
    /// C# over lanes (see docs/architecture.md, kernels): operands are vectors V, masks are V; <c>{VX}</c> the static vector class.
    /// Null where only the scalar form exists: the stage then runs element by element.
    /// </summary>
    public string? Simd { get; init; }

    /// <summary>C# in ILGPU's subset; null if it is <see cref="CSharp"/>.</summary>
    public string? Ilgpu { get; init; }

    /// <summary>
    /// Σ over the active operands is the reverse rule: the contribution to operand k's adjoint. Null: the derivative is zero
    /// everywhere (comparisons, casts to integer, floor).
    /// </summary>
    public Func<AdjointScope, int, Atom>? Adjoint { get; init; }

    /// <summary>May it be moved to where it would not have run? False only for integer division and remainder (they throw).</summary>
    public bool IsTotal { get; init; } = true;

    /// <summary>The interval its operands are drawn from in tests, per operand.</summary>
    public Seq<(double Low, double High)> Domain { get; init; } = [];

    /// <summary>Largest error of the vector form, in ulp, that tests accept.</summary>
    public double Ulp { get; init; } = 2;

    public override string ToString() => Name;
}

/// <summary>What a reverse rule sees: the adjoint of the result, the values of result and operands, and which operands are active.</summary>
public sealed record AdjointScope(Builder Builder, Atom Bar, Atom Out, Seq<Atom> Args, Seq<bool> Active);
