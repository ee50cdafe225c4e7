namespace AutoVec.Generator.Tests.Language;

internal static partial class Programs
{
    /// <summary>System.Half as storage.</summary>
    private const string Halves = """
        [V] public static Half HalfTwice(Half x) => (Half)((float)x * 2);
        [V] public static float HalfWiden(Half x) => (float)x;
        [V] public static double HalfWidenD(Half x, double y) => (double)x * y;
        [V] public static Half HalfFromDouble(double x) => (Half)(x * 1.0009765625);
        [V] public static Half HalfIdentity(Half x) => x;
        [V] public static Half HalfChoose(Half x, Half y, bool b) => b ? x : y;
        [V] public static Half HalfChooseBy(Half x, Half y) => (float)x < (float)y ? x : y;
        [V] public static Half[] HalfMap(Half[] x) { var y = new Half[x.Length]; for (int i = 0; i < x.Length; i++) y[i] = (Half)((float)x[i] * 3 + 1); return y; }
        [V] public static float HalfSum(Half[] x) { float s = 0; foreach (Half h in x) s += (float)h; return s; }
        [V] public static double HalfSumD(Half[] x) { double s = 0; foreach (Half h in x) s += (double)h; return s; }
        [V] public static Half HalfSumRounded(Half[] x) { var s = (Half)0f; for (int i = 0; i < x.Length; i++) s = (Half)((float)s + (float)x[i]); return s; }
        [V] public static float HalfDot(Half[] x, float[] y) { float s = 0; for (int i = 0; i < x.Length; i++) s += (float)x[i] * y[i]; return s; }
        [V] public static Half[] HalfCopy(Half[] x) => (Half[])x.Clone();
        [V] public static Half[] HalfReturnParameter(Half[] x) => x;
        [V] public static Half[] HalfLiteral(Half x, float y) => [x, (Half)y, (Half)(y * y), Half.One, (Half)0.1f];
        [V] public static Half[] HalfInitializer(Half x) => new Half[] { x, (Half)3, x };
        [V] public static Half[,] HalfOuter(Half[] x, Half[] y) { var m = new Half[x.Length, y.Length]; for (int i = 0; i < x.Length; i++) for (int j = 0; j < y.Length; j++) m[i, j] = (Half)((float)x[i] * (float)y[j]); return m; }
        [V] public static float[] HalfMatVec(Half[,] w, float[] x) { var y = new float[w.GetLength(0)]; for (int i = 0; i < w.GetLength(0); i++) { float s = 0; for (int j = 0; j < x.Length; j++) s += (float)w[i, j] * x[j]; y[i] = s; } return y; }
        [V] public static Half[] HalfMatVecH(Half[,] w, Half[] x) { var y = new Half[w.GetLength(0)]; for (int i = 0; i < w.GetLength(0); i++) { float s = 0; for (int j = 0; j < x.Length; j++) s += (float)w[i, j] * (float)x[j]; y[i] = (Half)(s * 0.25f); } return y; }
        [V] public static Half[,] HalfProduct(Half[,] a, Half[,] b) { int n = a.GetLength(0); var c = new Half[n, n]; for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) { float s = 0; for (int k = 0; k < n; k++) s += (float)a[i, k] * (float)b[k, j]; c[i, j] = (Half)s; } return c; }
        [V] public static Half[,] HalfTranspose(Half[,] a) { int n = a.GetLength(0), m = a.GetLength(1); var t = new Half[m, n]; for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) t[j, i] = a[i, j]; return t; }
        [V] public static Half[] HalfReverse(Half[] x) { var y = new Half[x.Length]; for (int i = 0; i < x.Length; i++) y[i] = x[x.Length - 1 - i]; return y; }
        [V] public static Half HalfGather(Half[] x, int k) => x[k];
        [V] public static Half[] HalfGatherAll(Half[] x, int[] at) { var y = new Half[at.Length]; for (int i = 0; i < at.Length; i++) y[i] = x[at[i]]; return y; }
        [V] public static Half[] HalfScatter(Half[] x, int[] at) { var y = new Half[x.Length]; for (int i = 0; i < at.Length; i++) y[at[i]] = x[i]; return y; }
        [V] public static Half[] HalfPrefix(Half[] x) { var y = (Half[])x.Clone(); for (int i = 1; i < y.Length; i++) y[i] = (Half)((float)y[i] + (float)y[i - 1]); return y; }
        [V] public static Half HalfNewton(Half x, int n) { Half y = x; while (n-- > 0) { float f = (float)y; y = (Half)(f - (f * f - 2) / (2 * f + 10)); } return y; }
        [V] public static Half HalfStruct(Half x, float y) { var p = new HalfPair(x, (Half)y); p.A = p.B; p = p with { B = x }; return (Half)((float)p.A - (float)p.B); }
        [V] public static (Half, float) HalfTuple(Half x, Half y) { (Half a, Half b) = (y, x); (a, b) = (b, a); return (a, (float)b); }
        [V] public static Half HalfCall(Half x) => HalfHelp(HalfHelp(x));
        [V] public static float HalfRef(Half x, float y) { HalfBump(ref x, out Half z); return (float)x * y + (float)z; }
        [V] public static int HalfToInts(Half x) => (int)x + (sbyte)x * 3 + (byte)x * 5 + (short)x * 7 + (ushort)x + (int)(uint)x + (char)x;
        [V] public static long HalfToLongs(Half x) => (long)x ^ (long)(ulong)x;
        [V] public static Half HalfFromInt(int k) => (Half)(k * 3001);
        [V] public static Half HalfFromLong(long k) => (Half)(k * 16777217L);
        [V] public static Half HalfFromSmall(int k) { Half a = (byte)k, b = (sbyte)k; return (Half)((float)a + (float)b); }
        [V] public static Half HalfFromUnsigned(int k) => (Half)((float)(Half)(uint)k + (float)(Half)(ulong)k + (float)(Half)(ushort)k + (float)(Half)(short)k);
        [V] public static float HalfConstants(float x) => x + (float)Half.One + (float)Half.MaxValue + (float)Half.Epsilon * 1000 + (float)Half.Pi + (float)Half.E + (float)HalfField + (float)Half.NegativeOne;
        [V] public static bool HalfSpecial(float x) => float.IsNaN((float)Half.NaN) && (float)(Half)(x * 1e30f + 1e30f) == (float)Half.PositiveInfinity;
        [V] public static float HalfDefault(Half x, Half y = default) { Half z = default; var w = new Half(); return (float)x - (float)y + (float)z + (float)w; }
        [V] public static float HalfSlices(Half[] x) { ReadOnlySpan<Half> s = x.AsSpan(0, x.Length / 2); float t = 0; foreach (Half h in s) t += (float)h; return t + (x.Length > 1 ? (float)x[1..][0] : 0); }
        [V] public static float HalfStack(Half x, float y) { Span<Half> s = stackalloc Half[3]; s[0] = x; s[2] = (Half)y; s[1] = s[2]; return (float)s[0] + (float)s[1] * 2; }
        [V] public static float HalfJagged(Half x, int n) { var rows = new Half[2][]; rows[0] = new Half[3]; rows[1] = [x, x, (Half)1f]; rows[0][1] = x; return (float)rows[0][1] + (float)rows[1][2] + n; }
        [V] public static float HalfBranch(Half[] x, float cut) { float s = 0; for (int i = 0; i < x.Length; i++) { if ((float)x[i] > cut) s += (float)x[i]; else if (i > 2) break; } return s; }
        [V] public static Half[] HalfBranchWrite(Half[] x, float cut) { var y = new Half[x.Length]; for (int i = 0; i < x.Length; i++) { if ((float)x[i] > cut) y[i] = x[i]; else y[i] = (Half)cut; } return y; }
        [V] public static float HalfMax(Half[] x) { float m = float.NegativeInfinity; foreach (Half h in x) m = MathF.Max(m, (float)h); return m; }
        [V] public static int HalfArgMax(Half[] x) { int best = 0; for (int i = 1; i < x.Length; i++) if ((float)x[i] > (float)x[best]) best = i; return best; }
        [V] public static Half HalfCompound(Half x, float y) { float f = (float)x; f += (float)(Half)y; f *= (float)x; return (Half)f; }
        [V] public static Half HalfMixed(Half x, double y) => (Half)((double)x * y + (float)x);
        [V] public static Half[] HalfMixedArray(double[] x) { var y = new Half[x.Length]; for (int i = 0; i < x.Length; i++) y[i] = (Half)x[i]; return y; }
        [V] public static double[] HalfMixedBack(Half[] x) { var y = new double[x.Length]; for (int i = 0; i < x.Length; i++) y[i] = (double)x[i] * 0.1; return y; }
        [V] public static float HalfStencil(Half[] x) { float s = 0; for (int i = 1; i < x.Length - 1; i++) { float d = (float)x[i + 1] - 2 * (float)x[i] + (float)x[i - 1]; s += d * d; } return s; }
        [V] public static Half[] HalfPadded(Half[] x) { var y = new Half[x.Length + 2]; for (int i = 0; i < y.Length; i++) y[i] = i > 0 && i <= x.Length ? x[i - 1] : Half.NegativeOne; return y; }
        [V] public static Half[] HalfSequence(Half[] x) { var y = new Half[x.Length]; Half state = Half.Zero; for (int i = 0; i < x.Length; i++) { state = (Half)((float)state * 0.5f + (float)x[i]); y[i] = state; } return y; }
        [V] public static float HalfRows(Half[,] x) { float t = 0; for (int i = 0; i < x.GetLength(0); i++) { float s = 0; for (int j = 0; j < x.GetLength(1); j++) s += (float)x[i, j]; t = t * 0.5f + s; } return t; }
        [V] public static Half HalfNegated(Half x, double y, bool b) { Half z = (Half)(-y); if (b) { z = (Half)(-(float)x); if ((float)x > 1) return z; } return (Half)(-(double)z); }
        [V] public static Half HalfConstant(float x) => (Half)(-0.1f);
        [V] public static Half[] HalfConstantRow(Half[] x) { var y = new Half[x.Length]; for (int i = 0; i < y.Length; i++) y[i] = Half.NegativeOne; return y; }
        [V] public static Half[] HalfZeros(int[] x) => new Half[x.Length];
        [V] public static (Half, Half) HalfSpecials(float x) => (Half.NaN, Half.NegativeInfinity);
        [V] public static bool HalfEquality(Half x, Half y) => new HalfPair(x, y) == new HalfPair(y, x);
        """;

    /// <summary>Of a tree that holds them too.</summary>
    private const string HalvesSupport = """
        public record struct HalfPair(Half A, Half B);
        private static readonly Half HalfField = (Half)0.3f;
        private static Half HalfHelp(Half x) { if ((float)x > 2) return Half.One; return (Half)((float)x + 0.1f); }
        private static void HalfBump(ref Half x, out Half y) { y = x; x = (Half)((float)x + 1); }
        """;
}
