namespace AutoVec.Benchmarks;

/// <summary>A product of dense row-major arrays, of which A, B or both are stored transposed.</summary>
public readonly record struct GemmShape(string Name, int M, int N, int K, bool TransposedA = false, bool TransposedB = false)
{
    /// <summary>The products of one step of a 784-512-512-10 network at batch 128, and a few that are no layer's.</summary>
    public static readonly GemmShape[] All =
    [
        new("x W1", 128, 512, 784), new("x W2", 128, 512, 512), new("x W3", 128, 10, 512),
        new("d W3'", 128, 512, 10, TransposedB: true), new("d W2'", 128, 512, 512, TransposedB: true),
        new("x' d1", 784, 512, 128, TransposedA: true), new("x' d2", 512, 512, 128, TransposedA: true), new("x' d3", 512, 10, 128, TransposedA: true),
        new("d' x3", 10, 512, 128, TransposedA: true), new("x Wt", 128, 512, 784, TransposedB: true), new("x Wt3", 128, 10, 512, TransposedB: true),
        new("square", 512, 512, 512), new("square", 2048, 2048, 2048), new("one row", 1, 512, 512), new("one column", 512, 1, 512),
        new("one row", 1, 2048, 2048), new("one row", 1, 2048, 2048, TransposedB: true), new("one column", 2048, 1, 2048),
        new("one column", 2048, 1, 2048, TransposedA: true), new("column row", 2048, 2048, 1),
        new("long sum", 10, 10, 100_000, TransposedA: true),
    ];

    /// <summary>Multiplications and additions.</summary>
    public double Operations => 2.0 * M * N * K;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {M}x{N}x{K}{(TransposedA ? " A'" : "")}{(TransposedB ? " B'" : "")}";
}
