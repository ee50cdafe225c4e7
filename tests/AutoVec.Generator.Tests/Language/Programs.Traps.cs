namespace AutoVec.Generator.Tests.Language;

internal static partial class Programs
{
    /// <summary>Where C# does not do what it seems to: copies, orders of evaluation, second names for one thing.</summary>
    private const string Traps = """
        [V] public static double CopiedIn(double x) { var w = new Walker { At = x }; double a = StepIn(w); return a * 10 + w.At; }
        [V] public static double CopiedInParameter(double x) { var w = new Walker { At = x }; double a = StepInRef(in w); return a * 10 + w.At; }
        [V] public static double InFieldAndRef(double x) { var b = new Both3 { A = new() { At = x }, B = new() { At = 2 } }; return Watch(in b.A, ref b) * 10 + b.A.At; }
        [V] public static double InSelf(double x) { var w = new Walker { At = x }; return w.Add(in w) + w.Twice() * 100 + w.At; }
        [V] public static double CopiedReadOnlyField(double x) { var h = new Holder(x); h.Walk.Step(2); return h.Walk.At + h.Free.At; }
        [V] public static double NotCopiedField(double x) { var h = new Holder(x); h.Free.Step(2); return h.Walk.At + h.Free.At * 3; }
        [V] public static double CopiedProperty(double x) { var h = new Holder(x); h.Prop.Step(3); h.AsProperty.Step(5); return h.Prop.At + h.AsProperty.At; }
        [V] public static double ForeachElement(double x) { var ws = new Walker[] { new() { At = x }, new() { At = 2 * x } }; double s = 0; foreach (var w in ws) { w.Step(1); s += w.At; } return s + ws[0].At * 10; }
        [V] public static double ForeachRefElement(double x) { var ws = new Walker[] { new() { At = x }, new() { At = 2 * x } }; double s = 0; foreach (ref var w in ws.AsSpan()) { w.Step(1); s += w.At; } return s + ws[0].At * 10; }
        [V] public static double ReadOnlyRef(double x) { var w = new Walker { At = x }; ref readonly var r = ref w; r.Step(4); w.Step(1); return r.At; }
        [V] public static double LoopReadOnlyRef(double x) { var w = new Walker { At = x }; ref readonly var r = ref w; double s = 0; for (int i = 0; i < 3; i++) { r.Step(4); w.Step(i); s += r.At; } return s; }
        [V] public static double SelfAssigned(double x) { var w = new Walker { At = x }; w.Reset(); return w.At + w.Reset2(x).At; }
        [V] public static double PropertyPattern(double x) => new Swapped(x, 2) is { Left: > 0, Right: var r } ? r + x : x;
        [V] public static double GetterPattern(double x) => new Swapped(x, 2) is { Sum: > 2 and var s } ? s : new Clip { B = x } is { B: > 1 and var b } ? b * 3 : -x;
        [V] public static double OrderTarget(double x) { var a = new double[3]; int i = 0; a[i] = i = 2; a[i++ - 1] += i * x; return a[0] * 100 + a[1] * 10 + a[2] + i; }
        [V] public static double OrderOperands(double x) { double y = x; double r = y + (y = 2) * y - y++ * --y; return r + y; }
        [V] public static double OrderCall(double x) { double y = x; return Three(y, y = 3, y++) + y; }
        [V] public static double OrderCompound(double x) { double y = x; y += (y = 10) + y; y *= y - (y -= 1); return y; }
        [V] public static int OrderInt(int x) { int i = x; i = i++ + ++i; int j = i; j += j++ * 2 + (j = 3); return i * 7 + j; }
        [V] public static double ForeachWritten(double[] x) { double[] a = (double[])x.Clone(); double s = 0; int k = 0; foreach (double v in a) { if (k + 1 < a.Length) a[k + 1] += v; k++; s += v; } return s; }
        [V] public static double BoundShrinks(double x, int n) { double s = 0; int m = (n & 7) + 3; for (int i = 0; i < m; i++) { m--; s += x * i; } return s + m; }
        [V] public static double CapturedLater(double x) { double k = 1; Func<double, double> f = t => t * k; double a = f(x); k = 5; return a + f(x); }
        [V] public static double CapturedLoop(double x) { double s = 0; for (int i = 0; i < 3; i++) { int j = i; double g(double t) => t * j + i; s += g(x); } return s; }
        [V] public static double SharedInStruct(double x) { var b = new Box2 { Data = new double[2], N = 1 }; var c = b; c.Data[0] = x; c.N = 9; b.Data[1] = 2; return b.Data[0] + c.Data[1] + b.N * 100 + c.N; }
        [V] public static double SharedRow(double x) { double[] a = [x, 2, 3]; double[] b = a; Span<double> s = a; b[1] = x * x; s[2] = b[1]; a = [7, 8, 9]; s[0]++; return a[0] + b[0] + b[2] + s[1]; }
        [V] public static double ParamsAlias(double x) { double[] a = [x, 1]; Fill(a); Fill2(x, 5); return a[0] + a[1]; }
        [V] public static double OutTwice(double x) { Both2(out double a, out a, x); return a; }
        [V] public static double RefTwice(double x) { double a = x; AddInto(ref a, ref a); return a; }
        [V] public static double RefElementTwice(double[] x) { double[] a = (double[])x.Clone(); if (a.Length == 0) return 0; AddInto(ref a[0], ref a[a.Length - 1]); return a[0] + 10 * a[a.Length - 1]; }
        [V] public static double RefAndIndex(double[] x) { double[] a = (double[])x.Clone(); if (a.Length < 2) return 0; int i = 0; Poke(ref a[i], ref i, a); return a[0] + 10 * a[1] + i; }
        [V] public static int ByteWrap(int x) { byte b = (byte)x; b += 200; b++; sbyte c = (sbyte)b; c -= 100; short d = (short)(c * 300); d *= d; char e = (char)d; e++; return b * 1000000 + c * 1000 + d + e; }
        [V] public static int ShiftCounts(int x, int n) => (x << n) ^ (x >> (n + 33)) ^ (x >>> -n) ^ (int)((uint)x << 35);
        [V] public static long MixedWidths(int x, long y) { uint u = (uint)x; long a = u * 2; long b = u * 2L; ulong c = (ulong)y; return a ^ b ^ (long)(c / 3) ^ (x * 65536) ^ (x * 65536L) ^ (long)(c % 7); }
        [V] public static float FloatSteps(float x, float y) { float a = x * y + 1e8f; double b = x * y + 1e8f; float c = (float)(x * (double)y) + 1e8f; return a - (float)b + c - 1e8f; }
        [V] public static double IntFloat(int x, float y) => x * y + x / 3 + x / 3f + x / 3.0 + (x + 16777217) * 1f;
        [V] public static double GuardOrder(double x, int n) { int calls = 0; double s = 0; for (int i = 0; i < 3; i++) { s += (n + i) switch { 0 when ++calls > 0 => 1, > 2 when x > 0 || ++calls > 1 => x, int m when (calls += m) > 3 => 2 * x, _ => 3 }; } return s + calls; }
        [V] public static double ShortCircuits(double x) { double y = 0; bool a = x > 0 || (y = 3) > 2; bool b = x > 1 && (y += 5) > 0; bool c = x > 0 | (y *= 2) > 2; bool d = x > 1 & (y -= 1) > 0; return y + (a ? 1 : 0) + (b ? 10 : 0) + (c ^ d ? 100 : 0); }
        [V] public static double NestedReturn(double x) { for (int i = 0; i < 3; i++) { for (int j = 0; j < 3; j++) { if (i * j > x) return i * 10 + j + x; if (j > x) break; if (i > x) continue; } } return -x; }
        [V] public static double DoContinue(double x) { int i = 0; double s = 0; do { if (i == 2) continue; s += x * i; } while (++i < 4); return s + i; }
        [V] public static double StructEquality(double x) { var a = new Swapped(x, 1); var b = a; b.Left = double.NaN; a.Left = double.NaN; return (a == b ? 1 : 0) + (a.Left == b.Left ? 100 : 0); }
        [V] public static double TupleSwapThree(double x, double y) { double a = x, b = y, c = 1; (a, b, c) = (b, c, a + b); (a, (b, c)) = (c, (a, b)); return a + 10 * b + 100 * c; }
        [V] public static double TupleElementSwap(double[] x) { double[] a = (double[])x.Clone(); int i = 0; if (a.Length < 3) return 0; (i, a[i]) = (2, 5); (a[i], a[0], i) = (a[0], a[i], 1); return a[0] + 10 * a[2] + i; }
        """;

