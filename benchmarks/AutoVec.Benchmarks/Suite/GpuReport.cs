namespace AutoVec.Benchmarks.Suite;

/// <summary>Generated kernels beside hand-written ones: compared on the emulator, timed on a GPU where there is one.</summary>
internal static class GpuReport
{
    public static int Run(IReadOnlyCollection<string> names, double seconds, int seed)
    {
        using (var emulator = Device.Emulator())
        using (var gpu = IlgpuArrays.Emulator())
            foreach (var workload in Workloads.Matching(names)) CheckOne(workload, emulator, gpu, seed);
        if (Device.All.FirstOrDefault(d => d is not CpuDevice) is not { } card)
        {
            Console.WriteLine("Times: skipped, this machine has no GPU.");
            return 0;
        }
        Console.WriteLine($"{card.Name}: µs of generated code, and of hand-written kernels as a multiple");
        using var hand = IlgpuArrays.Cuda();
        foreach (var workload in Workloads.Matching(names))
            foreach (int size in workload.Sizes)
            {
                using var data = new Inputs(seed);
                var problem = workload.Make(data, size);
                using var device = new OnDevice(card);
                foreach (var (side, what) in new[] { (problem.Primal, "value"), (problem.Gradient, "gradient") })
                {
                    if (side.Gpu is not { } kernels) continue;
                    Check.Run($"{workload.Name} {problem.Size}, {what}", side, device, hand);
                    var times = Timing.Run(
                    [
                        new("generated", () =>
                        {
                            kernels.Generated(device);
                            card.Synchronize();
                        }),
                        new("ILGPU", () =>
                        {
                            kernels.Hand(hand);
                            hand.Synchronize();
                        }),
                    ], seconds / 2);
                    Console.WriteLine($"| {workload.Name} | {problem.Size} | {what} | {Row.Number(times[0].Seconds * 1e6)} | {Row.Number(times[1].Ratio)} |");
                }
            }
        return 0;
    }

    /// <summary>Compares at the small size.</summary>
    public static void CheckOne(Workload workload, Device emulator, IlgpuArrays gpu, int seed)
    {
        using var data = new Inputs(seed);
        using var device = new OnDevice(emulator);
        var problem = workload.Make(data, workload.Small);
        if (problem.Primal.Gpu is null)
        {
            Console.WriteLine($"{workload.Name,-20} has no hand-written kernels");
            return;
        }
        Check.Run($"{workload.Name} {problem.Size}, value", problem.Primal, device, gpu);
        Check.Run($"{workload.Name} {problem.Size}, gradient", problem.Gradient, device, gpu);
        Console.WriteLine($"{workload.Name,-20} {problem.Size,-28} agrees on the emulator");
    }
}
