using AutoVec.Generator.Tests.Kit;

namespace AutoVec.Generator.Tests.Lowering;

/// <summary>Methods built round one trap each, run in the interpreter against themselves on random arguments.</summary>
public class BatteryTests
{
    private static readonly Lazy<Lowered> Subject = new(() => Lowered.FromMethods(Methods.Replace("[V]", "[Vectorize]", StringComparison.Ordinal)));

    public static TheoryData<string> Names() => [.. System.Text.RegularExpressions.Regex.Matches(Methods, @"\[V\] public static [^(]*?(?<name>\w+)\((?!float s\b\))").Select(m => m.Groups["name"].Value).Distinct()];

    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_plain_method(string name)
    {
        var subject = Subject.Value;
        var method = subject.Plain(name);
        var random = new Random(name.Aggregate(17, (h, c) => h * 31 + c));
        for (int k = 0; k < 60; k++) Agreement.Check(subject, name, Agreement.Draw(method, random));
    }

    internal const string Methods = """
        // ---- jumps
        [V] public static float BreakKeepsWhatWasDone(float[] x, float cap)
        {
            float s = 0; int n = 0;
            for (int i = 0; i < x.Length; i++)
            {
                s += x[i];
                if (s > cap) { s = -s; break; }
                n++;
            }
            return s + 10 * n;
        }
        [V] public static float ContinueSkipsTheRestNotTheStep(float[] x)
        {
            float s = 0;
            for (int i = 0; i < x.Length; i += 2)
            {
                if (x[i] < 0) continue;
                s = s * 0.5f + x[i];
                if (x[i] > 1) continue;
                s -= i;
            }
            return s;
        }
        [V] public static int BreakAndContinueInWhile(int n, int m)
        {
            int i = 0, s = 0;
            while (true)
            {
                i++;
                if (i > n + 3) break;
                if (i % 2 == 0) { if (i == m) continue; s += 100; }
                else if (i == 5) break;
                s += i;
            }
            return s * 10 + i;
        }
        [V] public static int ReturnFromThreeLoops(int[] a, int key)
        {
            for (int i = 0; i < a.Length; i++)
                for (int j = i; j < a.Length; j++)
                {
                    int k = j;
                    while (k >= 0)
                    {
                        if (a[i] + a[j] - a[k] == key) return 100 * i + 10 * j + k;
                        k--;
                    }
                    if (a[j] == key) return -j;
                }
            return -100;
        }
        [V] public static float ReturnInBothBranchesAndAfter(float x, float y)
        {
            if (x > 0) { if (y > 0) return x * y; x += 1; if (y < -1) return x; }
            else if (y > 1) return -y; else { y = 2; }
            return x - y;
        }
        [V] public static float NestedMaybeJumps(float x, float y, int n)
        {
            float s = 0;
            for (int i = 0; i < n; i++)
            {
                if (x > i) { if (y > i) { s += 1; continue; } s += 10; if (s > 25) { s += 0.5f; break; } }
                else { if (y < 0) continue; s += 100; }
                s *= 2;
            }
            return s;
        }
        [V] public static int DoWhileWithContinueAndBreak(int n, int m)
        {
            int i = 0, s = 1;
            do
            {
                i++;
                if (i == m) continue;
                s = s * 3 + i;
                if (s > 1000) break;
            } while (i < n);
            return s;
        }
        [V] public static int InnerBreakIsNotOuterBreak(int n, int m)
        {
            int s = 0;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++) { if (j == m) break; s += j; }
                if (s > 20) break;
                s += 7;
            }
            return s;
        }
        [V] public static int SwitchInsideLoopInsideSwitch(int k, int n)
        {
            int s = 0;
            switch (k)
            {
                case 0: return -1;
                case 1:
                case 2:
                    for (int i = 0; i < n; i++)
                    {
                        switch (i % 3)
                        {
                            case 0: s += 1; break;
                            case 1: if (s > 3) continue; s += 10; break;
                            default: if (k == 2) return s; s += 100; break;
                        }
                        s *= 2;
                    }
                    break;
                case > 3 when n > 2: s = 5; if (n > 4) break; s = 6; break;
                case 4 or 5: s = 7; break;
                default: s = 8; break;
            }
            return s + 1;
        }
        [V] public static int SwitchWithDefaultFirst(int k)
        {
            switch (k) { default: k += 100; break; case 1: k = 5; break; case 3: case 4: k *= 2; break; }
            return k;
        }
        [V] public static int SwitchDefaultSharesLabels(int k)
        {
            int s = 0;
            switch (k) { case 1: default: s = 1; break; case 2: s = 2; break; }
            return s;
        }
        [V] public static float UnassignedUntilTheBranch(float x, int n)
        {
            float y;
            if (n > 2) { if (x < 0) return -1; y = x; } else { y = 2 * x; }
            return y + 1;
        }
        [V] public static float EmptyLoopBodiesAndConditions(int n)
        {
            int i = 0;
            for (; i < n; i++) { }
            for (; ; ) { if (i++ > 5) break; }
            return i;
        }
        [V] public static int ConditionWithEffects(int n)
        {
            int s = 0, k = n;
            while (k-- > 0 && (s += k) < 8) s += 1;
            return 100 * s + k;
        }
        [V] public static int ShortCircuitEffects(int n, bool p)
        {
            int k = 0;
            bool a = p && (k += 1) > 0;
            bool b = p || (k += 10) > n;
            bool c = !p && (n > 2 || (k += 100) > 0);
            return k + (a ? 1000 : 0) + (b ? 2000 : 0) + (c ? 4000 : 0);
        }
        [V] public static float ShortCircuitGuardsAnIndex(float[] x, int i) => i >= 0 && i < x.Length && x[i] > 0 ? x[i] : -1;
        [V] public static float IndexThatThrows(float[] x, int i) => x[i];
        [V] public static int DivisionThatThrows(int a, int b) => b > 3 ? 1 : a / b + a % b;
        [V] public static int UntakenDivision(int a, int b) => b == 0 ? -1 : a / b;
        [V] public static int LoopWithGotoFreeStateMachine(int n)
        {
            int state = 0, steps = 0;
            while (steps < 20)
            {
                steps++;
                switch (state)
                {
                    case 0: state = n > 2 ? 1 : 2; continue;
                    case 1: n--; state = 0; continue;
                    case 2: if (n < 0) { state = 3; break; } n -= 2; continue;
                    case 3: return steps;
                }
                n *= 2;
            }
            return -steps;
        }
        [V] public static bool BoolLoop(int[] a, bool flip)
        {
            bool found = false;
            foreach (int v in a) { if (v == 2) { found = true; break; } found ^= flip; }
            return found;
        }
        [V] public static float ForeachWithContinue(float[] x)
        {
            float s = 1;
            foreach (float v in x) { if (v < 0) continue; s *= v + 0.5f; }
            return s;
        }
        [V] public static float ForeachReturns(float[] x)
        {
            foreach (var v in x) if (v > 1) return v;
            return -1;
        }

        // ---- counted loops
        [V] public static int CountedForms(int a, int b)
        {
            int s = 0;
            for (int i = a; i < b; i++) s = s * 3 + i;
            for (int i = a; i <= b; i += 2) s = s * 3 + i;
            for (int i = b; i > a; i--) s = s * 3 + i;
            for (int i = b; i >= a; i -= 3) s = s * 3 + i;
            for (int i = 0; b > i; ++i) s = s * 3 + i;
            for (int i = b - 1; i >= 0; i = i - 1) s = s * 3 + i;
            for (int i = 1; i + 2 < b; i++) s = s * 3 + i;
            for (int i = 0; i < b - 1; i += 4) s = s * 3 + i;
            for (int i = 10; i > b; i -= 4) s = s * 3 + i;
            for (int i = -3; i < a; i++) s = s * 3 + i;
            return s;
        }
        [V] public static float TriangularAndReverse(float[] x)
        {
            float s = 0;
            for (int i = x.Length - 1; i >= 0; i--)
                for (int j = i + 1; j < x.Length; j++) s = s * 0.5f + x[i] * x[j];
            for (int i = 1; i < x.Length; i++) for (int j = 0; j <= i - 1; j++) s += x[j];
            return s;
        }
        [V] public static int CounterWrittenInBody(int n)
        {
            int s = 0;
            for (int i = 0; i < n; i++) { s += i; if (s % 3 == 0) i++; }
            return s;
        }
        [V] public static int BoundWrittenInBody(int n)
        {
            int s = 0;
            for (int i = 0; i < n; i++) { s += i; n -= s % 2; }
            return s * 10 + n;
        }
        [V] public static int StepWrittenInBody(int n)
        {
            int s = 0, d = 1;
            for (int i = 0; i < n; i += d) { s += i; d++; }
            return s;
        }
        [V] public static long LongCounter(int n)
        {
            long s = 0;
            for (long i = n; i > -3; i -= 2) s = s * 5 + i;
            return s;
        }
        [V] public static float FloatCounter(float x)
        {
            float s = 0;
            for (float t = x; t < 2; t += 0.75f) s += t;
            return s;
        }
        [V] public static int TwoCounters(int n)
        {
            int s = 0;
            for (int i = 0, j = n; i < j; i++, j--) s += i * j;
            for (int i = 0, j = n; i < 4; i++) { s += j; j += i; }
            return s;
        }
        [V] public static int CounterOutside(int n)
        {
            int i;
            for (i = 2; i < n; i++) { }
            int k = 0;
            for (; k < n; k += 2) { }
            return i * 10 + k;
        }
        [V] public static int BoundFromArray(int[] a)
        {
            int s = 0;
            for (int i = 0; i < a[0]; i++) s += a[i % a.Length] + i;
            return s;
        }

        // ---- expressions
        [V] public static int OrderOfEvaluation(int x)
        {
            int y = x++ + x * 10 + ++x * 100;
            y += x = y % 7;
            x = (x = 3) + x;
            return y * 100 + x;
        }
        [V] public static int IntegerArithmetic(int a, int b)
        {
            int c = a * 1000003 + b;
            return (c << (b & 3)) ^ (c >> 2) ^ (c >>> 3) ^ ~a & b | -a;
        }
        [V] public static int Overflow(int a) => (a + 1) * int.MaxValue + (int)(a * 3000000000L);
        [V] public static long Widening(int a, long b) => a * b + (b << a) - (long)(a * 1.5f) + (b >> 1) % 3;
        [V] public static int CastsSaturate(float x, double y) => (int)(x * 1e10f) ^ (int)y ^ (int)(long)(y * 1e19);
        [V] public static double FloatIsFloat(float x, float y)
        {
            float f = x * 1.1f + y / 3f;
            double d = x * 1.1 + y / 3.0;
            return d - f + (float)(d * f) + 1 / 3 + 1f / 3;
        }
        [V] public static float FloatRemainder(float x, float y) => x % (y + 4) + MathF.Abs(x) + MathF.Max(x, 0) - MathF.Min(y, x);
        [V] public static double Functions(double x, double y) => Math.Sin(x) + Math.Cos(y) * Math.Exp(x / 3) + Math.Sqrt(Math.Abs(y)) + Math.Pow(Math.Abs(x) + 1, y) + Math.Atan2(x, y)
            + Math.Clamp(x, -1, 1) + Math.Floor(x) + Math.Ceiling(y) + Math.Round(x) + Math.Truncate(y) + Math.Tanh(x) + Math.Log(Math.Abs(x) + 1) + double.Max(x, y);
        [V] public static int IntegerFunctions(int a, int b) => Math.Max(a, b) * 3 + Math.Min(a, 2) + Math.Abs(b) + Math.Clamp(a, 0, 3) + int.Max(a, 1);
        [V] public static bool Comparisons(float x, float y, bool p) => (x < y) ^ (x >= y - 1) ^ p == (y != 0) & !p | x == 0;
        [V] public static bool NaNCompares(float x) { float n = float.NaN * x; return n < 1 || n == n || n is float.NaN; }
        [V] public static int Patterns(int k, float x) => (k is > 1 and < 4 ? 1 : 0) + (k is 0 or 5 ? 10 : 0) + (k is not 2 ? 100 : 0) + (x is >= 0 and var y && y < 1 ? 1000 : 0);
        [V] public static float SwitchOnTuple(float a, float b, int k) => (a > 0, k) switch
        {
            (true, 0) => a,
            (true, > 2) when b > 0 => a * b,
            (false, 1 or 2) => -a,
            var (p, q) => p ? b : b - q,
        };
        [V] public static float SwitchArmsThatFail(float[] x, int k) => k switch { < 0 => -1, 0 => x[0], > 100 => x[1000], _ => x[x.Length - 1] };
        [V] public static float ConditionalAssigns(float x, float y) { float t = y; float r = x > 0 ? (t *= x) : (t -= x); return r * 10 + t; }
        [V] public static int NestedConditional(int a, int b) => a > 1 ? b > 1 ? 1 : 2 : b < 0 ? 3 : a == b ? 4 : 5;
        [V] public static int CompoundForms(int a, int b)
        {
            a += b; a -= 2; a *= 3; a |= 5; a &= 0xff; a ^= b; a <<= 1; a >>= 2; a >>>= 1; a %= 50; a /= 3;
            long l = a; l += b; l *= a; float f = a; f += b; f /= 2; f -= l;
            return (int)f;
        }
        [V] public static int Constants(int a)
        {
            const int K = 3; const float P = MathF.PI;
            return a * K + (int)(P * a) + int.MaxValue % 7 + sizeof(double);
        }
        private const double Gravity = 9.81;
        private static readonly float Half = 1f / 2;
        [V] public static double Fields(double x) => Gravity * x + Half;
        public enum Mode { Off, Low = 3, High = 5 }
        [V] public static int Enums(Mode m, int k) => m switch { Mode.Off => 0, Mode.Low => k, _ => (int)m } + (m == Mode.High ? 100 : 0) + (int)(Mode)k;
        [V] public static Mode EnumResult(Mode m) => m == Mode.Off ? Mode.High : m;

        // ---- arrays
        [V] public static float AliasIsOneArray(float x)
        {
            var a = new float[3];
            var b = a;
            b[1] = x;
            a[0] = b[1] * 2;
            b[2] = a[0] + a[1];
            return a[0] + 10 * a[1] + 100 * b[2] + (b.Length == a.Length ? 0.5f : 0);
        }
        [V] public static float[] SwapOfBuffers(float[] x, int n)
        {
            var h = new float[x.Length];
            var next = new float[x.Length];
            for (int i = 0; i < x.Length; i++) h[i] = x[i];
            for (int t = 0; t < n; t++)
            {
                for (int i = 0; i < h.Length; i++) next[i] = h[i] * 0.5f + h[(i + 1) % h.Length];
                (h, next) = (next, h);
            }
            h[0] += next[0];
            return h;
        }
        [V] public static float[] FreshArrayEachTrip(float[] x, int n)
        {
            float[] h = x;
            for (int t = 0; t < n; t++)
            {
                var y = new float[x.Length];
                for (int i = 0; i < y.Length; i++) y[i] = h[y.Length - 1 - i] + t;
                h = y;
            }
            return h;
        }
        [V] public static float ArrayChosenByBranch(float[] x, float[] y, bool p)
        {
            var a = p ? x : y.Length == x.Length ? x : x;
            float[] b;
            if (p) b = new float[2]; else { b = new float[2]; b[1] = 5; }
            b[0] = a[0];
            return b[0] + b[1];
        }
        [V] public static float ArrayWrittenInBranch(float[] x, float c)
        {
            var a = new float[x.Length + 1];
            for (int i = 0; i < x.Length; i++)
            {
                if (x[i] > c) a[i + 1] = a[i] + x[i];
                else if (x[i] < 0) { a[i] = -1; continue; }
                a[i] *= 2;
            }
            float s = 0;
            for (int i = 0; i < a.Length; i++) s = s * 0.5f + a[i];
            return s;
        }
        [V] public static int ElementForms(int[] x)
        {
            int[] a = { 1, 2, x[0], x.Length };
            int[] b = [x[0], a[1], 7];
            int[] c = new[] { 3, 4 };
            var m = new int[,] { { 1, 2, 3 }, { 4, 5, x[0] } };
            int i = 0;
            a[i++] += a[i] * 10;
            a[i]++;
            --a[i];
            int k = a[1]++ + ++a[0];
            (a[2], a[3]) = (a[3], a[2]);
            a[^1] = b[^2];
            m[1, 0] -= m[0, 2];
            return k + a[0] + 3 * a[1] + 5 * a[2] + 7 * a[3] + 11 * b[0] + 13 * c[1] + 17 * m[1, 0] + m.Length + m.GetLength(1) + m.Rank + m.GetUpperBound(0);
        }
        [V] public static float Matrices(float[,] a, float[,] b)
        {
            int n = a.GetLength(0), m = b.GetLength(1);
            var c = new float[n, m];
            for (int i = 0; i < n; i++)
                for (int j = 0; j < m; j++)
                    for (int k = 0; k < a.GetLength(1); k++) c[i, j] += a[i, k] * b[k, j];
            float t = 0;
            for (int i = 0; i < Math.Min(n, m); i++) t += c[i, i];
            return t;
        }
        [V] public static double Rank3(double[,,] a)
        {
            double s = 0;
            for (int i = 0; i < a.GetLength(0); i++)
                for (int j = 0; j < a.GetLength(1); j++)
                    for (int k = 0; k < a.GetLength(2); k++) s = s * 0.9 + a[i, j, k];
            return s + a.Length;
        }
        [V] public static int[] DataDependentIndices(int[] at, int n)
        {
            var o = new int[at.Length];
            for (int i = 0; i < at.Length; i++) o[at[i]] += i + 1;
            for (int i = 0; i < n; i++) { int k = at[i % at.Length]; (o[0], o[k]) = (o[k], o[0]); }
            return o;
        }
        [V] public static bool[] Sieve(int n)
        {
            var composite = new bool[n + 2];
            for (int p = 2; p < composite.Length; p++)
            {
                if (composite[p]) continue;
                for (int k = p + p; k < composite.Length; k += p) composite[k] = true;
            }
            return composite;
        }
        [V] public static float CloneIsACopy(float[] x)
        {
            var a = (float[])x.Clone();
            var b = (float[])a.Clone();
            a[0] = 100;
            b[0] += 1;
            return x[0] + a[0] * 2 + b[0] * 3;
        }
        [V] public static float Spans(float x, int n)
        {
            Span<float> u = stackalloc float[4];
            Span<double> w = stackalloc double[] { 1, x };
            u[0] = x;
            u[3] += 2;
            for (int i = 1; i < u.Length; i++) u[i] += u[i - 1];
            ReadOnlySpan<float> r = u;
            return r[3] + (float)w[1] + r.Length;
        }
        [V] public static float ReturnsArrayElementInLoop(float[] x)
        {
            var a = new float[x.Length];
            for (int i = 0; i < x.Length; i++) { a[i] = x[i] * x[i]; if (a[i] > 2) return a[i]; }
            return -1;
        }
        [V] public static float[] ReturnsArrayFromLoop(float[] x)
        {
            var a = new float[x.Length];
            for (int i = 0; i < x.Length; i++) { a[i] = x[i] + 1; if (a[i] > 2) return a; }
            a[0] = -1;
            return a;
        }
        [V] public static float[] ReturnsNewArrayFromLoop(float[] x)
        {
            for (int i = 0; i < x.Length; i++) if (x[i] > 1) { var b = new float[x.Length]; b[i] = x[i]; return b; }
            return new float[x.Length];
        }
        [V] public static float DoWhileFirstAssigns(float[] x)
        {
            float[] a; float previous; int i = 0;
            do { a = new float[x.Length]; a[0] = i; previous = x[i]; i++; } while (i < x.Length);
            return a[0] + previous;
        }

        // ---- calls
        private static float Square(float x) => x * x;
        private static float Poly(float x, float a = 2, float b = 1) { if (x < 0) return -1; return a * Square(x) + b; }
        private static void Store(float[] a, int i, float v) { a[i] = v + a[i]; }
        private static float[] Scaled(float[] a, float k) { var r = new float[a.Length]; for (int i = 0; i < r.Length; i++) r[i] = a[i] * k; return r; }
        private static float[] Same(float[] a) => a;
        private static (float Lo, float Hi) Range(float[] a)
        {
            float lo = a[0], hi = a[0];
            foreach (var v in a) { if (v < lo) lo = v; if (v > hi) hi = v; }
            return (lo, hi);
        }
        private static int Find(int[] a, int key) { for (int i = 0; i < a.Length; i++) if (a[i] == key) return i; return -1; }
        private static void Bump(ref float x, out float y) { y = x * 2; x += 1; }
        private static int Sum(params int[] v) { int s = 0; foreach (int x in v) s += x; return s; }
        [V] public static float Calls(float x, float y) => Poly(Square(x), b: y) + Poly(x) * Poly(b: 3, x: y, a: x);
        [V] public static float CalleeWrites(float x)
        {
            var a = new float[2];
            Store(a, 0, x); Store(a, 1, a[0]); Store(a, 0, 1);
            var b = Same(a);
            b[1] += 5;
            return a[0] + 10 * a[1];
        }
        [V] public static float CalleeReturnsArray(float[] x, float k)
        {
            var a = Scaled(Scaled(x, k), 2);
            a[0] = 1;
            float s = 0;
            for (int i = 0; i < a.Length; i++) s += a[i];
            return s + x[0];
        }
        [V] public static (float, int) CalleesWithEarlyReturns(float[] x, int[] a, int key)
        {
            var (lo, hi) = Range(x);
            int at = Find(a, key), other = Find(a, Find(a, key));
            return (hi - lo, at * 10 + other);
        }
        [V] public static float ByReference(float x)
        {
            float y = x;
            Bump(ref y, out float z);
            Bump(ref z, out y);
            return y * 100 + z + Sum(1, 2, 3) + Sum();
        }
        [V] public static int LocalFunctions(int n)
        {
            int total = 0;
            void Add(int k) { if (k < 0) return; total += k; }
            static int Twice(int k) => 2 * k;
            for (int i = -1; i < n; i++) Add(Twice(i));
            return total;
        }
        [V] public static float CallsInLoopsAndConditions(float[] x)
        {
            float s = 1; int i = 0;
            while (i < x.Length && Poly(x[i]) > s) { s += Square(x[i]); i++; }
            return s + i;
        }

        private static float InAndRef(in float x, ref float y) { y += 1; return x; }
        [V] public static float InSeesItsVariable(float x) { float y = x; float z = InAndRef(in y, ref y); return z * 10 + y + InAndRef(2 * x, ref y); }

        // ---- trees
        [Tree] public partial record Layer(float[,] W, float[] B);
        [Tree] public partial record Net(Layer First, float Scale, int Depth);
        private static float[] Apply(Layer l, float[] x)
        {
            var y = new float[l.B.Length];
            for (int i = 0; i < y.Length; i++)
            {
                float s = l.B[i];
                for (int j = 0; j < x.Length; j++) s += l.W[i, j] * x[j];
                y[i] = MathF.Max(s, 0);
            }
            return y;
        }
        [V] public static float TreeParameter(Net p, float[] x)
        {
            var h = Apply(p.First, x);
            for (int k = 0; k < Math.Min(p.Depth, 3); k++) h = Apply(p.First, h);
            var (w, b) = (p.First.W, p.First.B);
            return h[0] * p.Scale + w[0, 0] + b.Length;
        }
        [V] public static Layer TreeResult(Layer p, float k)
        {
            var b = new float[p.B.Length];
            for (int i = 0; i < b.Length; i++) b[i] = p.B[i] - k;
            var q = p with { B = b };
            b[0] = 7;
            return new Layer(q.W, q.B);
        }
        [V] public static (Net, float) NestedTreeResult(Net p, bool q) => (q ? p with { Scale = 2 } : new Net(p.First, p.Scale, 0), p.Scale);

        // ---- tuples, structs
        private struct Pair { public float A; public float B; public int N; }
        private readonly record struct Complex2(float Re, float Im)
        {
            public static Complex2 operator *(Complex2 a, Complex2 b) => new(a.Re * b.Re - a.Im * b.Im, a.Re * b.Im + a.Im * b.Re);
        }
        private static Pair Next(Pair p) { p.A += p.B; p.N++; return p; }
        [V] public static float Structs(float x, int n)
        {
            var p = new Pair { A = x, B = 2 };
            var q = p;
            for (int i = 0; i < n; i++) { q = Next(q); p.B -= q.A * 0.1f; if (p.B < -1) break; }
            q.A = -q.A;
            Pair r = default;
            r.N += q.N;
            return p.A + p.B * 10 + q.A * 100 + r.N + q.N;
        }
        [V] public static float RecordStructs(float re, float im, int n)
        {
            var z = new Complex2(re, im);
            var r = new Complex2(1, 0);
            for (int i = 0; i < n; i++) r *= z;
            var w = r with { Im = 3 };
            return r.Re + 2 * r.Im + (w * z).Re;
        }
        [V] public static (float Sum, float[] Rows) TupleResult(float[] x)
        {
            (float s, int n) t = (0, 0);
            foreach (var v in x) { t.s += v; t.n++; }
            var rows = new float[t.n > 0 ? x.Length : x.Length];
            rows[0] = t.s / t.n;
            return (t.s, rows);
        }
        [V] public static int TupleSwaps(int a, int b, int n)
        {
            int c = 1;
            for (int i = 0; i < n; i++) (a, b, c) = (b, c + a, a);
            (int x, (int y, long z)) = (a, (b, c));
            (x, _) = (y, x);
            return x * 100 + y * 10 + (int)z;
        }
        """;
}
