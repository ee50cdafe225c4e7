namespace AutoVec.Benchmarks.Suite;

/// <summary>A contestant's answer is not the plain method's.</summary>
internal sealed class MismatchException(string message) : Exception(message);

/// <summary>Every contestant must have the plain method's results before any is timed.</summary>
internal static class Check
{
    /// <exception cref="MismatchException">One has not.</exception>
    public static void Run(string what, Side side)
    {
        var plain = side.Contestants.Single(c => c.Name == Contestant.Plain);
        double[][] expected = Results(side, plain);
        foreach (var contestant in side.Contestants.Where(c => c != plain))
        {
            double[][] actual = Results(side, contestant);
            for (int o = 0; o < expected.Length; o++) Compare($"{what}, {contestant.Name}", side.Outputs[o], expected[o], actual[o]);
        }
    }

    /// <summary>Checks what a device computes, by the generated code and by hand-written kernels.</summary>
    /// <exception cref="MismatchException">One of them is not the plain method's.</exception>
    public static void Run(string what, Side side, OnDevice device, IlgpuArrays gpu)
    {
        if (side.Gpu is not { } kernels) return;
        double[][] expected = Results(side, side.Contestants.Single(c => c.Name == Contestant.Plain));
        device.Downloads = true;
        compare("generated", () => kernels.Generated(device));
        compare("ILGPU", () =>
        {
            kernels.Hand(gpu);
            foreach (var output in side.Outputs) gpu.Download(output.Values);
        });
        device.Downloads = false;

        void compare(string name, Action run)
        {
            double[][] actual = Results(side, new(name, run));
            for (int o = 0; o < expected.Length; o++) Compare($"{what}, {name} on {device.Device.Name}", side.Outputs[o], expected[o], actual[o]);
        }
    }

    private static double[][] Results(Side side, Contestant contestant)
    {
        // What a contestant forgets to write is seen.
        foreach (var output in side.Outputs)
            if (output.Values is int[] integers) Array.Fill(integers, int.MinValue);
            else Inputs.Flat(output.Values).Fill(-12345.678f);
        contestant.Run();
        return [.. side.Outputs.Select(o => o.Values is int[] integers ? Array.ConvertAll(integers, x => (double)x) : Array.ConvertAll(Inputs.Flat(o.Values).ToArray(), x => (double)x))];
    }

    private static void Compare(string what, Output output, double[] expected, double[] actual)
    {
        double size = output.Alone ? 1 : Math.Sqrt(expected.Sum(x => x * x) / Math.Max(1, expected.Length));
        int wrong = 0, first = -1;
        for (int i = 0; i < expected.Length; i++)
        {
            double e = expected[i], a = actual[i];
            if (e.Equals(a) || Math.Abs(e - a) <= output.Tolerance * (Math.Abs(e) + size)) continue;
            if (wrong++ == 0) first = i;
        }
        if (wrong > output.Misses * expected.Length)
            throw new MismatchException($"{what}: {wrong} of {expected.Length} elements of {output.Name} are wrong, the first [{first}]: {actual[first]:R}, expected {expected[first]:R}");
    }
}
