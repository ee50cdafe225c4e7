namespace AutoVec.Tests.Cpu;

public class VMathTests
{
    private const int Count = 1 << 16;

    public static TheoryData<string> OfOne => [.. VMathCases.OfOne];
    public static TheoryData<string> OfTwo => [.. VMathCases.OfTwo];

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
    public void DoublesAreWithinFourUlp(string name)
    {
        double[] x = VMathCases.Doubles(2, Count);
        var reference = VMathCases.Reference(name);
        double[] y = VMathCases.Run(name, 512, x);
        for (int i = 0; i < Count; i++)
            Assert.True(VMathCases.UlpF64(y[i], reference(x[i])) <= 4, $"{name}({x[i]:R}) is {y[i]:R}, expected {reference(x[i]):R}");
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
            Assert.True(VMathCases.UlpF64(y[i], reference(a[i], b[i])) <= 4, $"{name}({a[i]:R}, {b[i]:R}) is {y[i]:R}, expected {reference(a[i], b[i]):R}");
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
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "AutoVec.sln"))) root = Path.GetDirectoryName(root)!;
        string folder = Path.Combine(root, "runtime", "AutoVec", "Cpu", "VMath");
        string[] files = Directory.GetFiles(folder, "*.512.cs", SearchOption.AllDirectories);
        Assert.Equal(10, files.Length);
        foreach (string file in files)
            foreach (string width in new[] { "256", "128" })
            {
                string expected = File.ReadAllText(file).Replace("Vector512", "Vector" + width).Replace("X86.Avx512F;", "X86.Avx512F.VL;");
                Assert.Equal(expected, File.ReadAllText(file.Replace(".512.cs", $".{width}.cs")));
            }
    }
}
