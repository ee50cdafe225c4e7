namespace AutoVec.Benchmarks.Suite;

/// <summary>What is compared: one function, or its gradient, computed in several ways.</summary>
/// <param name="Name">Of the row in the table, and on the command line.</param>
/// <param name="Sizes">What the table times.</param>
/// <param name="Small">A size, with a tail in every loop, whose check takes no time.</param>
/// <param name="Make">A problem of a size; the same random numbers make the same problem.</param>
internal sealed record Workload(string Name, int[] Sizes, int Small, Func<Inputs, int, Problem> Make);

/// <summary>A workload with its inputs.</summary>
/// <param name="Size">For people.</param>
/// <param name="Primal">The function.</param>
/// <param name="Gradient">The function's value with its gradient, or with its product with a cotangent.</param>
internal sealed record Problem(string Size, Side Primal, Side Gradient);

/// <summary>One function, and the ways to compute it. All write to the same arrays, so that none is luckier with its memory.</summary>
/// <param name="Operations">Additions, multiplications, divisions, comparisons and roots are one, <see cref="Function"/> is what exp, log or tanh count as.</param>
/// <param name="Bytes">What must be read and written at least.</param>
/// <param name="Outputs">What is checked.</param>
/// <param name="Contestants">The plain method is the judge of all others.</param>
internal sealed record Side(double Operations, double Bytes, Output[] Outputs, Contestant[] Contestants)
{
    /// <summary>Operations of a polynomial for exp, log or tanh in float.</summary>
    public const int Function = 12;

    /// <summary>The same on devices behind ILGPU; null where no kernel was written by hand.</summary>
    public GpuSide? Gpu { get; init; }
}

/// <summary>One way to compute a side.</summary>
internal sealed record Contestant(string Name, Action Run)
{
    public const string Generated = "generated", Simd = "SIMD", Plain = "plain", OpenBlas = "OpenBLAS", OneDnn = "oneDNN", Torch = "TorchSharp";

    public static Contestant ByGenerator(Action run) => new(Generated, run);
    public static Contestant ByHand(Action run) => new(Simd, run);
    public static Contestant ByPlainLoops(Action run) => new(Plain, run);
}

/// <summary>An array that a side computes.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Values">The array that every contestant fills.</param>
/// <param name="Tolerance">Of a difference, relative to the element and the root mean square of all.</param>
/// <param name="Alone">Relative to the element and 1 instead: sizes differ widely.</param>
/// <param name="Misses">The share of elements that may differ: where rounding decides a branch.</param>
internal sealed record Output(string Name, Array Values, double Tolerance = 1e-4, bool Alone = false, double Misses = 0);
