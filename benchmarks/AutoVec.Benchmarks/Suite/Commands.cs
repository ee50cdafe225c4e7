using System.CommandLine;

namespace AutoVec.Benchmarks.Suite;

/// <summary>The suite's commands.</summary>
internal static class Commands
{
    public static readonly string[] Verbs = ["suite", "one", "check", "gpu", "generator", "--help", "-h", "-?"];

    public static RootCommand Root()
    {
        var names = new Argument<string[]>("workloads") { Arity = ArgumentArity.ZeroOrMore, Description = "beginnings of names; all if none is given" };
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 1.2, Description = "of timing a workload and size" };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => Environment.TickCount, Description = "of the inputs; another one every run" };
        var document = new Option<string?>("--document") { DefaultValueFactory = _ => Table.Find(), Description = "whose table is rewritten; 'none' for no such" };
        var suite = new Command("suite", "Checks and times workloads, prints a table and writes it into docs/performance.md.") { names, seconds, seed, document };
        suite.SetAction(p => Failing(() => SuiteReport.Run(
            p.GetValue(names)!, p.GetValue(seconds), p.GetValue(seed), p.GetValue(document) is "none" ? null : p.GetValue(document))));

        var name = new Argument<string>("workload") { Description = "the beginning of its name" };
        var tries = new Option<int>("--tries") { DefaultValueFactory = _ => 3, Description = "until a run was quiet" };
        var patience = new Option<double>("--patience") { DefaultValueFactory = _ => 20, Description = "seconds to wait for an idle machine" };
        var one = new Command("one", "Waits for an idle machine, times one workload, and says what else ran meanwhile.") { name, seconds, seed, tries, patience };
        one.SetAction(p => Failing(() => Guard.Run(
            () => SuiteReport.Run([p.GetValue(name)!], p.GetValue(seconds), p.GetValue(seed), null), p.GetValue(tries), p.GetValue(patience))));

        var check = new Command("check", "Checks workloads at small sizes.") { names, seed };
        check.SetAction(p => Failing(() => SuiteReport.CheckAll(p.GetValue(names)!, p.GetValue(seed))));

        var gpu = new Command("gpu", "Compares generated and hand-written ILGPU kernels on the emulator, and times them on a GPU.") { names, seconds, seed };
        gpu.SetAction(p => Failing(() => GpuReport.Run(p.GetValue(names)!, p.GetValue(seconds), p.GetValue(seed))));

        var counts = new Argument<int[]>("methods") { Arity = ArgumentArity.ZeroOrMore, DefaultValueFactory = _ => [1, 10, 100], Description = "how many annotated methods" };
        var edits = new Option<int>("--edits") { DefaultValueFactory = _ => 15, Description = "that are timed; the process gets faster for some hundred of them" };
        var source = new Option<DirectoryInfo?>("--source") { Description = "times the C# files of this folder instead, in a process that has generated nothing" };
        var generator = new Command("generator", "Times the generator: everything anew, after an edit, and what it adds to a build.") { counts, edits, source };
        generator.SetAction(p => Failing(() => p.GetValue(source) is { } folder
            ? Generation.GeneratorReport.Cold(folder) : Generation.GeneratorReport.Run(p.GetValue(counts)!, p.GetValue(edits))));
        return new RootCommand("Generated code against hand-written kernels. gemm, train, gradbench, calls and BenchmarkDotNet's own options (--filter '*') are understood too.")
        {
            suite, one, check, gpu, generator,
        };
    }

    private static int Failing(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is MismatchException or ArgumentException or InvalidDataException)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return 1;
        }
    }
}
