namespace AutoVec.Compiler.Ir;

/// <summary>
/// The element types of the IR; the printed names are f32, f64, i32, i64, bool, f16. An f16 is memory: it is read, cast to f32, and written
/// (<see cref="Transforms.Halves.Halves"/>); nothing computes with it.
/// </summary>
public enum Scalar { F32, F64, I32, I64, Bool, F16 }

/// <summary>
/// A scalar, or a dense row-major array of scalars. An extent is an i32 atom: two extents are equal iff they are the same
/// name or the same constant, so every proof of equal shapes is a comparison of names.
/// </summary>
public sealed record IrType(Scalar Scalar, Seq<Atom> Extents)
{
    public static readonly IrType F32 = new(Scalar.F32, []);
    public static readonly IrType F64 = new(Scalar.F64, []);
    public static readonly IrType I32 = new(Scalar.I32, []);
    public static readonly IrType I64 = new(Scalar.I64, []);
    public static readonly IrType Bool = new(Scalar.Bool, []);
    public static readonly IrType F16 = new(Scalar.F16, []);

    public int Rank => Extents.Count;
    public bool IsArray => Extents.Count > 0;

    /// <summary>Is it a number to compute with, that may have a derivative?</summary>
    public bool IsFloat => Scalar is Scalar.F32 or Scalar.F64;
    public bool IsInteger => Scalar is Scalar.I32 or Scalar.I64;

    private static readonly IrType[] s_scalars = [F32, F64, I32, I64, Bool, F16];

    /// <summary>The type of a scalar.</summary>
    public static IrType Of(Scalar scalar) => s_scalars[(int)scalar];

    /// <summary>The type of one element.</summary>
    public IrType Element => Of(Scalar);

    /// <summary>An array of <paramref name="leading"/> × this.</summary>
    public IrType Under(IEnumerable<Atom> leading) => new(Scalar, [.. leading, .. Extents]);

    public override string ToString() =>
        Scalar.ToString().ToLowerInvariant() + (IsArray ? $"[{Extents}]" : "");
}
