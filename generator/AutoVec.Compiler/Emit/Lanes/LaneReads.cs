using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Lanes;

/// <summary>How the lanes of a vector read one array.</summary>
internal enum LaneAccess
{
    /// <summary>All lanes the same element.</summary>
    Uniform,

    /// <summary>Neighbours in memory.</summary>
    Contiguous,

    /// <summary>Neighbours in memory, the last one first.</summary>
    Reversed,

    /// <summary>Elements at a fixed distance.</summary>
    Strided,

    /// <summary>Data decides where.</summary>
    Gather,
}

/// <summary>
/// The address of a read over lanes. Each index is uniform, or affine in the lane variable (<c>Lane</c> holds the coefficient),
/// or one of <see cref="Data"/>.
/// </summary>
internal sealed record LaneRead(LaneAccess Access, Seq<long> Lane, Seq<int> Data)
{
    public static LaneRead Of(Seq<Atom> index, Seq<Seq<Atom>> strides, Var lane, Func<Atom, bool> varies, IReadOnlyDictionary<Var, Stmt> definitions)
    {
        var coefficients = new long[index.Count];
        var data = new List<int>();
        for (int d = 0; d < index.Count; d++)
        {
            if (!varies(index[d])) continue;
            if (AffineIn(index[d], lane, varies, definitions) is { } form) coefficients[d] = form.Terms[lane];
            else data.Add(d);
        }
        var access = data.Count > 0 ? LaneAccess.Gather
            : coefficients.All(c => c == 0) ? LaneAccess.Uniform
            : coefficients.Count(c => c != 0) == 1 && UnitStep(coefficients, strides) is { } sign ? sign > 0 ? LaneAccess.Contiguous : LaneAccess.Reversed
            : LaneAccess.Strided;
        return new(access, coefficients.ToSeq(), data.ToSeq());
    }

    /// <summary>1 or −1 where the next lane's element is next to this one's.</summary>
    private static long? UnitStep(long[] coefficients, Seq<Seq<Atom>> strides)
    {
        int d = Array.FindIndex(coefficients, c => c != 0);
        return coefficients[d] is 1 or -1 && strides[d].All(s => s is Const { AsLong: 1 }) ? coefficients[d] : null;
    }

    /// <summary>The form of an index whose only varying term is the lane variable; null if there is none.</summary>
    public static Affine? AffineIn(Atom index, Var lane, Func<Atom, bool> varies, IReadOnlyDictionary<Var, Stmt> definitions)
    {
        if (index is not Var) return null;
        var form = Affine.Of(index, definitions, v => varies(v) && !v.Equals(lane));
        return form.Terms.ContainsKey(lane) && form.Terms.Keys.All(v => v.Equals(lane) || !varies(v)) ? form : null;
    }
}
