using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Scales;

/// <summary>
/// Two products of the same factors in a derivative are one: the product rule makes them of a square with a factor.
/// <code>
/// h = 0.5 * u        p = r * h
/// y = h * u     ⇒ū   q = r * u      ⇒   ū = r * u
///                    t = q * 0.5
///                    ū = p + t
/// </code>
/// Constant factors are powers of two, which are taken out exactly but for what underflows or overflows; so of values nothing is taken out.
/// </summary>
internal sealed class SameProducts(FunctionIr f)
{
    private const int MostFactors = 3;

    private readonly Dictionary<Var, Compute> _products = f.Body.Walk().OfType<Compute>().Where(c => c.Op == OpTable.Mul && c.Out.Type.IsFloat).ToDictionary(c => c.Out);

    /// <summary>Appends the product that the sum is, if it is one.</summary>
    public bool Try(Compute sum, Builder b)
    {
        if (sum.Op != OpTable.Add || !sum.Out.Type.IsFloat || sum.Args[0].Equals(sum.Args[1])) return false;
        if (Of(sum.Args[0]) is not { } left || Of(sum.Args[1]) is not { } right || left.Factors.Count is < 2 or > MostFactors || !IsPermutation(left.Factors, right.Factors)) return false;
        var scale = Const.Of(sum.Out.Type.Scalar, left.Constant + right.Constant);
        List<Atom> factors = scale.Is(1) ? left.Factors : [.. left.Factors, scale];
        var product = factors[0];
        foreach (var factor in factors.Skip(1).Take(factors.Count - 2)) product = b.Compute(OpTable.Mul, product, factor, sum.Out.Base);
        b.Append(sum with { Op = OpTable.Mul, Args = [product, factors[^1]] });
        return true;
    }

    /// <summary>What is multiplied, in order; null if there is a constant that is no power of two, or too much.</summary>
    private (double Constant, List<Atom> Factors)? Of(Atom atom)
    {
        if (atom is Const c) return IsPowerOfTwo(c.AsDouble) ? (c.AsDouble, []) : null;
        if (!_products.TryGetValue((Var)atom, out var product)) return (1, [atom]);
        if (Of(product.Args[0]) is not { } left || Of(product.Args[1]) is not { } right || left.Factors.Count + right.Factors.Count > MostFactors) return null;
        return (left.Constant * right.Constant, [.. left.Factors, .. right.Factors]);
    }

    /// <summary>Positive, and far from the ends of what a half, a float or a double holds.</summary>
    private static bool IsPowerOfTwo(double x) => x is >= 1 / 1024.0 and <= 1024 && (BitConverter.DoubleToInt64Bits(x) & 0xFFFFFFFFFFFFFL) == 0;

    private static bool IsPermutation(List<Atom> left, List<Atom> right)
    {
        if (left.Count != right.Count) return false;
        var rest = new List<Atom>(right);
        return left.All(rest.Remove);
    }
}
