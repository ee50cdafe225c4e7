namespace AutoVec.Generator.Tests.Language;

internal static partial class Programs
{
    private const string Structs = """
        public readonly record struct Z(double Re, double Im)
        {
            public static Z operator +(Z a, Z b) => new(a.Re + b.Re, a.Im + b.Im);
            public static Z operator -(Z a, Z b) => new(a.Re - b.Re, a.Im - b.Im);
            public static Z operator *(Z a, Z b) => new(a.Re * b.Re - a.Im * b.Im, a.Re * b.Im + a.Im * b.Re);
            public double Norm2 => Re * Re + Im * Im;
        }
        public struct Dot2 { public double X, Y; public void Move(double dx) { X += dx; Y -= 0.5 * dx; } public readonly double Dot(in Dot2 o) => X * o.X + Y * o.Y; }
        public struct Ball { public Dot2 P, V; public double Mass; public int Hits; public bool Alive; }
        static double Energy(Ball[] all) { double e = 0; foreach (var b in all) if (b.Alive) e += 0.5 * b.Mass * b.V.Dot(b.V) + b.P.Y + 0.01 * b.Hits; return e; }
        static void Step(Ball[] all, double dt) { for (int i = 0; i < all.Length; i++) { ref var b = ref all[i]; b.P.X += dt * b.V.X; b.P.Y += dt * b.V.Y; if (b.P.Y < 0) { b.P.Y = -b.P.Y; b.V.Y = -0.9 * b.V.Y; b.Hits++; } } }
        static Ball[] Balls(double[] x) { var all = new Ball[x.Length]; for (int i = 0; i < x.Length; i++) all[i] = new Ball { P = new Dot2 { X = x[i], Y = 1 + i }, V = new Dot2 { X = 1, Y = -x[i] }, Mass = 1 + 0.5 * i, Alive = i != 1 }; return all; }
        static Z Sum(ReadOnlySpan<Z> a) { var s = default(Z); foreach (var z in a) s += z; return s; }
        static void Twice(Span<Z> a) { for (int i = 0; i < a.Length; i++) a[i] = a[i] + a[i]; }

        [V] public static double Fourier(double[] x, int bin)
        {
            int n = 8; var a = new Z[n]; for (int i = 0; i < n; i++) { int r = 0; for (int k = 0; k < 3; k++) r |= ((i >> k) & 1) << (2 - k); a[r] = new Z(x[i % x.Length] * (i + 1), 0); }
            for (int len = 2; len <= n; len *= 2) for (int i = 0; i < n; i += len) for (int j = 0; j < len / 2; j++)
            { var (s, c) = Math.SinCos(-2 * Math.PI * j / len); Z u = a[i + j], v = a[i + j + len / 2] * new Z(c, s); a[i + j] = u + v; a[i + j + len / 2] = u - v; }
            return a[bin & 7].Norm2;
        }
        [V] public static double Bounce(double[] x, int steps) { var all = Balls(x); for (int t = 0; t < (steps & 7); t++) Step(all, 0.3); return Energy(all); }
        [V] public static double BouncePairs(double[] x) { var all = Balls(x); for (int i = 0; i < all.Length; i++) for (int j = 0; j < i; j++) { double d = all[i].P.X - all[j].P.X; all[i].V.X += 0.1 * d; all[j].V.X -= 0.1 * d; } return Energy(all); }
        [V] public static double FieldsOfElements(double x, double y, int k) { var a = new Dot2[3]; a[0].X = x; a[1].Y = y; a[k & 1].X += 2 * y; a[2] = a[0]; a[2].Y *= 3; a[1].X++; return a[0].X + 10 * a[1].X + a[2].X * a[1].Y + a[2].Y; }
        [V] public static double MethodsOfElements(double x, double y, int k) { var a = new Dot2[2]; a[0] = new Dot2 { X = x, Y = y }; a[k & 1].Move(2); a[1].Move(x); var c = a[0]; c.Move(100); a[1].Y += a[0].X; return a[0].Dot(a[1]) + c.X; }
        [V] public static double References(double x, double y, int k) { var a = new Dot2[3]; ref Dot2 p = ref a[k & 1]; p.X = x; p = new Dot2 { X = p.X + 1, Y = y }; ref double z = ref a[2].Y; z = p.Y * 2; Bump(ref a[1], x); return a[0].X + 3 * a[1].X + a[1].Y + a[2].Y; }
        static void Bump(ref Dot2 p, double x) { p.X += x; p.Y = p.X * x; }
        [V] public static double Exchanged(double x, double y, int k) { Dot2[] a = [new Dot2 { X = x }, new Dot2 { X = y, Y = 1 }, new Dot2 { Y = x * y }]; int i = k & 1; (a[i], a[2]) = (a[2], a[i]); var t = a[0]; a[0] = a[1]; a[1] = t; return a[0].X + 10 * a[1].X + 100 * a[2].X + a[0].Y - a[2].Y; }
        [V] public static double SortedStructs(double[] x) { var a = new (double Key, int At)[x.Length]; for (int i = 0; i < x.Length; i++) a[i] = (Math.Sin(3 * x[i]), i); for (int i = 1; i < a.Length; i++) { var v = a[i]; int j = i - 1; while (j >= 0 && a[j].Key > v.Key) { a[j + 1] = a[j]; j--; } a[j + 1] = v; } double s = 0; for (int i = 0; i < a.Length; i++) s += a[i].Key * (i + 1) + 0.1 * a[i].At; return s; }
        [V] public static double Matrix2(double[] x) { var m = new Z[2, 3]; for (int i = 0; i < 2; i++) for (int j = 0; j < 3; j++) m[i, j] = new Z(x[0] + i, j - x[0]); m[1, 2] *= m[0, 1]; var s = new Z(); foreach (var z in m) s = s + z * z; return s.Norm2 + m.GetLength(1) + m.Length + m.Rank; }
        [V] public static double Copies(double[] x) { var a = new Z[x.Length]; for (int i = 0; i < x.Length; i++) a[i] = new(x[i], i); var b = (Z[])a.Clone(); a[0] = new(5, 5); var c = a[1..]; a[^1] = new(7, x[0]); var d = a; d[0] = d[0] * d[^1]; return Sum(a).Norm2 + Sum(b).Re + Sum(c).Im + c.Length; }
        [V] public static double Spans(double[] x) { Span<Z> a = stackalloc Z[4]; for (int i = 0; i < 4; i++) a[i] = new(x[i % x.Length], 1); Twice(a[1..3]); var part = a.Slice(2); part[0] = new(3, x[0]); a[..1].Fill(new Z(x[0], 2)); a.Slice(3).Clear(); return Sum(a).Norm2 + Sum(part).Re; }
        [V] public static double SpansMore(double[] x) { var a = new Z[4]; for (int i = 0; i < 4; i++) a[i] = new(x[i % x.Length], i); a.AsSpan(0, 2).CopyTo(a.AsSpan(2)); Array.Reverse(a); Array.Fill(a.AsSpan(1, 1).ToArray(), new Z(1, 1)); var b = new Z[4]; Array.Copy(a, b, 3); Array.Clear(a); return Sum(b).Norm2 + Sum(a).Re + b[3].Im; }
        [V] public static double Literals(double x, double y) { Z[] a = { new(x, y), new(y, 1) }; var b = new[] { a[1], a[0] * a[1] }; Z[] c = [b[0], new(2, x)]; return a[0].Re + b[1].Im * c[1].Im + c[0].Re; }
        [V] public static double Buffers(double[] x, int steps) { var a = new Z[x.Length]; var b = new Z[x.Length]; for (int i = 0; i < x.Length; i++) a[i] = new(x[i], 0.5); for (int t = 0; t < (steps & 3); t++) { for (int i = 0; i < a.Length; i++) b[i] = a[i] + a[(i + 1) % a.Length] * new Z(0.5, 0.1); (a, b) = (b, a); } return Sum(a).Norm2; }
        [V] public static double InBranches(double[] x, bool p) { Z[] c; if (p) { c = new Z[x.Length]; c[0] = new(x[0], 1); } else { c = new Z[x.Length]; c[^1] = new(1, x[0]); } c[0] += new Z(1, 1); return c[0].Re + 2 * c[^1].Im; }
        [V] public static double ForEachRef(double[] x) { var a = new Dot2[x.Length]; foreach (ref var p in a.AsSpan()) p.X = x[0]; int k = 0; foreach (ref Dot2 p in a.AsSpan()) { p.Y = p.X * x[k]; k++; } double s = 0; foreach (var p in a) { if (p.Y > 1e6) break; s += p.Y; } return s; }
        [V] public static double Searched(double[] x, double y) { var a = new (double V, double W)[x.Length]; for (int i = 0; i < a.Length; i++) a[i] = (x[i], 2 * x[i] * y); foreach (var (v, w) in a) if (v > y) return w; for (int i = 0; i < a.Length; i++) if (a[i] is { V: > 0, W: var w } && w < 1) return w - 1; return y; }
        [V] public static double InsideStruct(double x, double y) { Box b; b.Corners = new Dot2[2]; b.Corners[0].X = x; b.Corners[1] = new Dot2 { Y = y }; b.Scale = 2; var c = b; c.Corners[1].X = 3 * x; return b.Corners[1].X * b.Scale + c.Corners[1].Y; }
        public struct Box { public Dot2[] Corners; public double Scale; }
        [V] public static double Made(double[] x) { var (a, n) = Pairs(x); return a[n - 1].X * a[0].Y + a.Length; }
        static (Dot2[] All, int Count) Pairs(double[] x) { var a = new Dot2[x.Length]; for (int i = 0; i < a.Length; i++) a[i] = new Dot2 { X = x[i] * x[i], Y = x[a.Length - 1 - i] }; return (a, a.Length); }
        [V] public static int Counts(int k, int n) { var a = new (int Sum, long Product, bool Any)[3]; for (int i = 0; i < (n & 7); i++) { ref var e = ref a[i % 3]; e.Sum += i + k; e.Product = e.Product * 2 + i; e.Any |= i > 3; } return a[0].Sum + (int)a[1].Product + (a[2].Any ? 100 : 0) + (a[0].Any ? 1000 : 0); }
        [V] public static double Mixed(double[] x, float f) { var a = new (float F, double D, int I)[2]; a[0] = (f, x[0], 3); a[1].F = a[0].F * f; a[1].D = a[0].D + a[1].F; a[1].I = a[0].I + (int)f % 5; return a[1].D * a[1].I + a[1].F; }
        [V] public static double Waves(double[] x) { var a = new Z[2]; a[0] = new(x[0], 1); double s = 0; foreach (double v in x) { a[1] = a[0] * new Z(Math.Cos(v), Math.Sin(v)); a[0] = a[1] + a[0]; s += a[0].Norm2; } return s; }
        public struct V2(double x, double y) { public double X = x; public double Y { get; set; } = y * 2; public readonly double Length => Math.Sqrt(X * X + Y * Y + 1); }
        public struct Start { public double X; public int N = 3; public Start() { X = N + 2; } public Start(double x) { X = x * N; N++; } }
        [V] public static double Primary(double x, double y) { var v = new V2(x, y); v.X += 1; var a = new V2[2]; a[1] = new V2(y: x, x: y); for (int i = 0; i < 3; i++) a[0] = new V2(a[0].Y, v.X + i); return v.Length + a[1].Y + new V2().X + a[0].Length; }
        [V] public static double Parameterless(double x) { var s = new Start(); var t = new Start(x); var z = default(Start); var a = new Start[2]; a[0] = new(); return s.X + 10 * t.X + z.N + a[1].N + s.N + 100 * a[0].N + t.N * x; }
        [V] public static double Bits(double[] x, int k) { var a = (double[])x.Clone(); Array.Fill(a, 2.5, 0, 1); var b = x.ToArray(); b[0] = a[0] * b[0]; uint u = (uint)k; return b[0] + System.Numerics.BitOperations.PopCount(u) + 10 * System.Numerics.BitOperations.Log2(u) + 100 * int.TrailingZeroCount(k) + (int.IsPow2(k) ? 1000 : 0) + 2000 * System.Numerics.BitOperations.LeadingZeroCount((ulong)u); }
        [V] public static double Digits(float f, int k) { double x = f + k * 0.001; return Math.Round(x, 2) + Math.Round(x * 1e3, 1, MidpointRounding.AwayFromZero) + Math.Round(x * 1e16, 3) + MathF.Round(f, 1) + double.Round(x / 3, 4, MidpointRounding.ToZero) + uint.Clamp((uint)x, 2u, 3_000_000_000u) + float.Round(f * 0.1f, 0); }
        [V] public static double ChosenArray(double[] x, double[] y, bool p) { var z = p ? x : y; double s = z.Length; for (int i = 0; i < z.Length; i++) s = 0.5 * s + z[i] * (i + 1); return s + z[^1]; }
        [V] public static double ChosenNew(double x, int k) { double[] z; if (k > 3) { z = new double[k & 7]; } else { z = new double[2 * (k & 3) + 1]; z[0] = x; } for (int i = 0; i < z.Length; i++) z[i] += x * i; double s = 0; foreach (double v in z) s += v * v; return s + z.Length; }
        [V] public static double ChosenTwice(double[] x, double[] y, int k) { var z = k > 2 ? x : k > 0 ? y : new double[1]; double s = 0; for (int i = 0; i < z.Length; i++) s += z[i] * z[z.Length - 1 - i]; var t = z; return s + t.Length; }
        [V] public static double ChosenBeyond(double[] x, double[] y, int k) { var z = k > 2 ? x : y; return z[k] * 2; }
        [V] public static double ChosenPassed(double[] x, bool p) { var z = p ? Half2(x) : x; return Fold(z, 1, (s, v) => s * 0.7 + v) + Np.Sum(z); }
        static double[] Half2(double[] x) { var h = new double[x.Length / 2 + 1]; for (int i = 0; i < h.Length; i++) h[i] = x[i % x.Length] * 2; return h; }
        [V] public static double ChosenStructs(double[] x, int k) { var a = new Z[x.Length]; for (int i = 0; i < a.Length; i++) a[i] = new(x[i], i); var b = k > 0 ? a : [new Z(1, x[0])]; Z s = default; foreach (var z in b) s += z * z; return s.Norm2 + b.Length; }
        public delegate double Law(double x);
        static double Apply(Law law, double x) => law(x);
        static double Iterate(Func<double, double> f, double x) => f(f(x));
        static double Cubed(double x) => x * x * x;
        static double Integrate(Func<double, double> f, double a, double b, int n = 8) { double h = (b - a) / n, s = 0; for (int i = 0; i < n; i++) s += f(a + (i + 0.5) * h); return s * h; }
        static double Zero(Func<double, double> f, double lo, double hi) { for (int i = 0; i < 12; i++) { double m = 0.5 * (lo + hi); if (f(m) > 0) hi = m; else lo = m; } return lo; }
        static double[] MapOf(double[] x, Func<double, int, double> f) { var y = new double[x.Length]; for (int i = 0; i < x.Length; i++) y[i] = f(x[i], i); return y; }
        static double Fold(double[] x, double start, Func<double, double, double> f) { double s = start; foreach (double v in x) s = f(s, v); return s; }
        [V] public static double Passed(double x, double y) => Iterate(t => t * t + y, x) + Iterate(Cubed, 0.5 * x) + Iterate(Math.Sin, y) + Apply(z => z - x, y) + Apply(Cubed, y);
        [V] public static double Integrals(double x, double y) { double Line(double t) => t * x; static double Square(double t) => t * t; return Integrate(t => Math.Sin(t * x), 0, y) * Integrate(Line, 0, 1) + Integrate(Square, x, y, n: 3); }
        [V] public static double MappedBy(double[] x, double y) { var a = MapOf(x, (v, i) => v * i + y); Func<double, double> g = v => v * v + a[0]; a[0] = 2; return g(a[^1]) + a[0]; }
        [V] public static double CaptureChanges(double x) { double k = 1; Func<double, double> f = v => v * k; double s = 0; for (int i = 0; i < 3; i++) { k += i; s += f(x); } return s; }
        [V] public static double FoldedBy(double[] x) => Fold(x, 0.1, (s, v) => s * 0.5 + v * v) + Fold(x, -1e9, Math.Max);
        [V] public static double ZeroOf(double x, double y) => Zero(t => { double s = 0; for (int i = 0; i < 3; i++) { if (t > 5) return t; s += t * t - i * x; } return s - y; }, 0, 4);
        [V] public static double Beyond(double x, int k) { var a = new Z[2]; a[k] = new(x, 1); return a[1].Re; }
        """;
}
