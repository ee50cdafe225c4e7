namespace AutoVec.Generator.Tests.Language;

internal static partial class Programs
{
    private const string Numbers = """
        [V] public static double NamedMath(double x, double y) => Math.Pow(y: y * 0.1, x: Math.Abs(x) + 1) + Math.Atan2(x: x, y: y) + Math.Clamp(min: -1, value: x, max: 2) + Math.Max(val2: x, val1: y);
        [V] public static int NamedOrder(int x) { int y = x; return (int)Math.Pow(y: y++, x: y + 2) * 10 + y; }
        [V] public static double LenLoop(int n, double x) { var a = new double[n]; for (int i = 0; i < n; i++) a[i] = x * i; double s = 0; for (int i = 0; i < a.Length; i++) s += a[i]; return s; }
        [V] public static double LenBranch(int n, double x) { double s = 0; if (n > 0) { var a = new double[n]; a[0] = x; s = a[0]; } for (int i = 0; i < n; i++) s += i; return s + n; }
        [V] public static double LenIn(int n, double x) { double s = 0; for (int k = 0; k < 3; k++) { var a = new double[n + k]; for (int i = 0; i < n + k; i++) a[i] = x; s += a[n]; } return s; }
        [V] public static double LenBinom(int n, double x) { double[] row = new double[n + 1]; row[0] = 1.0; for (int i = 0; i < n; i++) { for (int j = i + 1; j > 0; j--) row[j] = row[j] * x + row[j - 1]; row[0] *= x; } return row[n] + row[n / 2]; }
        [V] public static double LenLong(long n, double x) { var a = new double[n]; return a.Length * x; }
        [V] public static double LenUInt(int n, double x) { uint u = (uint)n; var a = new double[u % 5]; return a.Length * x; }
        [V] public static double LenDiff(double[] x) { var d = new double[x.Length - 1]; for (int i = 0; i < x.Length - 1; i++) d[i] = x[i + 1] - x[i]; double s = 0; foreach (var v in d) s += v * v; return s; }
        [V] public static double LenWhile(int n, double x) { double s = 0; while (n > 0) { var a = new double[n]; a[n - 1] = x; s += a[^1] * n; n--; } return s; }
        [V] public static double LenMul(int n, int m, double x) { var a = new double[n, m]; for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) a[i, j] = x * i + j; double s = 0; foreach (var v in a) s = s * 0.5 + v; return s; }
        [V] public static double ClampStencil(double[] x) { double s = 0; for (int i = 0; i < x.Length; i++) s += x[Math.Clamp(i + 1, 0, x.Length - 1)] - x[Math.Clamp(i - 1, 0, x.Length - 1)] * 0.5; return s; }
        [V] public static double ClampZero(double x) => 1 / Math.Clamp(x * 0, 0.0, 1);
        [V] public static double ClampNaN(double x, double y) => Math.Clamp(x, double.NaN, y + 10);
        [V] public static int ClampInts(int a, int lo, int hi) => Math.Clamp(a, lo, hi);
        [V] public static long ClampLongs(long a, long lo, long hi) => Math.Clamp(a, lo, hi);
        [V] public static float ClampF(float a, float lo, float hi) => MathF.Max(0, Math.Clamp(a, lo, hi));
        [V] public static int SignNaN(double x, double y) => Math.Sign(x) * 10 + Math.Sign(y / x * x - y) + Math.Sign((int)x) * 100;
        [V] public static int CheckedInts(int a, int b) { checked { int s = a * 1000000 + b; for (int i = 0; i < 3; i++) s = s * 3 - i; s++; s += b; s = -s; return s; } }
        [V] public static int CheckedSmall(int a) { checked { byte b = (byte)(a & 15); b++; return b; } }
        [V] public static int CheckedNarrow(long a, int k) => checked((int)((long)k * 1000000000));
        [V] public static int Rotate(int a, int n) => (int)uint.RotateLeft((uint)a, n) ^ (int)System.Numerics.BitOperations.RotateRight((uint)a * 77u, 13);
        [V] public static int Pcg(int seed) { uint state = (uint)seed * 747796405u + 2891336453u; uint word = ((state >> (int)((state >> 28) + 4u)) ^ state) * 277803737u; return (int)((word >> 22) ^ word); }
        [V] public static double XorShift(int seed) { ulong x = (ulong)(seed + 10); double s = 0; for (int i = 0; i < 5; i++) { x ^= x << 13; x ^= x >> 7; x ^= x << 17; s += x / (double)ulong.MaxValue; } return s; }
        [V] public static int UIntCompare(int a, int b) { uint u = (uint)(a - 3), v = (uint)(b - 3); return (u < v ? 1 : 0) + (u <= v ? 2 : 0) + (u > v ? 4 : 0) + (u >= v ? 8 : 0) + (u == v ? 16 : 0) + (u is > 5 and < 4000000000 ? 32 : 0) + (int)Math.Max(u, v) + (int)Math.Min(u, 7u); }
        [V] public static int UIntSwitch(int a) { uint u = (uint)a; return u switch { 0 => 1, < 3 => 2, > 4000000000u => 3, _ => 4 }; }
        [V] public static int UIntMix(int a, long b) { uint u = (uint)a; long l = u + b; u += 3; u -= (uint)b; int s = (int)(u - a); u = ~u; return (int)(l % 1000) + s + (int)(u / 3) + (int)-(long)u; }
        [V] public static long ULongDiv(long a, long b) { ulong u = (ulong)(a - 3), v = (ulong)(b * b + 1); return (long)(u / v) ^ (long)(u % v) ^ (long)(v / (u | 1)) ^ (long)(ulong.MaxValue / (v + 5)) ^ (long)((u | 0x8000000000000000) / (v | 0x8000000000000001)); }
        [V] public static long DoubleToULong(double x) { double big = x * 4e18; return (long)(ulong)big ^ (long)(ulong)(float)big ^ (long)(uint)(x * 1e9); }
        [V] public static double EnumSmall(int k, double x) { Small s = (Small)k; s |= Small.One; s++; return s == Small.One ? x : (int)s + (s > Small.One ? 10 : 0); }
        [V] public static int SmallCasts(double x, float f, long l) => (byte)(x * 300) + (sbyte)(f * 300) * 1000 + (short)(l * 40000) + (ushort)(x * 50000) + (char)l;
        [V] public static double RefLocals(double x, double[] p) { ref double r = ref x; r += 1; var a = new double[3]; ref double e = ref a[1]; e = x; e *= 2; ref readonly double q = ref a[1]; return x + a[1] + q; }
        [V] public static double RefLocalInLoop(double x, int n) { for (int i = 0; i < n; i++) { ref double r = ref x; r += i; } return x; }
        [V] public static double RefLocalElementLoop(double x, int n) { var a = new double[4]; for (int i = 0; i < n; i++) { ref double r = ref a[i & 3]; r += x; } return a[0] + 2 * a[1] + 4 * a[2]; }
        [V] public static double ForEachRefs(double[] x) { var a = (double[])x.Clone(); foreach (ref double v in a.AsSpan()) v *= 2; Span<double> s = a; foreach (ref double v in s) { if (v < 0) continue; v += 1; } return a[0] + a[^1]; }
        [V] public static double ForEachBreak2(double[,] m) { double s = 0; foreach (double v in m) { if (v > 2) break; s = s * 0.5 + v; } return s; }
        [V] public static double MutatingStruct(double x, int n) { var c = new Counter(); for (int i = 0; i < n; i++) c.Add(x * i); c.Add(1); return c.Total + c.Count * 100; }
        [V] public static double MutatingField(double x, int n) { Pair p = default; while (n-- > 0) { p.A.Add(x); p.B.Add(p.A.Total); } return p.A.Total + p.B.Mean; }
        [V] public static double StructEqualsM(double x, double y) { var a = new R(x, y); return (a == new R(y, x) ? 1 : 0) + (a != new R(x, y) ? 10 : 0) + (x.Equals(y) ? 100 : 0) + x.CompareTo(y) * 1000; }
        [V] public static double VecLoop(double[] x) { var v = new Vec(0, 1); foreach (var e in x) { v = v + new Vec(e, 1) * 0.5; if (v.Norm > 3) v = -v; } return v.A * v.B; }
        [V] public static double RayStep(double x) { var o = new Vec(x, 1); var d = new Vec(1, x); double t = 0; for (int i = 0; i < 8; i++) { var p = o + d * t; double s = p.Norm - 1; if (s < 0.01) break; t += s * 0.5; } return t; }
        [V] public static double LocalFnElement(double[] x) { var a = new double[x.Length]; void Put(int i, double v) => a[i] = v; double Get(int i) => a[i]; for (int i = 0; i < x.Length; i++) Put(i, x[i] + (i > 0 ? Get(i - 1) : 0)); return Get(x.Length - 1); }
        [V] public static double SpanParamCall(double[] x) { Span<double> a = stackalloc double[3]; Helper(a, x); return a[0] + a[2]; }
        [V] public static double SwitchBoolArms(bool p, bool q, double x) => (p, q) switch { (true, true) => x, (true, false) => 1, (false, var r) => r ? 2 : 3 };
        [V] public static double DeconstructDeclMixed(double x, double y) { double a; (a, var b) = (y, x); (a, b) = (b + 1, a); (var c, _, double d) = (1, 2, a); return a + 10 * b + c * d; }
        [V] public static double ChainAssign(double x) { double a, b, c; a = b = c = x * 2; a += b -= c *= 2; return a + 10 * b + 100 * c; }
        [V] public static double PostfixInIndex(double[] x) { int i = 0; double s = 0; while (i < x.Length) s = s * 2 + x[i++]; int j = x.Length; while (j > 0) s -= x[--j]; return s; }
        [V] public static double ConditionalRefCall(double x, bool p) { double a = x, b = 2 * x; Twice(ref a); if (p) Swap(ref a, ref b); return a + 10 * b; }
        [V] public static double RecordWithChain(double x) { var r = new R(x, 1) with { B = x * 2 }; r = r with { A = r.B }; r.B += 1; return r.A + r.B * r.Sum() + r.Double; }
        [V] public static int ShortCircuitStruct(int n) { var c = new Counter(); bool f = n > 2 && c.Bump() > 0 || c.Bump() > 1; return c.Count + (f ? 10 : 0); }
        """;
}
