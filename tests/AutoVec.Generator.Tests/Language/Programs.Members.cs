namespace AutoVec.Generator.Tests.Language;

internal static partial class Programs
{
    /// <summary>Properties and indexers with code of their own, constructors that call others, values of a type that are there once; and the functions .NET has beside Math's.</summary>
    private const string Members = """
        [V] public static double SetLength(double x, double y, double l) { var v = new Vec3(x, y, 1.5); v.Length = l * l + 1; return v.X * v.Y + v.Z; }
        [V] public static double SetAtIndex(double x, double y) { var v = new Vec3(x, y, 1); for (int i = 0; i < 3; i++) v[i] = v[i] * (i + 1) + x; v[1] += 2 * y; v[2]++; return v.Dot(v + 2 * Vec3.Up) + Vec3.Zero.X; }
        [V] public static double SetInArray(double[] x) { var vs = new Vec3[3]; for (int i = 0; i < 3; i++) { vs[i].X = x[0]; vs[i][1] = x[0] + i; vs[i].Length = i + 2; } return vs[1].Y * vs[2].X + vs[0][2]; }
        [V] public static double Clipped(double x, double y) { var c = new Clip { A = x }; c.A -= y; c.B = x * y; return c.A * 3 + c.B; }
        [V] public static double ClippedWith(double x, double y) { var c = new Clip { A = x, B = y }; var d = c with { A = -y, B = c.B * x }; return c.A * 3 + c.B + d.A * x + d.B; }
        [V] public static double Chained(double x, double y) { var a = new Chain(x); var b = new Chain(x, y); var c = new Chain(); return a.U * a.V + b.U * b.V * b.W + c.U + c.W; }
        [V] public static double ChainedPrimary(double x) { var p = new Pair2(x); var q = new Pair2(x, 2 * x); return p.A * p.B - q.A * q.B; }
        [V] public static double Redefined(double x) { var r = new Doubled(x, 3); var s = r with { K = 5 }; return r.X * r.K + s.X * s.K; }
        [V] public static double OnceUnit(double x, double y) { var v = x * Vec3.UnitX + y * Vec3.Up; return v.X * v.Z + Vec3.Half; }
        [V] public static double SetInside(double x) { var v = new Vec3(x, 2, 3); v.Normalize(); return v.X + v.Y * v.Z; }
        [V] public static double Hypots(double x, double y) => double.Hypot(x, y + 3) * double.Hypot(x, 2);
        [V] public static double HalfTurns(double x, double y) => double.SinPi(x) * double.CosPi(y) + double.SinPi(y) + double.TanPi(x * 0.1);
        [V] public static double HalfTurnsBoth(double x) { var (s, c) = double.SinCosPi(x); return s * 2 + c; }
        [V] public static double Roots(double x) => double.RootN(x, 3) + double.RootN(x * x + 1, 2) + double.RootN(x, 5) + double.RootN(x * x + 0.5, 4) + double.RootN(x * x + 2, -3);
        [V] public static double RootsOf(double x) => double.RootN(x, 4) + double.RootN(x, -5);
        [V] public static double Scaled(double x, int n) => Math.ScaleB(x, n % 40) + Math.ScaleB(x, -3) * x;
        [V] public static double Neighbours(double x, double y) => (Math.BitIncrement(x) - Math.BitDecrement(x * y)) * x;
        [V] public static double Exponents(double x) => x * Math.ILogB(x);
        [V] public static float ExponentsF(float x) => MathF.ScaleB(x, MathF.ILogB(x)) + MathF.BitIncrement(x) + float.SinPi(x) + float.Hypot(x, 2);
        [V] public static long ByBits(double x) => BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(x) & ~0xFFFFL) + 1);
        [V] public static float ByBitsF(int n) => BitConverter.Int32BitsToSingle(0x3F800000 | ((n * 747796405) >>> 9)) - 1;
        [V] public static float ByUnsignedBits(int n) { uint h = (uint)n * 2654435761u; h ^= h >> 15; return BitConverter.UInt32BitsToSingle(0x3F800000u | (h >> 9)) - 1; }
        [V] public static double InverseRoot(double x) { double y = BitConverter.Int64BitsToDouble(0x5FE6EB50C7B537A9 - (BitConverter.DoubleToInt64Bits(x * x + 1) >> 1)); for (int i = 0; i < 4; i++) y *= 1.5 - 0.5 * (x * x + 1) * y * y; return y; }
        """;

    private const string MembersSupport = """
        public struct Vec3(double x, double y, double z)
        {
            public double X = x, Y = y, Z = z;
            public double this[int i]
            {
                readonly get => i switch { 0 => X, 1 => Y, _ => Z };
                set { switch (i) { case 0: X = value; break; case 1: Y = value; break; default: Z = value; break; } }
            }
            public double Length
            {
                readonly get => Math.Sqrt(X * X + Y * Y + Z * Z);
                set { double f = value / Length; X *= f; Y *= f; Z *= f; }
            }
            public void Normalize() { Length = 1; this[0] += 1; }
            public readonly double Dot(in Vec3 o) => X * o.X + Y * o.Y + Z * o.Z;
            public static Vec3 operator +(Vec3 a, Vec3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);
            public static Vec3 operator *(double s, Vec3 a) => new(s * a.X, s * a.Y, s * a.Z);
            public static readonly Vec3 Up = new(0, 0, 1);
            public static Vec3 Zero => new(0, 0, 0);
            public static Vec3 UnitX { get; } = new(1, 0, 0);
            public static double Half { get; } = 0.5;
        }
        public struct Clip
        {
            public double A { get; set => field = Math.Max(value, 0) * 2; }
            public double B { get => field + 1; set; }
        }
        public struct Chain
        {
            public double U, V, W = 4;
            public Chain() : this(7) { W += 1; }
            public Chain(double u) : this(u, u * u) { V += 1; }
            public Chain(double u, double v) { U = u; V = v; W *= 2; }
        }
        public struct Pair2(double a, double b)
        {
            public double A = a, B = b + 1;
            public Pair2(double a) : this(a * 3, a) { B *= 2; }
        }
        public record struct Doubled(double X, double K) { public double X { get; init; } = X * 2; }
        """;
}
