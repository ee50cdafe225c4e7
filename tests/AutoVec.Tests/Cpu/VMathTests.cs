namespace AutoVec.Tests.Cpu;

public class VMathTests
{
    private const int Count = 1 << 16;

    public static TheoryData<string> OfOne => [.. VMathCases.OfOne];
    public static TheoryData<string> OfTwo => [.. VMathCases.OfTwo];

    private static string Root
    {
        get
        {
            string root = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(root, "AutoVec.sln"))) root = Path.GetDirectoryName(root)!;
            return root;
        }
    }

    [Theory, MemberData(nameof(OfOne))]
    public void FloatsAreWithinTwoUlp(string name)
    {
        float[] x = VMathCases.Floats(1, Count);
        var reference = VMathCases.Reference(name);
        float[] y = VMathCases.Run(name, 512, x);
        for (int i = 0; i < Count; i++)
            Assert.True(VMathCases.UlpF32(y[i], reference(x[i])) <= 2, $"{name}({x[i]:R}) is {y[i]:R}, expected {reference(x[i]):R}");
    }

    [Theory, MemberData(nameof(OfOne))]
    public void DoublesAreWithinThreeUlpOfMath(string name)
    {
        double[] x = VMathCases.Doubles(2, Count);
        var reference = VMathCases.Reference(name);
        double[] y = VMathCases.Run(name, 512, x);
        for (int i = 0; i < Count; i++)
            Assert.True(VMathCases.UlpF64(y[i], reference(x[i])) <= 3, $"{name}({x[i]:R}) is {y[i]:R}, expected {reference(x[i]):R}");
    }

    /// <summary>
    /// The worst of some millions of arguments for each function, and special ones, with results to 100 bits (high + low) from GCC's quadmath:
    /// Math's own results are as much as an ulp off.
    /// </summary>
    [Fact]
    public void DoublesAreWithinTwoUlpOfTheTruth()
    {
        foreach (var cases in File.ReadLines(Path.Combine(Root, "tests", "AutoVec.Tests", "Cpu", "HardCases.csv")).Select(line => line.Split(',')).GroupBy(f => f[0]))
        {
            static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            var all = cases.ToList();
            double[] Column(int k) => [.. all.Select(f => Number(f[k]))];
            var x = Column(1);
            double[] y = all[0][2].Length == 0 ? VMathCases.Run(cases.Key, 512, x) : VMathCases.Run(cases.Key, 512, x, Column(2));
            for (int i = 0; i < all.Count; i++)
            {
                double high = Number(all[i][3]), low = Number(all[i][4]), ulp = Math.BitIncrement(Math.Abs(high)) - Math.Abs(high);
                Assert.True(Math.Abs(y[i] - high - low) <= 2 * ulp, $"{cases.Key}({all[i][1]} {all[i][2]}) is {y[i]:R}, expected {high:R}");
            }
        }
    }

    /// <summary>Next to a multiple of π/2 nothing is left of the argument but digits that π/2 must have.</summary>
    [Fact]
    public void CircularFunctionsNextToMultiplesOfHalfPi()
    {
        var random = new Random(8);
        float[] x = [.. Enumerable.Range(0, Count).Select(i => MathF.BitIncrement((float)(random.Next(1 + i) * (Math.PI / 2)) * (i % 2 == 0 ? 1 : -1)))];
        double[] d = [.. Enumerable.Range(0, Count).Select(i => random.Next(1 + i * 9000) * (Math.PI / 2))];
        foreach (string name in new[] { "Sin", "Cos", "Tan" })
        {
            var reference = VMathCases.Reference(name);
            float[] y = VMathCases.Run(name, 512, x);
            double[] z = VMathCases.Run(name, 512, d);
            for (int i = 0; i < Count; i++)
            {
                Assert.True(VMathCases.UlpF32(y[i], reference(x[i])) <= 2, $"{name}({x[i]:R}f) is {y[i]:R}, expected {reference(x[i]):R}");
                Assert.True(VMathCases.UlpF64(z[i], reference(d[i])) <= 3, $"{name}({d[i]:R}) is {z[i]:R}, expected {reference(d[i]):R}");
            }
        }
    }

    [Theory, MemberData(nameof(OfTwo))]
    public void FunctionsOfTwo(string name)
    {
        var special = VMathCases.Special;
        double[] a = [.. special.SelectMany(s => special.Select(_ => s)), .. VMathCases.Doubles(3, 1 << 14)];
        double[] b = [.. special.SelectMany(_ => special), .. VMathCases.Doubles(4, 1 << 14)];
        Array.Resize(ref a, a.Length / 16 * 16);
        Array.Resize(ref b, a.Length);
        float[] c = a.Select(v => (float)v).ToArray(), d = b.Select(v => (float)v).ToArray();
        var reference = VMathCases.Reference2(name);
        double[] y = VMathCases.Run(name, 512, a, b);
        float[] z = VMathCases.Run(name, 512, c, d);
        for (int i = 0; i < a.Length; i++)
        {
            Assert.True(VMathCases.UlpF64(y[i], reference(a[i], b[i])) <= 3, $"{name}({a[i]:R}, {b[i]:R}) is {y[i]:R}, expected {reference(a[i], b[i]):R}");
            Assert.True(VMathCases.UlpF32(z[i], reference(c[i], d[i])) <= 2, $"{name}({c[i]:R}f, {d[i]:R}f) is {z[i]:R}, expected {reference(c[i], d[i]):R}");
        }
    }

    /// <summary>A sample's result does not depend on the machine's vectors.</summary>
    [Theory, MemberData(nameof(OfOne))]
    public void AllWidthsGiveTheSameBits(string name)
    {
        float[] x = VMathCases.Floats(5, 1 << 14);
        double[] d = VMathCases.Doubles(6, 1 << 14);
        Assert.Equal(VMathCases.Run(name, 512, x), VMathCases.Run(name, 256, x));
        Assert.Equal(VMathCases.Run(name, 512, x), VMathCases.Run(name, 128, x));
        Assert.Equal(VMathCases.Run(name, 512, d), VMathCases.Run(name, 256, d));
        Assert.Equal(VMathCases.Run(name, 512, d), VMathCases.Run(name, 128, d));
    }

    [Theory, MemberData(nameof(OfTwo))]
    public void AllWidthsGiveTheSameBitsOfTwo(string name)
    {
        float[] x = VMathCases.Floats(5, 1 << 14), y = VMathCases.Floats(7, 1 << 14);
        double[] d = VMathCases.Doubles(6, 1 << 14), e = VMathCases.Doubles(8, 1 << 14);
        foreach (int width in new[] { 256, 128 })
        {
            Assert.Equal(VMathCases.Run(name, 512, x, y), VMathCases.Run(name, width, x, y));
            Assert.Equal(VMathCases.Run(name, 512, d, e), VMathCases.Run(name, width, d, e));
        }
    }

    /// <summary>A lane's result does not depend on its neighbours: a huge argument takes another road alone.</summary>
    [Theory]
    [InlineData("Sin")]
    [InlineData("Cos")]
    [InlineData("Tan")]
    public void HugeArgumentsDoNotDisturbTheirNeighbours(string name)
    {
        double[] calm = [.. Enumerable.Range(0, 16).Select(i => i * 0.37)];
        double[] mixed = [.. calm.Select((v, i) => i % 3 == 0 ? 1e30 : v)];
        double[] expected = VMathCases.Run(name, 512, calm), actual = VMathCases.Run(name, 512, mixed);
        float[] expectedF = VMathCases.Run(name, 512, calm.Select(v => (float)v).ToArray()), actualF = VMathCases.Run(name, 512, mixed.Select(v => (float)v).ToArray());
        for (int i = 0; i < 16; i++)
        {
            if (i % 3 == 0) continue;
            Assert.Equal(expected[i], actual[i]);
            Assert.Equal(expectedF[i], actualF[i]);
        }
    }

    /// <summary>Each polynomial is written once: the files of the three widths differ in nothing but the width.</summary>
    [Fact]
    public void TheThreeWidthsAreTheSameText()
    {
        string folder = Path.Combine(Root, "runtime", "AutoVec", "Cpu", "VMath");
        string[] files = Directory.GetFiles(folder, "*.512.cs", SearchOption.AllDirectories);
        Assert.Equal(14, files.Length);
        foreach (string file in files)
            foreach (string width in new[] { "256", "128" })
            {
                string expected = File.ReadAllText(file).Replace("Vector512", "Vector" + width).Replace("X86.Avx512F;", "X86.Avx512F.VL;");
                Assert.Equal(expected, File.ReadAllText(file.Replace(".512.cs", $".{width}.cs")));
            }
    }
}
