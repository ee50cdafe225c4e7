using System.Globalization;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>A number of bytes as a sum of products of extents: <c>8·d + 4</c>.</summary>
internal sealed record ByteCount(Seq<(long Factor, Seq<Atom> Extents)> Terms)
{
    public static readonly ByteCount None = new([]);

    public static ByteCount Of(IrType type) => None.Plus(type.Scalar switch
    {
        Scalar.F64 or Scalar.I64 => 8,
        Scalar.F16 => 2,
        Scalar.Bool => 1,
        _ => 4,
    }, type.Extents);

    public static ByteCount Sum(IEnumerable<IrType> types) => types.Select(Of).Aggregate(None, (a, b) => a.Plus(b));

    public ByteCount Plus(ByteCount other) => other.Terms.Aggregate(this, (sum, t) => sum.Plus(t.Factor, t.Extents));

    /// <summary>Once for each of <paramref name="trips"/>.</summary>
    public ByteCount Times(Atom trips) => Terms.Aggregate(None, (sum, t) => sum.Plus(t.Factor, t.Extents.Add(trips)));

    private ByteCount Plus(long factor, Seq<Atom> extents)
    {
        foreach (var c in extents.OfType<Const>()) factor *= Math.Max(0, c.AsLong);
        var names = extents.Where(e => e is not Const).OrderBy(e => e.ToString(), StringComparer.Ordinal).ToSeq();
        int same = Terms.ToList().FindIndex(t => t.Extents == names);
        return new(same < 0 ? Terms.Add((factor, names)) : Terms.With(same, (Terms[same].Factor + factor, names)));
    }

    public bool IsConstant => Terms.All(t => t.Extents.IsEmpty);

    /// <summary>Where <see cref="IsConstant"/>.</summary>
    public long Constant => Terms.Sum(t => t.Factor);

    /// <summary>The cast of a count to a float type.</summary>
    public static Op To(Scalar real) => real == Scalar.F32 ? OpTable.ToF32 : OpTable.ToF64;

    /// <summary>Appends what computes it, as a float: no product of extents overflows there.</summary>
    public Atom Emit(Builder b, Scalar real)
    {
        Atom? sum = null;
        foreach (var (factor, extents) in Terms)
        {
            Atom term = Const.Of(real, factor);
            foreach (var e in extents) term = b.Compute(OpTable.Mul, term, b.Compute(To(real), e, "count"), "bytes");
            sum = sum is null ? term : b.Compute(OpTable.Add, sum, term, "bytes");
        }
        return sum ?? Const.Of(real, 0);
    }

    public override string ToString() => Terms.IsEmpty ? "0" : string.Join(" + ", Terms.Select(t =>
        string.Join("·", new[] { t.Factor.ToString(CultureInfo.InvariantCulture) }.Concat(t.Extents.Select(e => ((Var)e).Base)))));
}
