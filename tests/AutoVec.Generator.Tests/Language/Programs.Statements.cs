namespace AutoVec.Generator.Tests.Language;

internal static partial class Programs
{
    private const string Statements = """
        [V] public static double MultiDecl(double x) { double a = x, b = a * 2, c; c = a + b; return c; }
        [V] public static double SwitchReturnAll(double x, int k) { switch (k) { case 0: return x; case 1: return -x; default: return 2 * x; } }
        [V] public static double NestedSwitchExpr(double x, int k) => k switch { < 0 => x switch { > 0 => 1, _ => 2 }, 0 or 1 => x, not 3 => -x, _ => 7 };
        [V] public static double SwitchExprWhen(double x, double y) => x switch { > 0 when y > 0 => x * y, > 0 => x, double z when z < -1 => z, _ => y };
        [V] public static double SwitchTuplePattern(int a, int b, double x) => (a, b) switch { (0, 0) => x, (_, 1) => 2 * x, (1, _) => 3 * x, var (p, q) when p > q => p * x + q, _ => x };
        [V] public static double PropertyPattern(double x, double y) { var p = new Pt { X = x, Y = y }; return p switch { { X: > 0, Y: var v } => v, { X: < 0 } => -1, _ => 0 }; }
        [V] public static double IsPatternVar(double x) { if (x is > 0 and var y) return y * 2; return x is < -1 ? 5 : 6; }
        [V] public static double IsNotPattern(double x) { if (x is not (> 0 and < 1)) return 0; return x; }
        [V] public static double UsingStatic(double x) => Sin(x) + Max(x, 0) + PI;
        [V] public static double LocalStatic(double x) { static double Sq(double v) => v * v; static double Cube(double v) { return v * Sq(v); } return Sq(x) + Cube(x); }
        [V] public static double LocalCapture(double x, double y) { double acc = 0; void Add(double v) { acc += v * y; } Add(x); Add(2); return acc; }
        [V] public static double LocalFunctionInLoop(double[] x) { double s = 0; bool Step(int i) { if (x[i] < 0) return false; s += x[i]; return true; } for (int i = 0; i < x.Length; i++) if (!Step(i)) break; return s; }
        [V] public static double LocalFunctionAfter(double x) { return F(x); double F(double v) => v + 1; }
        [V] public static double TupleSwap(double x, double y) { (x, y) = (y, x); (x, y) = (x + y, x - y); return x * 10 + y; }
        [V] public static double TupleNested(double x, double y) { var (a, (b, c)) = (x, (y, x * y)); (double p, int q) = (a, 3); return a + 2 * b + 3 * c + p * q; }
        [V] public static double TupleNamed(double x) { (double lo, double hi) t = (x, x + 1); t.lo += 1; t.Item2 *= 2; return t.lo + t.hi; }
        [V] public static double TupleFromCall(double x) { var (q, r) = Two(x); (_, double z) = Two(r); return q + r + z; }
        [V] public static bool TupleEquality(int a, int b) => (a, b) == (b, a) || (a, 1) != (1, b);
        [V] public static double Discards(double x) { _ = x * 2; return x; }
        [V] public static double InArg(double x, double y) => InF(in x, y) + InF(x + 1, in y);
        [V] public static double RefOut(double x) { double y = x; Bump(ref y, out double z); Bump(ref z, out var w); OutOnly(out y); return y + z * w; }
        [V] public static double RefElement(double x) { var a = new double[3]; a[1] = x; Twice(ref a[1]); OutOnly(out a[2]); Swap(ref a[0], ref a[1]); return a[0] + 10 * a[1] + 100 * a[2]; }
        [V] public static double RefField(double x) { var p = new Pt { X = x }; Twice(ref p.X); OutOnly(out p.Y); return p.X + p.Y; }
        [V] public static double RefStruct(double x) { var p = new Pt { X = x }; Move(ref p, 3); return p.X * p.Y; }
        [V] public static double OutVarTuple(double x) { Split(x, out var a, out _); return a; }
        [V] public static double RefLocal(double x) { ref double r = ref x; r += 1; return x; }
        [V] public static double ParamsCall(double x) => SumP(x, 1, 2) + SumP() + SumP(new double[] { x });
        [V] public static double ParamsSpan(double x) => SumS(x, 1, 2);
        [V] public static double OptionalNamed(double x) => Opt(x) + Opt(k: 3, x: x) + Opt(x, 2, 1);
        [V] public static double ConstLocal(double x) { const int N = 4; const double C = N * 0.5; double s = 0; for (int i = 0; i < N; i++) s += C * x; return s; }
        [V] public static double ReadonlyFields(double x) => x * RO + ROd + Consts.K + (Flag ? 1 : 2) + ROe;
        [V] public static double ReadonlyExpr(double x) => x * ROexpr;
        [V] public static double StaticPropertyConst(double x) => x * Prop;
        [V] public static double EnumFlags(E e, double x) => (e & E.B) != 0 ? x : (e | E.A) == E.AB ? -x : (int)e;
        [V] public static double EnumSwitch(E e, double x) => e switch { E.None => x, E.A => 2 * x, _ => 3 };
        [V] public static double EnumByte(int k, double x) => (Small)k == Small.One ? x : 2;
        [V] public static double EnumArith(E e, int k) { e++; e += 1; E f = (E)k; return (int)(e ^ f) + (f > E.A ? 1 : 0) + (e - f); }
        [V] public static double CheckedConst(int n, double x) { checked { int k = 3 + 4; return k * x; } }
        [V] public static double CheckedLoop(double[] x) { double s = 0; checked { for (int i = 0; i < x.Length; i++) s += x[i]; } return s; }
        [V] public static double CheckedCast(int n) => checked((long)n) + checked((double)n);
        [V] public static double Ternaries(double x, bool p, bool q) => p ? q ? x : -x : q ? 2 * x : x is > 0 ? 1 : 0;
        [V] public static double DefaultLit(double x) { double d = default; var e = default(Pt); int k = default(int); return x + d + e.X + k; }
        [V] public static double CompoundAll(double x, int n) { x += 1; x -= 2; x *= 3; x /= 4; x %= 2; n += 1; n -= 2; n *= 3; n /= 2; n %= 5; n &= 7; n |= 1; n ^= 2; n <<= 1; n >>= 1; n >>>= 1; bool b = n > 1; b &= x > 0; b |= n == 0; b ^= true; return x + n + (b ? 1 : 0); }
        [V] public static double IncDecAll(double x, int n) { double y = x++ + ++x; y -= x-- - --x; long l = n; l++; --l; return y + n++ * 2 + --n + l; }
        [V] public static double IncElements(double[] x, int n) { var a = new int[3]; a[0]++; ++a[1]; int k = a[0]--; var d = new double[2]; d[0]++; d[1] -= d[0]++; return k + a[0] + a[1] + d[0] * 3 + d[1]; }
        [V] public static double DoWhile(double x) { int n = 0; do { x *= 0.5; n++; } while (x > 0.1); return x + n; }
        [V] public static double ForNoParts(double x) { int i = 0; for (; ; ) { if (i > 3) break; x += i; i++; } return x; }
        [V] public static double ForMulti(double x, int n) { double s = 0; for (int i = 0, j = n; i < j; i++, j--) s += x * (j - i); return s; }
        [V] public static double ForEachMatrix(double[,] m) { double s = 0; foreach (double v in m) s = s * 0.5 + v; return s; }
        [V] public static double ForEachSpan(double x) { Span<double> a = stackalloc double[3]; a[1] = x; double s = 0; foreach (var v in a) s += v; foreach (ref readonly double w in a) s += w; return s; }
        [V] public static double ForEachRef(double x) { Span<double> a = stackalloc double[3]; foreach (ref double v in a) v = x; return a[2]; }
        [V] public static double ForEachCollection(double x, double y) { double s = 0; foreach (double v in new[] { x, y, 3 }) s = s * 2 + v; return s; }
        [V] public static double ForFloat(double x) { double s = 0; for (double t = 0; t < 1; t += 0.25) s += t * x; return s; }
        [V] public static double ForByte(double x) { double s = 0; for (byte b = 0; b < 4; b++) s += b * x; return s; }
        [V] public static double ForUInt(double x, int n) { double s = 0; for (uint b = 0; b < (uint)(n + 1); b++) s += b * x; return s; }
        [V] public static double ForLong(double[] x) { double s = 0; for (long i = 0; i < x.LongLength; i++) s += x[i]; return s; }
        [V] public static double BlockScope(double x) { { double y = x; x = y * 2; } { double y = 3; x += y; } return x; }
        [V] public static double EmptyStatement(double x) { ; ; return x; }
        [V] public static double UsingDecl(double x) { label: x += 1; return x; }
        [V] public static double ArrayRanks(double x) { var a = new double[2]; var b = new double[2, 3]; var c = new double[2, 3, 4]; a[1] = x; b[1, 2] = a[1]; c[1, 2, 3] = b[1, 2] * 2; return c[1, 2, 3] + c.Length + b.GetLength(1) + c.GetLength(2) + a.Rank; }
        [V] public static double ArrayLiterals(double x) { double[] a = { 1, x }; double[] b = [x, 2, 3]; var c = new[] { x, 1.0 }; double[,] d = { { 1, x }, { 3, 4 } }; var e = new double[] { 5, x }; Span<double> f = [x, x]; ReadOnlySpan<double> g = [1, 2]; return a[1] + b[0] + c[0] + d[0, 1] + e[1] + f[1] + g[0]; }
        [V] public static double SpreadLiteral(double[] x) { double[] a = [1, .. x, 2]; return a[0] + a[^1] + a.Length + a[1]; }
        [V] public static double EmptyArrays(double x) { double[] a = []; var b = Array.Empty<double>(); var c = new double[0]; return x + a.Length + b.Length + c.Length; }
        [V] public static double StackallocForms(double x, int n) { Span<double> a = stackalloc double[3]; Span<double> b = stackalloc[] { x, 2 }; ReadOnlySpan<double> c = stackalloc double[] { 1, x }; Span<double> d = stackalloc double[n + 2]; return a.Length + b[0] + c[1] + d.Length; }
        [V] public static double ComputedSize(int n, double x) { var a = new double[n * n + 1]; a[n * n] = x; return a[^1] + a.Length; }
        [V] public static double SizeByLong(double x) { long n = 3; var a = new double[n]; return a.Length + x; }
        [V] public static double ArrayMethods(double[] x) { var a = (double[])x.Clone(); Array.Fill(a, 2.0); Array.Reverse(a); Array.Clear(a); return a[0]; }
        [V] public static double ArrayCopy(double[] x) { var a = new double[x.Length]; Array.Copy(x, a, x.Length); x.CopyTo(a, 0); return a[0]; }
        [V] public static double SpanMethods(double[] x) { Span<double> a = new double[x.Length]; x.CopyTo(a); a.Fill(2); a.Clear(); x.AsSpan().CopyTo(a); return a[0] + a.ToArray()[0]; }
        [V] public static int GotoCase(int k) { int s = 0; switch (k) { case 0: s = 1; goto case 1; case 1: s += 10; break; case 2: s = 5; goto default; case 3: if (s == 0) goto case 1; s = 7; break; default: s += 100; break; } return s; }
        [V] public static double GotoCaseThatJumps(double[] x, int k) { double s = 0; foreach (double v in x) { switch (k) { case 0: s += v; goto case 2; case 1: if (v > 0) goto case 3; break; case 2: if (v < -1) return s; continue; case 3: s *= 2; break; default: goto case 0; } s += 1; } return s; }
        [V] public static double SpanTable(double x, int k) => x * Coefficients[k & 3] + Coefficients.Length;
        [V] public static double SpanTableLoop(double x) { double s = 0; foreach (double c in Coefficients) s = s * x + c; return s; }
        [V] public static double LoopsOfACalleeCalledTwice(double[] x, double c) { double s = FirstAbove(x, c); if (s > 0.7) s += FirstAbove(x, 2 * c); return s - FirstAbove(x, 1); }
        """;
}
