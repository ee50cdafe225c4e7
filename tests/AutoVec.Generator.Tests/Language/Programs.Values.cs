namespace AutoVec.Generator.Tests.Language;

internal static partial class Programs
{
    private const string Values = """
        [V] public static double StructFields(double x, double y) { Pt p; p.X = x; p.Y = y; p.X += p.Y; var q = p; q.X = 0; return p.X * p.Y + q.X; }
        [V] public static double StructCtor(double x) { var v = new Vec(x, 2); return v.A * v.B; }
        [V] public static double StructMethod(double x) { var v = new Vec(x, 2); return v.Dot(v) + v.Norm; }
        [V] public static double StructOps(double x) { var v = new Vec(x, 2); var w = v + v * 3; w += v; w = -w; return w.A + w.B; }
        [V] public static double RecordStruct(double x) { var r = new R(x, 1); var s = r with { B = 5 }; r.A = 3; return r.A + s.A * s.B; }
        [V] public static bool RecordEq(double x) { var r = new R(x, 1); var s = new R(x, 1); return r == s; }
        [V] public static double RecordDeconstruct(double x) { var r = new R(x, 1); var (a, b) = r; return a + b; }
        [V] public static double RecordMethod(double x) { var r = new R(x, 1); return r.Sum() + r.Double; }
        [V] public static double ReadonlyRecord(double x) { var r = new RR(x, 2); return r.A * r.B; }
        [V] public static double NestedStruct(double x) { Line l = default; l.P.X = x; l.Q.Y = l.P.X * 2; var m = l; m.P = l.Q; return m.P.Y + l.P.X; }
        [V] public static double StructWithArray(double x) { var b = new Buf { Data = new double[3], N = 1 }; b.Data[b.N] = x; b.N++; return b.Data[1] + b.N; }
        [V] public static double TreeWith(T1 t, double x) { var u = t with { B = x }; return u.B + u.W[0] + t.B; }
        [V] public static double TreeNested(T2 t) => t.L.B + t.L.W[0] * t.K;
        [V] public static double TreeMade(double x) { var t = new T1(new double[] { x, 2 }, 3); return t.W[0] * t.B; }
        [V] public static T1 TreeResult(double x) => new(new[] { x, 2.0 }, 3);
        [V] public static double FloatMix(float f, double d, int i, long l) { double r = f * d + i; float g = (float)(r * 2) + i + l; r += (int)g + (long)d + (float)i; return r + g; }
        [V] public static int CastsMany(double d, float f, long l, int i) => (int)d + (int)f + (int)l + (int)(long)d + (int)(float)i + (int)(double)l;
        [V] public static double LongMath(long a, long b) { long c = a * b + (a << 3) - (b >> 1); c ^= a; c |= 5; c &= ~b; return c + a / (b * b + 1) + a % (b * b + 1); }
        [V] public static int UInts(int a) { uint u = (uint)a; u = u * 2654435761u + 12345u; u ^= u >> 15; u %= 1000; return (int)u; }
        [V] public static int UIntDiv(int a, int b) { uint u = (uint)a, v = (uint)b | 1; return (int)(u / v) + (int)(u % v) + (u > v ? 1 : 0) + (int)(u >> 3); }
        [V] public static long UIntToLong(int a) { uint u = (uint)a; long l = u; ulong ul = u; return l * 2 + (long)(ul >> 2); }
        [V] public static double UIntToDouble(int a) { uint u = (uint)a; float f = u; return (double)u + f; }
        [V] public static int UIntFromDouble(double x) { uint u = (uint)(x * 1e9); byte b = (byte)x; ushort s = (ushort)(x * 1000); sbyte c = (sbyte)x; short t = (short)(x * 100); return (int)u + b + s + c + t; }
        [V] public static int Bytes(int a) { byte b = (byte)a; b += 200; b++; b <<= 1; byte c = (byte)~b; return b + c * 1000; }
        [V] public static int SBytes(int a) { sbyte b = (sbyte)a; b += 100; b--; b = (sbyte)-b; return b; }
        [V] public static int Shorts(int a) { short s = (short)(a * 30000); ushort u = (ushort)s; s >>= 2; u >>= 2; return s * 3 + u; }
        [V] public static int Chars(int a) { char c = (char)('a' + a); return c - 'a'; }
        [V] public static long ULongs(long a, int n) { ulong u = (ulong)a; u *= 6364136223846793005UL; u += 1442695040888963407UL; u ^= u >> 33; return (long)(u % 1000) + (long)(u / 7) + (u > 5UL ? 1 : 0); }
        [V] public static double ULongToDouble(long a) { ulong u = (ulong)a; return (double)u + (float)u; }
        [V] public static int UIntArrays(int a) { var u = new uint[3]; u[1] = (uint)a; u[2] = u[1] * 3; byte[] b = new byte[2]; b[0] = (byte)a; return (int)(u[2] + b[0]); }
        [V] public static int UIntShift(int a, int n) { uint u = (uint)a; return (int)((u << n) | (u >> (32 - n))); }
        [V] public static double BoolOps(bool a, bool b) { bool c = a & !b | a ^ b; c = c == b; return c ? 1 : 0; }
        [V] public static double MathSign(double x) => Math.Sign(x) + x;
        [V] public static double ClampBad(double x, double lo, double hi) => Math.Clamp(x, lo, hi);
        [V] public static double ClampOk(double x) => Math.Clamp(x, 0, 1) + Math.Clamp((int)x, -1, 3);
        [V] public static double NegLen(int n, double x) { var a = new double[n]; return a.Length + x; }
        [V] public static double NegLen2(int n, double x) { var a = new double[n, 3]; return a.Length + x; }
        [V] public static double ConversionOp(double x) { Vec v = x; return v.A + (double)v; }
        [V] public static double ExtensionCall(double x) => x.Sq();
        [V] public static double CompareToM(double x, double y) => x.CompareTo(y);
        [V] public static bool EqualsM(double x, double y) => x.Equals(y);
        [V] public static double ObjectInit(double x) { var p = new Pt { X = x, Y = 2 }; return p.X * p.Y; }
        [V] public static double IndexFromEnd(double[] x) { var a = (double[])x.Clone(); a[^1] = 3; return a[^1] + x[^x.Length]; }
        [V] public static double LongIndex(double[] x, long i) => x[i % 2 == 0 ? 0 : 0L];
        [V] public static double UIntIndex(double[] x) { uint i = 0; return x[i]; }
        [V] public static double LoopLabelBreak(double[] x) { double s = 0; foreach (var v in x) { switch (v) { case > 1: break; case < 0: continue; default: s += v; break; } s += 10; } return s; }
        [V] public static double YieldLike(double[] x) { int n = 0; var kept = new double[x.Length]; foreach (var v in x) if (v > 0) kept[n++] = v; double s = 0; for (int i = 0; i < n; i++) s = s * 2 + kept[i]; return s; }
        [V] public static double CondArr(double[] x, bool p) { var a = p ? new double[] { 1, 2 } : new double[] { 3, 4 }; a[0] = 5; return a[1]; }
        [V] public static double FourOutputs(double x) { (double, (int, bool), double) t = (x, (1, true), 2); t.Item2.Item1 = 5; return t.Item1 + t.Item2.Item1 + (t.Item2.Item2 ? t.Item3 : 0); }
        [V] public static (double, double[]) TupleResult(double x) => (x, new[] { x, 2 * x });
        [V] public static double PartialArrayInit(double x) { double[] a; a = new double[3]; a[2] = x; return a[2]; }
        [V] public static double ConstPatternNaN(double x) => x switch { double.NaN => 1, double.PositiveInfinity => 2, 0.0 => 3, _ => 4 };
        [V] public static double NullTests(double[] x) { if (x is null) throw new ArgumentNullException(nameof(x)); if (x == null || null == x) return 1; return x is not null && x != null ? x[0] : 2; }
        [V] public static double[] LengthFromArgument(double x, int n) { var a = new double[Math.Max(n, 0) + 1]; for (int i = 0; i < a.Length; i++) a[i] = x * i; return a; }
        """;
}
