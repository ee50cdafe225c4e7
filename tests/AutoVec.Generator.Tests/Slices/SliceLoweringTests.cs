using AutoVec.Generator.Tests.Kit;

namespace AutoVec.Generator.Tests.Slices;

/// <summary>Slices against themselves in the interpreter: same values, or the same exception, whatever the offsets.</summary>
public class SliceLoweringTests
{
    private static readonly Lazy<Lowered> Subject = new(() => Lowered.FromMethods(Methods.Replace("[V]", "[Vectorize]", StringComparison.Ordinal)));

    public static TheoryData<string> Names() => [.. System.Text.RegularExpressions.Regex.Matches(Methods, @"\[V\] public static \S+ (?<name>\w+)\(").Select(m => m.Groups["name"].Value)];

    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_plain_method(string name)
    {
        var subject = Subject.Value;
        var method = subject.Plain(name);
        var random = new Random(name.Aggregate(17, (h, c) => h * 31 + c));
        for (int k = 0; k < 80; k++) Agreement.Check(subject, name, Agreement.Draw(method, random));
    }

    private const string Methods = """
        static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        {
            float s = 0;
            for (int i = 0; i < a.Length; i++) s += a[i] * b[i];
            return s;
        }
        static void Double(Span<float> a) { for (int i = 0; i < a.Length; i++) a[i] *= 2; }
        static ReadOnlySpan<float> Tail(ReadOnlySpan<float> a) => a.Length > 0 ? a[1..] : a;

        [V] public static float SumOfPart(float[] x, int a, int n)
        {
            float s = 0;
            foreach (var v in x.AsSpan(a, n)) s += v;
            return s;
        }
        [V] public static float ElementOfPart(float[] x, int a, int n, int i) => x.AsSpan(a, n)[i];
        [V] public static float FromTheEnd(float[] x, int k) => x[^k] + x.AsSpan(1)[^1];
        [V] public static float Inner(float[] x)
        {
            ReadOnlySpan<float> s = x;
            s = s[1..^1];
            float t = s.Length;
            for (int i = 0; i < s.Length; i++) t = 0.5f * t + s[i];
            return t;
        }
        [V] public static float[] RangeOfArrayIsACopy(float[] x, int a, int b)
        {
            var y = x[a..b];
            if (y.Length > 0) y[0] = 7;
            return y;
        }
        [V] public static float[] WritesThroughReachTheArray(float[] x, int a, int n)
        {
            var y = (float[])x.Clone();
            Span<float> s = y.AsSpan(a, n);
            for (int i = 0; i < s.Length; i++) s[i] = 10 * s[i] + i;
            y[0] += 1;
            if (s.Length > 0) s[^1] += s[0];
            return y;
        }
        [V] public static float[] ArrayAndItsSliceInOneLoop(float[] x)
        {
            var y = (float[])x.Clone();
            var s = y.AsSpan(1);
            for (int i = 0; i < s.Length; i++) s[i] = s[i] + y[i];
            return y;
        }
        [V] public static float[] TwoSlices(float[] x)
        {
            var y = new float[2 * x.Length];
            Span<float> low = y.AsSpan(0, x.Length), high = y.AsSpan(x.Length);
            for (int i = 0; i < x.Length; i++) { low[i] = x[i]; high[i] = low[x.Length - 1 - i]; }
            return y;
        }
        [V] public static float SliceOfSlice(float[] x, int a, int b, int n)
        {
            var s = x.AsSpan(a).Slice(b, n);
            float t = 0;
            for (int i = 0; i < s.Length; i++) t += s[i] * (i + 1);
            return t;
        }
        [V] public static float Passed(float[] x, float[] y, int a) => Dot(x.AsSpan(a), y.AsSpan(0, x.Length - a)) + Dot(y[..^1], x);
        [V] public static float PassedTooShort(float[] x, float[] y, int a) => Dot(x, y.AsSpan(a));
        [V] public static float[] PassedToBeWritten(float[] x, int a)
        {
            var y = (float[])x.Clone();
            Double(y.AsSpan(a));
            Double(y);
            return y;
        }
        [V] public static float WalksAlong(float[] x)
        {
            ReadOnlySpan<float> rest = x;
            float s = 1;
            while (rest.Length > 0)
            {
                s = s * 0.5f + rest[0];
                rest = Tail(rest);
            }
            return s;
        }
        [V] public static float OneOfTwo(float[] x, int a)
        {
            ReadOnlySpan<float> s = x.AsSpan(0, 1);
            if (a > 1) s = x.AsSpan(a - 1);
            float t = 0;
            foreach (float v in s) { if (v < -1) break; t += v; }
            return t + s.Length;
        }
        [V] public static float[] FillAndClear(float[] x, int a, int n, float v)
        {
            var y = (float[])x.Clone();
            y.AsSpan(a).Fill(v);
            y.AsSpan(0, n).Clear();
            return y;
        }
        [V] public static float[] CopiesOverlap(float[] x, int n)
        {
            var y = (float[])x.Clone();
            y.AsSpan(0, n).CopyTo(y.AsSpan(y.Length - n));
            return y;
        }
        [V] public static float[] CopyToAnArray(float[] x)
        {
            var y = new float[x.Length + 2];
            x.CopyTo(y, 1);
            x.AsSpan(0, 1).CopyTo(y);
            return y;
        }
        [V] public static float[] ArrayMethods(float[] x)
        {
            float[] y = new float[x.Length], z = [1, 2, 3];
            Array.Fill(y, x[0]);
            Array.Clear(z);
            y[0] = z[2] + 4;
            return y;
        }
        [V] public static float[] ToArrayOfPart(float[] x, int a) { var y = x.AsSpan(a).ToArray(); y[0] = -1; return y; }
        [V] public static float Rows(float[,] w, float[] x, int r)
        {
            float s = 0;
            for (int i = 0; i < w.GetLength(0); i++) s += Dot(Np.Row(w, i), x) * (i + 1);
            return s + Np.Row(w, r)[^1];
        }
        [V] public static float[,] RowsAreWritten(float[,] w, float[] x)
        {
            var y = new float[w.GetLength(0), w.GetLength(1)];
            for (int i = 0; i < y.GetLength(0); i++)
            {
                var row = Np.Row(y, i);
                for (int j = 0; j < row.Length; j++) row[j] = x[j] * w[i, j];
                if (i > 0) { var before = Np.Row(y, i - 1); row[0] += before[0]; }
            }
            return y;
        }
        [V] public static float Library(float[] x, int a) => Np.Sum(x[a..(a + 2)]) + Np.Max(x[a..]);
        [V] public static float StackSlices(float x, int n)
        {
            Span<float> work = stackalloc float[6];
            var a = work.Slice(0, 3);
            float b = 0;
            var c = work[3..];
            for (int i = 0; i < 3; i++) { a[i] = x + i; c[i] = a[i] * x; }
            for (int i = 0; i < n; i++) b += work[i];
            return b;
        }
        [V] public static bool Empty(float[] x, int a) => x.AsSpan(a).IsEmpty;
        """;
}
