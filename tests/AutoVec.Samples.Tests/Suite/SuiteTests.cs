using AutoVec.Benchmarks.Suite;

namespace AutoVec.Samples.Tests.Suite;

/// <summary>Every workload of the benchmark suite, small: the generated code, the hand-written kernels and the plain loops agree.</summary>
public class SuiteTests
{
    public static IEnumerable<object[]> Names => Workloads.All.Select(w => new object[] { w.Name });

    [Theory]
    [MemberData(nameof(Names))]
    public void All_contestants_agree(string name)
    {
        var workload = Workloads.All.Single(w => w.Name == name);
        foreach (int seed in (int[])[1, 2])
        {
            using var data = new Inputs(seed);
            var problem = workload.Make(data, workload.Small);
            Check.Run("value", problem.Primal);
            Check.Run("gradient", problem.Gradient);
        }
    }

    [Fact]
    public void Generated_and_hand_written_kernels_agree_on_the_emulator()
    {
        using var emulator = Device.Emulator();
        using var gpu = IlgpuArrays.Emulator();
        foreach (var workload in Workloads.All) GpuReport.CheckOne(workload, emulator, gpu, seed: 3);
    }

    [Fact]
    public void A_wrong_answer_is_found()
    {
        float[] y = new float[3];
        var side = new Side(1, 1, [new Output("y", y)], [Contestant.ByPlainLoops(() => Array.Fill(y, 1)), Contestant.ByHand(() => y[0] = y[1] = 1)]);
        var e = Assert.Throws<MismatchException>(() => Check.Run("value", side));
        Assert.Contains("value, SIMD: 1 of 3 elements of y are wrong, the first [2]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_merged_by_workload_and_size()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllText(file, "before\n<!-- suite: written by `suite`; edit elsewhere -->\n<!-- end of suite -->\nafter\n");
            Row row(string size, double seconds) => Row.Of(Workloads.All[0].Name, size, new(seconds, 0.8e-6, new Dictionary<string, double> { ["SIMD"] = 2, ["plain"] = 30 }),
                new(2 * seconds, 0.8e-6, new Dictionary<string, double> { ["SIMD"] = 0.5, ["plain"] = 20 }));
            Table.Merge(file, [row("small", 1e-5), row("large", 1e-3)], "a machine");
            Table.Merge(file, [row("small", 2e-5)], "a machine");
            string text = File.ReadAllText(file);
            Assert.StartsWith("before\n", text, StringComparison.Ordinal);
            Assert.EndsWith("<!-- end of suite -->\nafter\n", text, StringComparison.Ordinal);
            Assert.Contains($"| {Workloads.All[0].Name} | small | 20.0 | 0.50 | 30.0 | 4 % | 40.0 | 2.00 | 20.0 | 2 % | 2.00 |", text, StringComparison.Ordinal);
            Assert.Contains("| large | 1,000 |", text, StringComparison.Ordinal);
            Assert.DoesNotContain("| small | 10.0", text, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