    private const string TrapsSupport = """
        public struct Walker { public double At; public void Step(double d) { At += d; } public void Reset() => this = new Walker { At = 3 }; public double Add(in Walker o) { At += 1; return o.At; } public readonly double Twice() { var c = this; c.Step(1); Step(3); return c.At + At; } public Walker Reset2(double x) { this = default; At = x; return this; } }
        public struct Both3 { public Walker A, B; }
        private static double Watch(in Walker w, ref Both3 b) { double before = w.At; b.A.At += 5; b.B = b.A; return before * 100 + w.At; }
        private static double StepIn(Walker w) { w.Step(1); return w.At; }
        private static double StepInRef(in Walker w) { w.Step(1); return w.At; }
        public struct Holder(double x) { public readonly Walker Walk = new() { At = x }; public Walker Free = new() { At = x + 1 }; public Walker Prop { get; set; } = new() { At = x * 2 }; public readonly Walker AsProperty => Free; }
        public record struct Swapped(double Left, double Right) { public readonly double Sum => Left + Right; public readonly void Deconstruct(out double a, out double b) { a = Right; b = Left; } }
        private static double Three(double a, double b, double c) => a * 100 + b * 10 + c;
        public struct Box2 { public double[] Data; public int N; }
        private static void Fill(params double[] v) { v[0] = 4; v[1] += 1; }
        private static void Fill2(params double[] v) { v[0] = 4; }
        private static void Both2(out double a, out double b, double x) { a = x; b = a * 2; a += 1; }
        private static void AddInto(ref double a, ref double b) { a += 1; b *= 2; a += b; }
        private static void Poke(ref double e, ref int i, double[] a) { i = 1; e = 100; a[i] = 7; a[0] += 1; e *= 2; }
        """;
}
