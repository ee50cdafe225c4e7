using System.Numerics;
using System.Text.RegularExpressions;
using AutoVec.Cpu;

namespace AutoVec.Tests.Cpu;

/// <summary>Contractions against plain loops, between pages that may not be touched.</summary>
public sealed unsafe partial class ContractionTests
{
    public static TheoryData<int> Widths => [128, 256, 512];

    [Theory]
    [MemberData(nameof(Widths))]
    public void RandomFloatContractionsAgreeWithLoops(int width)
    {
        var random = new Random(1);
        for (int i = 0; i < 150; i++) Case.Random(random).Check<float>(width, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void RandomDoubleContractionsAgreeWithLoops(int width)
    {
        var random = new Random(2);
        for (int i = 0; i < 150; i++) Case.Random(random).Check<double>(width, 1e-14);
    }

    [Theory]
    [InlineData(128, 512, 784), InlineData(128, 512, 512), InlineData(128, 10, 512), InlineData(784, 512, 128), InlineData(512, 10, 128)]
    [InlineData(128, 512, 10), InlineData(10, 512, 128), InlineData(1, 512, 784), InlineData(512, 1, 784), InlineData(1, 1, 10_000)]
    [InlineData(1100, 40, 300), InlineData(40, 1100, 300), InlineData(520, 1100, 300)]
    public void LayersInEveryOrientation(int m, int n, int k)
    {
        foreach (bool a in new[] { false, true })
            foreach (bool b in new[] { false, true })
                foreach (bool epilogue in new[] { false, true })
                    new Case { M = m, N = n, K = k, EveryRow = m > 50 ? 13 : 1, A = a ? Layout.Transposed : Layout.Dense, B = b ? Layout.Transposed : Layout.Dense, Epilogue = epilogue }
                        .Check<float>(512, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void RowsAndColumnsTimesMatricesAndEachOther(int width)
    {
        var random = new Random(4);
        foreach (int n in new[] { 3, 7, 64, 300 })
            foreach (int k in new[] { 1, 16, 37 })
                foreach ((int rows, int columns, int terms) in new[] { (1, n, k), (n, 1, k), (k + 1, n, 1) })
                {
                    Case one = Case.Random(random) with { Batch = 1 + (n % 2), M = rows, N = columns, K = terms, Threads = 1 };
                    one.Check<float>(width, 1e-5);
                    one.Check<double>(width, 1e-14);
                    Assert.Equal(one.Run<float>(width), (one with { Threads = 3 }).Run<float>(width));
                }
    }

    [Theory]
    [InlineData(1, 3001, 501), InlineData(3001, 1, 501), InlineData(301, 701, 1)]
    public void LargeRowsAndColumnsInEveryOrientation(int m, int n, int k)
    {
        foreach (Layout a in new[] { Layout.Dense, Layout.Transposed, Layout.Spaced })
            foreach (Layout b in new[] { Layout.Dense, Layout.Transposed, Layout.Spaced })
                foreach (bool epilogue in new[] { false, true })
                {
                    var one = new Case { M = m, N = n, K = k, A = a, B = b, Epilogue = epilogue, Threads = 3, EveryRow = 7 };
                    one.Check<float>(512, 1e-4);
                    Assert.Equal(one.Run<float>(512), (one with { Threads = 1 }).Run<float>(512));
                }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void FewRowsOrColumnsOfLongSums(int width)
    {
        var random = new Random(5);
        foreach (int few in new[] { 1, 2, 3, 4, 5, 7, 10, 13, 16, 17 })
            foreach (int terms in new[] { 31, 64, 129, 700, 3001 })
                foreach (bool turned in new[] { false, true })
                {
                    int many = few + random.Next(1, 130);
                    Case one = Case.Random(random) with
                    {
                        M = turned ? few : many, N = turned ? many : few, K = terms, Batch = terms < 700 ? random.Next(1, 4) : 1,
                        A = turned ? (Layout)random.Next(6) : Layout.Spaced, B = turned ? Layout.Transposed : (Layout)random.Next(6), EveryRow = terms > 700 ? 7 : 1,
                    };
                    one.Check<float>(width, 1e-5);
                    one.Check<double>(width, 1e-14);
                    Assert.Equal((one with { Threads = 1 }).Run<float>(width), (one with { Threads = 3 }).Run<float>(width));
                }
    }

    [Fact]
    public void AnInfinityIsNotMultipliedByWhatIsNotThere()
    {
        using var engine = new CpuEngine(1);
        foreach (int terms in new[] { 64, 100, 129 })
        {
            using var operands = new GuardedMemory<float>((20 + 3) * terms);
            using var result = new GuardedMemory<float>(20 * 3);
            operands.Span.Fill(float.PositiveInfinity);
            float* p = operands.Pointer;
            Gemm.Run(engine, new Contraction<float> { Batch = 1, M = 20, N = 3, K = terms, A = p, AM = terms, AK = 1, B = p + (20 * terms), BK = 1, BN = terms, C = result.Pointer, CM = 3 }, 256);
            Assert.Equal(Enumerable.Repeat(float.PositiveInfinity, 60), result.Span.ToArray());
        }
    }

    [Fact]
    public void NoTermsGiveZerosAndNoElementsGiveNothing()
    {
        foreach (bool epilogue in new[] { false, true })
        {
            new Case { M = 30, N = 70, K = 0, Epilogue = epilogue }.Check<float>(512, 1e-6);
            new Case { M = 30, N = 7, K = 0, Epilogue = epilogue, Accumulate = true }.Check<double>(512, 1e-14);
            new Case { M = 0, N = 7, K = 3, Epilogue = epilogue }.Check<float>(512, 1e-6);
            new Case { M = 7, N = 0, K = 3, Epilogue = epilogue }.Check<float>(512, 1e-6);
            new Case { Batch = 0, M = 7, N = 2, K = 3, Epilogue = epilogue }.Check<float>(512, 1e-6);
        }
    }

    [Theory]
    [InlineData(1, 1, 8192), InlineData(3, 5, 8193), InlineData(10, 10, 20_000), InlineData(30, 40, 12_287)]
    public void FewElementsOfVeryManyTerms(int m, int n, int k)
    {
        foreach (bool epilogue in new[] { false, true })
        {
            var one = new Case { M = m, N = n, K = k, Batch = 2, A = Layout.Transposed, Epilogue = epilogue, Accumulate = true, Threads = 3, Space = 2 };
            one.Check<float>(512, 1e-5);
            one.Check<double>(256, 1e-14);
            Assert.Equal((one with { Threads = 1 }).Run<float>(512), one.Run<float>(512));
        }
    }

    [Fact]
    public void TheNumberOfThreadsDoesNotChangeABit()
    {
        var random = new Random(3);
        for (int i = 0; i < 40; i++)
        {
            Case one = Case.Random(random) with { Threads = 1, Seed = i };
            float[] expected = one.Run<float>(512);
            foreach (int threads in new[] { 2, 3, 7 }) Assert.Equal(expected, (one with { Threads = threads }).Run<float>(512));
        }
    }

    [Fact]
    public void ARepeatedContractionAllocatesNothing()
    {
        using var engine = new CpuEngine(2);
        using var memory = new GuardedMemory<float>(3 * 256 * 256);
        memory.Span.Fill(1);
        float* p = memory.Pointer;
        var contraction = new Contraction<float>
        {
            Batch = 1, M = 256, N = 256, K = 256, A = p, B = p + 65536, C = p + 131072, AM = 256, AK = 1, BK = 256, BN = 1, CM = 256,
        };
        for (int i = 0; i < 100; i++) engine.Contract(contraction);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) engine.Contract(contraction);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void AnEpilogueThatThrowsIsHeard()
    {
        using var engine = new CpuEngine(2);
        Assert.Throws<IndexOutOfRangeException>(() =>
        {
            float* p = stackalloc float[1];
            var contraction = new Contraction<float> { Batch = 1, M = 200, N = 200, K = 200, A = p, B = p, Epilogue = &Throw };
            engine.Contract(contraction);
        });
        EngineTests.EveryElementRunsOnce(engine, 100);

        static void Throw(void* args, float* tile, nint stride, int batch, int row, int column, int rows, int columns) =>
            throw new IndexOutOfRangeException();
    }

    [Fact]
    public void TheKernelsOfAllWidthsAreOneText()
    {
        string Text(int width) => Vectors().Replace(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sources", $"Block{width}.cs"))
            .Replace($"Block{width}", "Block"), match => match.Value == $"Vector{width}" ? "Vector" : match.Value);

        Assert.Equal(Text(512), Text(256));
        Assert.Equal(Text(512), Text(128));
    }

    [GeneratedRegex("Vector[0-9]+")]
    private static partial Regex Vectors();
}

internal enum Layout
{
    /// <summary>The last index is contiguous; rows follow each other.</summary>
    Dense,

    /// <summary>The first index is contiguous.</summary>
    Transposed,

    /// <summary>The last index is contiguous; rows have space between them.</summary>
    Spaced,

    /// <summary>No index is contiguous.</summary>
    Scattered,

    /// <summary>The last index walks backwards.</summary>
    Reversed,

    /// <summary>The first index has stride 0: one row for all.</summary>
    Repeated,
}

/// <summary>One contraction: its shape, how its operands lie in memory, and how its result is taken.</summary>
internal sealed unsafe record Case
{
    public int Batch { get; init; } = 1;
    public int M { get; init; }
    public int N { get; init; }
    public int K { get; init; }
    public Layout A { get; init; }
    public Layout B { get; init; }
    public int Space { get; init; }
    public bool SharedB { get; init; }
    public bool Accumulate { get; init; }
    public bool Epilogue { get; init; }
    public bool GuardBefore { get; init; }
    public int Threads { get; init; } = 2;
    public int Seed { get; init; }

    /// <summary>Compares every row, or one in so many: the loops are slow.</summary>
    public int EveryRow { get; init; } = 1;

    public static Case Random(Random random)
    {
        int Extent() => random.Next(6) switch { 0 => random.Next(1, 4), 1 => random.Next(1, 20), 2 => random.Next(1, 40), 3 => 16 * random.Next(1, 8), _ => random.Next(1, 150) };
        return new Case
        {
            Batch = random.Next(4) == 0 ? random.Next(1, 12) : 1,
            M = Extent(), N = Extent(), K = random.Next(4) == 0 ? random.Next(0, 700) : Extent(),
            A = (Layout)random.Next(6), B = (Layout)random.Next(6), Space = random.Next(20),
            SharedB = random.Next(2) == 0, Accumulate = random.Next(2) == 0, Epilogue = random.Next(2) == 0, GuardBefore = random.Next(2) == 0,
            Threads = random.Next(1, 4), Seed = random.Next(),
        };
    }

    public void Check<T>(int width, double tolerance) where T : unmanaged, INumber<T>
    {
        Run<T>(width, (expected, got, scale) => Assert.True(
            Math.Abs(expected - got) <= tolerance * scale, $"{this}, width {width}, {typeof(T).Name}: {got} instead of {expected}"));
    }

    public T[] Run<T>(int width) where T : unmanaged, INumber<T> => Run<T>(width, (_, _, _) => { });

    private T[] Run<T>(int width, Action<double, double, double> compare) where T : unmanaged, INumber<T>
    {
        var random = new Random(Seed);
        using var engine = new CpuEngine(Threads);
        View a = Lay(A, M, K), b = Lay(B, K, N);
        int cStep = N + (Space % 3), batchesOfB = SharedB ? 1 : Batch;
        using var memoryA = new GuardedMemory<T>(a.Length * Batch, GuardBefore);
        using var memoryB = new GuardedMemory<T>(b.Length * batchesOfB, GuardBefore);
        nint lengthC = M == 0 || N == 0 ? 0 : ((nint)(M - 1) * cStep) + N;
        using var memoryC = new GuardedMemory<T>(lengthC * Batch, GuardBefore);
        using var memoryOut = new GuardedMemory<T>((nint)Batch * M * N);
        foreach (ref T x in memoryA.Span) x = T.CreateTruncating((random.NextDouble() * 2) - 1);
        foreach (ref T x in memoryB.Span) x = T.CreateTruncating((random.NextDouble() * 2) - 1);
        foreach (ref T x in memoryC.Span) x = T.CreateTruncating((random.NextDouble() * 2) - 1);
        T[] before = memoryC.Span.ToArray();

        var sink = new Sink<T> { Out = memoryOut.Pointer, M = M, N = N };
        memoryOut.Span.Clear();
        var contraction = new Contraction<T>
        {
            Batch = Batch, M = M, N = N, K = K, A = memoryA.Pointer + a.Start, B = memoryB.Pointer + b.Start, C = memoryC.Pointer,
            AB = a.Length, AM = a.First, AK = a.Second, BB = SharedB ? 0 : b.Length, BK = b.First, BN = b.Second, CB = lengthC, CM = cStep,
            Accumulate = Accumulate, Epilogue = Epilogue ? &Sink<T>.Take : null, EpilogueArgs = &sink,
        };
        Gemm.Run(engine, contraction, width);

        double[] sums = new double[N], scales = new double[N];
        for (int at = 0; at < Batch; at++)
        {
            for (int i = 0; i < M; i++)
            {
                nint row = (at * lengthC) + ((nint)i * cStep);
                if (i % EveryRow != 0)
                {
                    if (!Epilogue) memoryC.Span.Slice((int)row, N).CopyTo(before.AsSpan((int)row));
                    continue;
                }

                for (int j = 0; j < N; j++) scales[j] = Math.Abs(sums[j] = Accumulate ? double.CreateTruncating(before[row + j]) : 0);
                for (int k = 0; k < K; k++)
                {
                    double x = double.CreateTruncating(contraction.A[(at * contraction.AB) + (i * a.First) + (k * a.Second)]);
                    T* y = contraction.B + (at * contraction.BB) + (k * b.First);
                    for (int j = 0; j < N; j++)
                    {
                        double product = x * double.CreateTruncating(y[j * b.Second]);
                        sums[j] += product;
                        scales[j] += Math.Abs(product);
                    }
                }

                for (int j = 0; j < N; j++)
                {
                    // The sink adds 100 to each element it is given: none or two hundred would show.
                    if (Epilogue) compare(sums[j], double.CreateTruncating(memoryOut.Pointer[(((at * M) + i) * N) + j]) - 100, scales[j] + 100);
                    else compare(sums[j], double.CreateTruncating(before[row + j] = memoryC.Pointer[row + j]), scales[j]);
                }
            }
        }

        Assert.Equal(before, memoryC.Span.ToArray());       // gaps between rows, and with an epilogue all of C, are as they were
        return Epilogue ? memoryOut.Span.ToArray() : memoryC.Span.ToArray();
    }

    /// <summary>Where element [0, 0] lies, the two strides, and the elements of memory that the array takes.</summary>
    private View Lay(Layout layout, int first, int second)
    {
        nint Length(nint one, nint two) => first == 0 || second == 0 ? 0 : ((first - 1) * one) + ((second - 1) * two) + 1;
        return layout switch
        {
            Layout.Dense => new(0, second, 1, Length(second, 1)),
            Layout.Transposed => new(0, 1, first, Length(1, first)),
            Layout.Spaced => new(0, second + Space, 1, Length(second + Space, 1)),
            Layout.Scattered => new(0, (second * 2) + Space, 2, Length((second * 2) + Space, 2)),
            Layout.Reversed => new(Math.Max(second - 1, 0), second, -1, Length(second, 1)),
            _ => new(0, 0, 1, Length(0, 1)),
        };
    }

    private readonly record struct View(nint Start, nint First, nint Second, nint Length);

    private struct Sink<T> where T : unmanaged, INumber<T>
    {
        public T* Out;
        public int M, N;

        public static void Take(void* args, T* tile, nint stride, int batch, int row, int column, int rows, int columns)
        {
            ref Sink<T> sink = ref *(Sink<T>*)args;
            Assert.True(rows > 0 && columns > 0 && row + rows <= sink.M && column + columns <= sink.N);
            for (int i = 0; i < rows; i++)
                for (int j = 0; j < columns; j++)
                    sink.Out[((((nint)batch * sink.M) + row + i) * sink.N) + column + j] += tile[(i * stride) + j] + T.CreateTruncating(100);
        }
    }
}
