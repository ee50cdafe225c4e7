namespace AutoVec.Generator.Tests.Language;

/// <summary>
/// One small method a construct, as a user would write it. <c>[V]</c> is what <see cref="Programs.Source"/> makes of it: vectorised, and
/// differentiated where a double goes in and comes out.
/// </summary>
internal static partial class Programs
{
    /// <summary>Types and methods that they use.</summary>
    private const string Support = """
        public struct Pt { public double X, Y; }
        public struct Line { public Pt P, Q; }
        public struct Buf { public double[] Data; public int N; }
        public readonly struct Vec { public readonly double A, B; public Vec(double a, double b) { A = a; B = b; }
         public double Dot(Vec o) => A * o.A + B * o.B; public double Norm => Math.Sqrt(A * A + B * B);
         public static Vec operator +(Vec a, Vec b) => new(a.A + b.A, a.B + b.B); public static Vec operator *(Vec a, double k) => new(a.A * k, a.B * k); public static Vec operator -(Vec a) => new(-a.A, -a.B);
         public static Vec Make(double x) => new(x, x); public static readonly Vec Unit = new(1, 1);
         public static implicit operator Vec(double x) => new(x, 0); public static explicit operator double(Vec v) => v.B; }
        public record struct R(double A, double B) { public double Sum() => A + B; public readonly double Double => 2 * A; }
        public readonly record struct RR(double A, double B);
        public struct PC(double x) { public double Twice => 2 * x; }
        public struct SP { public double V { get; set; } private double _w; public double W { get => _w; set => _w = value * 2; } public double Sum => V + _w; }
        [Tree] public partial record T1(double[] W, double B);
        [Tree] public partial record T2(T1 L, double K);
        [Flags] public enum E { None = 0, A = 1, B = 2, AB = 3 }
        public enum Small : byte { Zero, One }
        private static double InF(in double x, in double y) => x * 2 + y;
        private static void Bump(ref double x, out double y) { y = x * 2; x += 1; }
        private static void OutOnly(out double y) { y = 7; }
        private static void Twice(ref double y) { y *= 2; }
        private static void Swap(ref double a, ref double b) { (a, b) = (b, a); }
        private static void Move(ref Pt p, double d) { p.X += d; p.Y = p.X; }
        private static void Split(double x, out double a, out double b) { a = x * 2; b = x; }
        private static double SumP(params double[] v) { double s = 0; foreach (double e in v) s += e; return s; }
        private static double SumS(params ReadOnlySpan<double> v) { double s = 0; foreach (double e in v) s += e; return s; }
        private static double Opt(double x, double y = 5, int k = 2) => x * y + k;
        private static (double, double) Two(double x) => (x * 2, x + 1);
        private static T Gen<T>(T x) => x;
        private static T GenM<T>(T x) where T : System.Numerics.INumber<T> => x * x + T.One;
        private static readonly double RO = 2.5; private static readonly int ROd = 3; private static readonly bool Flag = true; private static readonly double ROe = Math.PI / 4;
        private static readonly double ROexpr = Math.Sqrt(2.0);
        private static readonly double[] Table = { 1, 2, 3, 4 };
        private static double Prop => 3.5;
        public struct Counter { public double Total; public int Count; public void Add(double x) { Total += x; Count++; } public int Bump() => ++Count; public readonly double Mean => Count == 0 ? 0 : Total / Count; }
        public struct Pair { public Counter A, B; }
        private static void Helper(Span<double> a, ReadOnlySpan<double> x) { a[0] = x[0]; a[2] = x.Length; }
        private static ReadOnlySpan<double> Coefficients => [1, 2, 3, 4];
        private static double FirstAbove(double[] x, double cap) { double s = 0; for (int i = 0; i < x.Length; i++) { if (x[i] > cap) { s += x[i]; break; } if (x[i] < -cap) continue; s += 1; } while (true) { s *= 0.5; if (s < 1) break; } return s; }
        """;
}
