namespace AutoVec.Compiler.Ops;

/// <summary>When an op that is a check throws, and what it says.</summary>
/// <param name="Condition">C# over the operands, each a name or a literal: it throws where this holds.</param>
/// <param name="Lanes">The condition over lanes of floats, a mask; null: no lanes.</param>
/// <param name="LanesInt">As <paramref name="Lanes"/>, over lanes of int.</param>
public sealed record Fault(FaultKind Kind, string Condition, string? Lanes = null, string? LanesInt = null);

/// <summary>What generated code may throw by itself.</summary>
public enum FaultKind
{
    /// <summary>An index outside its array.</summary>
    Index,

    /// <summary>The length of a new array is negative, or more than an int holds.</summary>
    Length,

    /// <summary>A clamp's lower bound is above its upper one.</summary>
    Bounds,

    /// <summary>A NaN where C# asks for its sign.</summary>
    NotANumber,

    /// <summary>A checked operation overflows.</summary>
    Overflow,

    /// <summary>A NaN, or an infinity that comes of finite numbers: debug mode only.</summary>
    NotFinite,

    /// <summary>Samples of a batch have results of different lengths.</summary>
    Lengths,
}
