using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Stage;
using AutoVec.Cpu;
using AutoVec.Generator.Tests.Core;
using AutoVec.Generator.Tests.EndToEnd;
using AutoVec.Generator.Tests.Zoo;
using AutoVec.Tests.Random;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.Robustness;

/// <summary>
/// Cores read and write inside their arrays only, in tails and masked lanes too: every argument, destination and rented array lies between
/// pages that nobody may touch. Results are those of ordinary memory, bit by bit. A touch ends the process, hence a child does it.
/// </summary>
public class GuardPageTests(ITestOutputHelper output)
{
    private const string Log = "AUTOVEC_GUARDED";
    private static readonly int[] s_extents = [1, 7, 15, 16, 17, 31, 32, 33];

    [Fact]
    public async Task Nothing_is_touched_outside_of_arrays()
    {
        if (!OperatingSystem.IsLinux()) return;
        string log = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("dotnet", ["vstest", typeof(GuardPageTests).Assembly.Location, $"--TestCaseFilter:FullyQualifiedName~{nameof(GuardPageTests)}.{nameof(In_a_child)}"])
            {
                Environment = { [Log] = log, ["DOTNET_DbgEnableMiniDump"] = "0" },
                RedirectStandardOutput = true, RedirectStandardError = true,
            };
            using var child = Process.Start(start)!;
            var error = child.StandardError.ReadToEndAsync();
            string text = await child.StandardOutput.ReadToEndAsync() + await error;
            await child.WaitForExitAsync();
            string[] lines = await File.ReadAllLinesAsync(log);
            Assert.True(child.ExitCode == 0 && lines is [.., "done"],
                $"the child ended in: {lines.LastOrDefault() ?? "nothing"}\n{text}");
            output.WriteLine($"{lines.Length - 1} runs between guard pages");
        }
        finally
        {
            File.Delete(log);
        }
    }

    [Fact]
    public void In_a_child()
    {
        if (Environment.GetEnvironmentVariable(Log) is not { } log) return;
        using var progress = new StreamWriter(log) { AutoFlush = true };
        var guard = typeof(CpuEngine).Assembly.GetType("AutoVec.Cpu.Arena")!.GetField("Guard", BindingFlags.Static | BindingFlags.NonPublic)!;
        var cores = new Cores();
        Vocabulary(cores);
        RandomPrograms(cores);
        Zoo(cores);
        foreach (var (name, core, arguments) in cores.Runs)
        {
            string? thrown = null;
            Value[] expected = [], got = [];
            try
            {
                expected = cores.Harness.Run(core, null, arguments);
            }
            catch (Exception e)
            {
                thrown = e.GetType().Name;
            }
            foreach (bool atEnd in new[] { true, false })
            {
                progress.WriteLine($"{name}, a page {(atEnd ? "after" : "before")} each array");
                using var memory = new GuardedMemory(atEnd);
                guard.SetValue(null, (Func<nint, nint>)memory.Place);
                try
                {
                    got = cores.Harness.Run(core, null, memory.Place, arguments);
                    Assert.Null(thrown);
                    for (int r = 0; r < got.Length; r++) Assert.Equal(expected[r].ToDoubles(), got[r].ToDoubles());
                }
                catch (Exception e) when (e is IndexOutOfRangeException or ArgumentOutOfRangeException or DivideByZeroException or OverflowException)
                {
                    Assert.Equal(thrown, e.GetType().Name);
                }
                finally
                {
                    guard.SetValue(null, null);
                }
            }
        }
        progress.WriteLine("done");
    }

    private sealed class Cores
    {
        private int _count;

        public CoreHarness Harness { get; } = new();
        public List<(string Name, int Core, Value[] Arguments)> Runs { get; } = [];

        /// <summary>The function's batch and, if it has one, its gradient, at one of the three widths.</summary>
        public void Add(string name, FunctionIr f, IEnumerable<(string Name, Func<FunctionIr, int, Value[]?> Arguments)> runs)
        {
            f = Pipelines.Unify(f).Function;
            var floats = f.Params.Where(p => p.Type.IsFloat).ToSeq();
            bool isDifferentiable = !floats.IsEmpty && f.Body.Results is [{ Type: { IsArray: false, IsFloat: true } }];
            foreach (bool gradient in isDifferentiable ? new[] { false, true } : [false])
            {
                FunctionIr batch;
                try
                {
                    batch = gradient ? Pipelines.GradientBatch(f, floats, [], Compiler.Emit.Reduction.None, Seed.One, true) : Pipelines.Batch(f, [], Compiler.Emit.Reduction.None);
                }
                catch (UnsupportedException)
                {
                    continue;
                }
                int bits = 128 << _count++ % 3, core = Harness.Add(Planner.Plan(batch), bits);
                foreach (int samples in new[] { 1, 7, 17 })
                    foreach (var (run, arguments) in runs)
                        if (arguments(f, samples) is { } values) Runs.Add(($"{name}{(gradient ? "'s gradient" : "")}, {bits} bits, {samples} samples{run}", core, values));
            }
        }
    }

    /// <summary>Random numbers for every parameter: extents n, indices and counts from 0 to n − 1.</summary>
    private static Value[] Random(FunctionIr f, int samples, int n)
    {
        var random = new Random(samples * 100 + n);
        return [.. f.Params.Select(p =>
        {
            int[] shape = [samples, .. Enumerable.Repeat(n, p.Type.Rank)];
            return Value.Of(p.Type.Scalar, shape.ToSeq(), [.. Enumerable.Range(0, shape.Aggregate(1, (x, y) => x * y)).Select(_ => p.Type.Scalar switch
            {
                Scalar.F64 => Const.F64(random.NextDouble() * 2 - 1),
                Scalar.F32 => Const.F32((float)random.NextDouble() * 2 - 1),
                Scalar.Bool => Const.Bool(random.Next(2) == 0),
                _ => Const.Of(p.Type.Scalar, random.Next(n)),
            })]);
        })];
    }

    private static void Vocabulary(Cores cores)
    {
        foreach (string source in new[] { NpTests.Methods.Replace("OneHot(", "OneHotDouble("), NpTests.Narrow(NpTests.Methods) })
            foreach (var f in Generated.Run(source, generates: false).Functions.Values)
                // Its filters take elements 1 to 3 of an array: shorter ones throw, as they shall.
                cores.Add($"Np in {f.Name}", f, s_extents.Select(n => ($", n = {n}", (Func<FunctionIr, int, Value[]?>)((g, samples) => Random(g, samples, n)))));
    }

    private static void RandomPrograms(Cores cores)
    {
        var seeds = Enumerable.Range(300_000, Fuzz.Count(20)).ToList();
        var source = string.Concat(seeds.Select(s => "[Differentiable]\n" + CSharp.Write(RandomProgram.Make(s, 1 + s % 2), $"F{s}")));
        var functions = Generated.Run($"public static partial class P\n{{\n{source}}}\n", generates: false).Functions;
        foreach (int seed in seeds)
            cores.Add($"random program {seed}", functions[$"F{seed}"],
                new[] { 1, s_extents[seed % 8] }.Select(n => ($", n = {n}", (Func<FunctionIr, int, Value[]?>)((g, samples) => Random(g, samples, n)))));
    }

    /// <summary>The zoo's cases of one sample, that sample many times.</summary>
    private static void Zoo(Cores cores)
    {
        if (ZooFolder.Path is null) return;
        foreach (var family in ZooCases.All.Where(c => c.BatchSize < 0).GroupBy(c => c.Class))
        {
            var functions = Generated.Run(ZooFolder.Read($"Cases.{family.Key}.cs"), generates: false).Functions;
            foreach (var method in family.GroupBy(c => c.Method))
                if (functions.TryGetValue(method.Key, out var f))
                    cores.Add($"{family.Key}.{method.Key}", f, method.Take(2).Select(c => ($", {c.Id}", (Func<FunctionIr, int, Value[]?>)((g, samples) => Repeated(c, g, samples)))));
        }
    }

    private static Value[]? Repeated(ZooCase c, FunctionIr f, int samples)
    {
        if (f.Params.Any(p => c.Inputs[p.Name] is not (JsonArray or JsonValue))) return null;
        return [.. f.Params.Select(p =>
        {
            var node = c.Inputs[p.Name]!;
            var shape = new List<int> { samples };
            for (var at = node; at is JsonArray array; at = array.Count > 0 ? array[0]! : null) shape.Add(array.Count);
            while (shape.Count <= p.Type.Rank) shape.Add(0);
            static IEnumerable<JsonNode> flat(JsonNode n) => n is JsonArray a ? a.SelectMany(x => flat(x!)) : [n];
            var one = flat(node).Select(n => n.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False
                ? Const.Bool(n.GetValue<bool>())
                : Const.Of(p.Type.Scalar, n.GetValueKind() == System.Text.Json.JsonValueKind.String
                    ? n.GetValue<string>() switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, _ => double.NegativeInfinity } : n.GetValue<double>())).ToList();
            return Value.Of(p.Type.Scalar, shape.ToSeq(), [.. Enumerable.Repeat(one, samples).SelectMany(x => x)]);
        })];
    }
}
