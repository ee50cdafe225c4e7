using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AutoVec.Generator;

namespace AutoVec.Benchmarks.Generation;

/// <summary>What the generator adds to a build: the SDK's C# compiler in a process of its own, as a build starts it where no compiler waits.</summary>
internal static partial class CompilerReport
{
    /// <summary>Prints how long the compiler takes for the files alone, until the generator is through, and for all.</summary>
    public static void Run(IEnumerable<FileInfo> files, IEnumerable<string> references)
    {
        string dotnet = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        string compiler = Compiler(dotnet);
        var folder = Directory.CreateTempSubdirectory("autovec");
        try
        {
            string[] project =
            [
                "/noconfig", "/nostdlib+", "/target:library", "/unsafe+", "/optimize+", "/nullable:enable", "/langversion:preview", "/nowarn:CS1701,CS1702", "/nologo", "/reportanalyzer",
                $"/out:\"{Path.Combine(folder.FullName, "Measured.dll")}\"", .. references.Select(r => $"/reference:\"{r}\""), .. files.Select(f => $"\"{f.FullName}\""),
            ];
            string[] generator = [.. new[] { typeof(AutoVecGenerator), typeof(AutoVec.Compiler.Ir.FunctionIr) }.Select(t => $"/analyzer:\"{t.Assembly.Location}\"")];
            // An unknown type is found after generators have run, and before any method is compiled.
            string broken = Path.Combine(folder.FullName, "Broken.cs");
            File.WriteAllText(broken, "class Broken : Unknown;");

            Console.WriteLine("""
                | the SDK's compiler in a fresh process | s | processor time, s | in the generator, s |
                |---|---|---|---|
                """);
            Measure("without the generator", project);
            Measure("the generator, its output not compiled", [.. project, .. generator, $"\"{broken}\""], compiles: false);
            Measure("with the generator", [.. project, .. generator]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Measure(string name, string[] arguments, bool compiles = true)
        {
            string response = Path.Combine(folder.FullName, "csc.rsp");
            File.WriteAllLines(response, arguments);
            var start = new ProcessStartInfo(Path.Combine(dotnet, "dotnet"), ["exec", compiler, "@" + response]) { RedirectStandardOutput = true };
            long from = Stopwatch.GetTimestamp();
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            // Once the process has ended, nobody knows its processor time any more.
            TimeSpan processor = default;
            while (!process.WaitForExit(20)) processor = ProcessorTime(process) ?? processor;
            var time = Stopwatch.GetElapsedTime(from);
            if (process.ExitCode == 0 != compiles) throw new InvalidOperationException($"the compiler, {name}: {output.Result}");
            var spent = InGenerator().Match(output.Result);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {time.TotalSeconds:F1} | {processor.TotalSeconds:F1} | {(spent.Success ? spent.Groups[1].Value : "")} |"));
        }
    }

    [GeneratedRegex(@"([\d.]+)\s+\d+\s+AutoVec\.Generator\.AutoVecGenerator")]
    private static partial Regex InGenerator();

    private static TimeSpan? ProcessorTime(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Of the newest SDK beside the runtime that runs this.</summary>
    /// <exception cref="FileNotFoundException">There is no SDK.</exception>
    private static string Compiler(string dotnet)
    {
        string sdks = Path.Combine(dotnet, "sdk");
        return (Directory.Exists(sdks) ? Directory.GetDirectories(sdks) : []).OrderByDescending(Directory.GetCreationTimeUtc)
            .Select(d => Path.Combine(d, "Roslyn", "bincore", "csc.dll")).FirstOrDefault(File.Exists) ?? throw new FileNotFoundException($"no SDK in '{dotnet}'");
    }
}
