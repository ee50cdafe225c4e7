using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using AutoVec.Benchmarks.Suite;
using AutoVec.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace AutoVec.Benchmarks.Generation;

/// <summary>What the generator costs: until there is code for the first time, after an edit, and what it adds to a build. Within this process, but for <see cref="CompilerReport"/>.</summary>
internal static class GeneratorReport
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Preview);

    private static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is var n && (n.StartsWith("System", StringComparison.Ordinal) || n is "AutoVec.dll" or "netstandard.dll" or "mscorlib.dll"
                || n.StartsWith("ILGPU", StringComparison.Ordinal)))
            .Select(p => MetadataReference.CreateFromFile(p))];

    /// <summary>Prints a table for each count of annotated methods.</summary>
    public static int Run(IReadOnlyCollection<int> counts, int timed)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"The first method of the process, all of Roslyn and the generator still to be compiled: {Time(() => Driver().RunGenerators(Compile(1))):F0} ms"));
        for (int k = 0; k < 20; k++) Driver().RunGenerators(Compile(1));
        Console.WriteLine("""
            | methods of 50 lines | all anew, ms | edit in one, ms | edit elsewhere, ms | generated, kB | build without, ms | build with, ms |
            |---|---|---|---|---|---|---|
            """);
        foreach (int count in counts)
        {
            var compilation = Compile(count);
            double cold = Median(count > 20 ? 1 : 7, () => Time(() => Driver().RunGenerators(compilation)));
            var warm = Driver().RunGenerators(compilation);
            int edits = 0;
            double edit = Median(count > 20 ? 5 : timed, () =>
            {
                // The driver keeps what it knew of the compilation before, as an IDE's does from key to key.
                compilation = Edit(compilation, 0, $"0.{++edits + 10}f");
                return Time(() => warm = warm.RunGenerators(compilation));
            });
            double elsewhere = Median(count > 20 ? 5 : 15, () =>
            {
                var other = compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText($"class Other {{ int F() => {++edits}; }}", s_parse));
                return Time(() => warm = warm.RunGenerators(other));
            });
            double bytes = warm.GetRunResult().GeneratedTrees.Sum(t => (double)t.Length);
            double without = Median(count > 20 ? 1 : 3, () => Time(() => Emit(compilation)));
            double with = Median(count > 20 ? 1 : 3, () => Time(() =>
            {
                Driver().RunGeneratorsAndUpdateCompilation(compilation, out var all, out _);
                Emit(all);
            }));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {count} | {cold:F1} | {edit:F1} | {elsewhere:F1} | {bytes / 1000:N0} | {without:F0} | {with:F0} |"));
        }
        return 0;
    }

    /// <summary>Prints how long a folder's source takes, the first time in the process and once more, and in the compiler of a build.</summary>
    /// <exception cref="ArgumentException">There is no C# in it.</exception>
    public static int Cold(DirectoryInfo folder)
    {
        var files = folder.GetFiles("*.cs").OrderBy(f => f.Name, StringComparer.Ordinal).ToList();
        if (files.Count == 0) throw new ArgumentException($"'{folder}' has no C# files");
        var compilation = Compile([.. files.Select(f => CSharpSyntaxTree.ParseText(File.ReadAllText(f.FullName), s_parse, f.Name))]);
        for (int k = 0; k < 2; k++)
        {
            long allocated = GC.GetTotalAllocatedBytes(), methods = JitInfo.GetCompiledMethodCount();
            TimeSpan compiling = JitInfo.GetCompilationTime(), collecting = GC.GetTotalPauseDuration();
            var driver = Driver();
            double time = Time(() => driver = driver.RunGenerators(compilation));
            compiling = JitInfo.GetCompilationTime() - compiling;
            collecting = GC.GetTotalPauseDuration() - collecting;
            methods = JitInfo.GetCompiledMethodCount() - methods;
            var trees = driver.GetRunResult().GeneratedTrees;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(k == 0 ? "cold" : "again"),-6}{time,7:F0} ms, {trees.Length} files of {trees.Sum(t => (double)t.Length) / 1000:N0} kB, {(GC.GetTotalAllocatedBytes() - allocated) / 1e6:N0} MB allocated; {methods:N0} methods compiled in {compiling.TotalMilliseconds:F0} ms on all threads, collections {collecting.TotalMilliseconds:F0} ms"));
        }
        CompilerReport.Run(files, s_references.Select(r => r.Display!));
        return 0;
    }

    private static GeneratorDriver Driver() => CSharpGeneratorDriver.Create([new AutoVecGenerator().AsSourceGenerator()], parseOptions: s_parse,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None));

    private static CSharpCompilation Compile(int methods) =>
        Compile([.. Enumerable.Range(0, methods).Select(k => CSharpSyntaxTree.ParseText(MeasuredMethod.Text(k), s_parse, $"C{k}.cs"))]);

    private static CSharpCompilation Compile(SyntaxTree[] trees) => CSharpCompilation.Create("Measured", trees, s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>Another constant in a method.</summary>
    private static CSharpCompilation Edit(CSharpCompilation compilation, int method, string constant)
    {
        var tree = compilation.SyntaxTrees[method];
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(MeasuredMethod.Text(method, constant))));
    }

    private static void Emit(Compilation compilation)
    {
        using var image = new MemoryStream();
        // A copy: what a compilation has bound once it does not bind again.
        var result = compilation.Clone().Emit(image);
        if (!result.Success) throw new InvalidOperationException(result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error).ToString());
    }

    private static double Time(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(int times, Func<double> measure) => Timing.Median([.. Enumerable.Range(0, times).Select(_ => measure())]);
}
