using AutoVec.Generator.Tests.Kit;

namespace AutoVec.Generator.Tests.Ragged;

/// <summary>Variables whose length differs from trip to trip, in the interpreter against themselves.</summary>
public class LengthsTests
{
    private static readonly Lazy<Lowered> Subject = new(() => Lowered.FromMethods(Methods.Replace("[V]", "[Vectorize]", StringComparison.Ordinal)));

    public static TheoryData<string> Names() => [.. System.Text.RegularExpressions.Regex.Matches(Methods, @"\[V\] public static \S+ (?<name>\w+)\(").Select(m => m.Groups["name"].Value)];

    [Theory, MemberData(nameof(Names))]
    public void Agrees_with_the_plain_method(string name)
    {
        var subject = Subject.Value;
        var method = subject.Plain(name);
        var random = new Random(name.Aggregate(17, (h, c) => h * 31 + c));
        for (int k = 0; k < 60; k++) Agreement.Check(subject, name, Agreement.Draw(method, random));
    }

    private const string Methods = """
        [V] public static float Widths(float[] x, int[] n)
        {
            var h = x;
            for (int l = 0; l < n.Length; l++)
            {
                var next = new float[n[l] + 1];
                for (int j = 0; j < next.Length; j++)
                {
                    float s = 0.5f * j;
                    for (int i = 0; i < h.Length; i++) s += h[i] * (i + j + 1) * 0.1f;
                    next[j] = s;
                }
                h = next;
            }
            float t = h.Length;
            foreach (float v in h) t = 0.5f * t + v;
            return t;
        }
        [V] public static float[] Growing(float[] x, int n)
        {
            var h = new float[1];
            h[0] = x[0];
            for (int l = 0; l < x.Length; l++)
            {
                var y = new float[l + 2];
                h.AsSpan().CopyTo(y.AsSpan(0, h.Length));
                y[^1] += x[l];
                h = y;
                h[0] *= 0.5f;
            }
            return h;
        }
        [V] public static float TwoThatDiffer(float[] x, int[] n)
        {
            float[] a = x, b = new float[2];
            b[1] = 3;
            for (int l = 0; l < n.Length; l++)
            {
                var c = new float[n[l] + 2];
                for (int i = 0; i < c.Length; i++) c[i] = a[i % a.Length] + b[i % b.Length];
                var d = new float[l + 1];
                d[l] = c[^1] * 0.5f;
                (a, b) = (c, d);
            }
            return a[0] + 10 * b[^1] + a.Length + 100 * b.Length;
        }
        [V] public static float FromTheBackWithAStep(float[] x)
        {
            var h = x;
            for (int l = 6; l > 0; l -= 2)
            {
                var y = new float[l];
                for (int i = 0; i < l && i < h.Length; i++) y[i] = h[i] + l;
                h = y;
            }
            return h[0] + h.Length;
        }
        [V] public static float NoTrips(float[] x, int n)
        {
            var h = x;
            for (int l = 0; l < n; l++) h = new float[l];
            return h.Length > 0 ? h[0] : -1;
        }
        """;
}
