using static System.Runtime.Intrinsics.Vector128;
using V = System.Runtime.Intrinsics.Vector128<double>;

namespace AutoVec.Cpu;

// Hyperbolic functions. This text is the same for each width but for the aliases above.
public static unsafe partial class VMath
{
    /// <summary>The hyperbolic tangent.</summary>
    public static V Tanh(V x)
    {
        // With h = (e^(−2|x|) − 1)/2 it is −h/(h + 1): no cancellation, no overflow, one division. From 20 on it is 1.
        V size = Abs(x);
        V h = HalfExpM1(MinNative(Create(20.0), size) * Create(-2.0));
        return ConditionalSelect(LessThan(size, Create(1e-290)), x, CopySign(h / (h + V.One), x));
    }

    /// <summary>The hyperbolic sine.</summary>
    public static V Sinh(V x)
    {
        // From 30 on e^(−x) is lost in eˣ.
        V size = Abs(x);
        V h = HalfExpM1(MinNative(Create(30.0), size));
        V y = ConditionalSelect(GreaterThan(size, Create(30.0)), HalfExp(size), h + h / (h + h + V.One));
        return ConditionalSelect(LessThan(size, Create(1e-290)), x, CopySign(y, x));
    }

    /// <summary>The hyperbolic cosine.</summary>
    public static V Cosh(V x)
    {
        V h = HalfExp(Abs(x));
        return h + Create(0.25) / h;
    }

    /// <summary>The inverse hyperbolic sine.</summary>
    public static V Asinh(V x)
    {
        // log(a + √(a² + 1)) near 0; log(2a) where a² + 1 is a².
        V a = Abs(x), big = GreaterThan(a, Create(1e9)), square = a * a;
        V near = a + square / (V.One + Sqrt(square + V.One));
        V y = Log1P(ConditionalSelect(big, a - V.One, near)) + (big & Create(0.6931471805599453));
        return CopySign(y, x);
    }

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static V Acosh(V x)
    {
        // log(x + √(x² − 1)) near 1; log(2x) where x² − 1 is x².
        V t = x - V.One, big = GreaterThan(x, Create(1e9));
        V near = t + Sqrt(t * (t + Create(2.0)));
        V y = Log1P(ConditionalSelect(big, t, near)) + (big & Create(0.6931471805599453));
        return ConditionalSelect(LessThan(x, V.One), Create(double.NaN), y);
    }

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static V Atanh(V x)
    {
        V a = Abs(x);
        return CopySign(Create(0.5) * Log1P((a + a) / (V.One - a)), x);
    }
}
