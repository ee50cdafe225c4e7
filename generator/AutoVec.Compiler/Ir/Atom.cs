using System.Globalization;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Ir;

/// <summary>What a statement may read: a <see cref="Var"/>, a <see cref="Const"/>, or, in an index only, <see cref="All"/>.</summary>
public abstract class Atom
{
    public abstract IrType Type { get; }
}

/// <summary>
/// A name with its type. Bound names are unique in the whole function (the binder and every use carry the same type),
/// hence equality is equality of names and all analyses are flat maps.
/// </summary>
public sealed class Var(string name, IrType type) : Atom, IEquatable<Var>
{
    /// <summary>Every analysis is a map by name.</summary>
    private readonly int _hash = name.GetHashCode();
    private string? _base;

    public string Name { get; } = name;
    public override IrType Type { get; } = type;

    /// <summary>The name without its counter: <c>h</c> of <c>h.12</c>. Copies keep it, so it leads back to the source.</summary>
    public string Base => _base ??= Names.BaseOf(Name);

    public bool Equals(Var? other) => ReferenceEquals(this, other) || other is not null && _hash == other._hash && Name == other.Name;
    public override bool Equals(object? obj) => obj is Var other && Equals(other);
    public override int GetHashCode() => _hash;

    /// <summary>The text form: the name, quoted where a constant is spelled like it.</summary>
    public override string ToString() => Name[0] is not ('t' or 'f' or 'n' or 'u' or 'i') && char.IsLetter(Name[0]) || Lexer.Constant(Name) is null ? Name : $"`{Name}`";
}

/// <summary>A scalar constant. Compared by bits: NaN equals itself, 0.0 and -0.0 differ.</summary>
public sealed class Const : Atom, IEquatable<Const>
{
    private readonly long _bits;

    private Const(Scalar scalar, long bits, bool isNothing = false)
    {
        _bits = bits;
        IsNothing = isNothing;
        Type = IrType.Of(scalar);
    }

    public override IrType Type { get; }
    public Scalar Scalar => Type.Scalar;

    public static Const F64(double value) => new(Scalar.F64, BitConverter.DoubleToInt64Bits(value));
    public static Const F32(float value) => new(Scalar.F32, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Rounded to the nearest half, ties to even.</summary>
    public static Const F16(double value) => new(Scalar.F16, BitConverter.DoubleToInt64Bits(HalfMath.Round(value)));
    public static Const I32(int value) => new(Scalar.I32, value);
    public static Const I64(long value) => new(Scalar.I64, value);
    public static Const Bool(bool value) => new(Scalar.Bool, value ? 1 : 0);

    /// <summary>
    /// What an array holds that is written before it is read, entry by entry: a fill with it is room and no more. Of floats a NaN of its own, <c>undef</c>,
    /// so that what does read it is found out by the interpreter; of other types 0.
    /// </summary>
    public static Const Undefined(Scalar scalar) => scalar is Scalar.F32 or Scalar.F64 ? new(scalar, UndefinedBits) : Of(scalar, 0);

    /// <summary>
    /// The 0 that a derivative has along what was not chosen, <c>nothing</c>: it adds nothing to a sum, whatever it is multiplied by. A 0 of the program's own times infinity is NaN.
    /// </summary>
    public static Const Nothing(Scalar scalar) => new(scalar, 0, isNothing: true);

    public bool IsNothing { get; }

    private const long UndefinedBits = 0x7FF8_0000_756E_6465;

    public bool IsUndefined => Type.IsFloat && _bits == UndefinedBits;

    /// <summary>The number <paramref name="value"/> in the given scalar type (rounded for f32 and f16, nonzero is true for bool).</summary>
    public static Const Of(Scalar scalar, double value) => scalar switch
    {
        Scalar.F32 => F32((float)value),
        Scalar.F64 => F64(value),
        Scalar.I32 => I32(checked((int)value)),
        Scalar.I64 => I64(checked((long)value)),
        Scalar.F16 => F16(value),
        _ => Bool(value != 0),
    };

    public double AsDouble => HoldsFloat ? BitConverter.Int64BitsToDouble(_bits) : _bits;
    private bool HoldsFloat => Type.IsFloat || Scalar == Scalar.F16;
    public long AsLong => _bits;
    public int AsInt => checked((int)_bits);
    public bool AsBool => _bits != 0;

    /// <summary>Is this the number <paramref name="value"/>? False for booleans; distinguishes the sign of zero.</summary>
    public bool Is(double value) =>
        Scalar != Scalar.Bool && (HoldsFloat ? _bits == BitConverter.DoubleToInt64Bits(value) : _bits == value);

    public bool Equals(Const? other) => other is not null && _bits == other._bits && Scalar == other.Scalar && IsNothing == other.IsNothing;
    public override bool Equals(object? obj) => obj is Const other && Equals(other);
    public override int GetHashCode() => unchecked(_bits.GetHashCode() * 31 + (int)Scalar);

    /// <summary>The text form: <c>2</c> i32, <c>2L</c> i64, <c>2.0</c> f64, <c>2.0f</c> f32, <c>2.0h</c> f16, <c>inf nan nothing inff nanf nothingf</c>, <c>true</c>.</summary>
    public override string ToString()
    {
        switch (Scalar)
        {
            case Scalar.Bool: return AsBool ? "true" : "false";
            case Scalar.I32: return _bits.ToString(CultureInfo.InvariantCulture);
            case Scalar.I64: return _bits.ToString(CultureInfo.InvariantCulture) + "L";
        }
        double d = AsDouble;
        string suffix = Scalar switch { Scalar.F32 => "f", Scalar.F16 => "h", _ => "" };
        if (IsNothing) return "nothing" + suffix;
        if (double.IsNaN(d)) return (IsUndefined ? "undef" : "nan") + suffix;
        if (double.IsInfinity(d)) return (d > 0 ? "inf" : "-inf") + suffix;
        if (d == 0) return (1 / d < 0 ? "-0.0" : "0.0") + suffix;
        string text = Scalar == Scalar.F32
            ? ((float)d).ToString("R", CultureInfo.InvariantCulture)
            : d.ToString("R", CultureInfo.InvariantCulture);
        return (text.IndexOfAny(['.', 'E', 'e']) < 0 ? text + ".0" : text) + suffix;
    }
}

/// <summary>The whole dimension, printed <c>:</c>; allowed as an entry of an index.</summary>
public sealed class All : Atom
{
    public static readonly All Dimension = new();
    private All() { }
    public override IrType Type => IrType.I32;
    public override string ToString() => ":";
}
