using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AutoVec.Samples.Tests;

/// <summary>The pricing sample checks itself: its exit code is 0 if prices and sensitivities are right.</summary>
public class PricingTests
{
    private static readonly string Dotnet = Environment.ProcessPath is { } own && own.EndsWith("dotnet", StringComparison.Ordinal) ? own : "dotnet";

    [Theory]
    [InlineData("1")]
    [InlineData("7")]
    [InlineData("10000")]
    public async Task Prices_and_sensitivities_are_right(string count)
    {
        var (code, output) = await Run(Dotnet, Path.Combine(AppContext.BaseDirectory, "Pricing.dll"), count);
        Assert.True(code == 0, output);
        Assert.Contains("just in time", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("many")]
    public async Task A_mistake_is_told(string count) =>
        Assert.Equal((2, "usage: Pricing [number of options, 1 or more]\n"), await Run(Dotnet, Path.Combine(AppContext.BaseDirectory, "Pricing.dll"), count));

    /// <summary>Warnings are errors, those of the trimmer too: what runs on the CPU needs no reflection, and no ILGPU.</summary>
    [NativeFact]
    public async Task A_native_program_prices_the_same()
    {
        string folder = Directory.CreateTempSubdirectory("autovec").FullName;
        try
        {
            // The projects it refers to have been built with these tests, which may be running from them.
            string configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
            var (code, output) = await Run(Dotnet, "publish", Path.Combine(Root(), "samples", "Pricing"), "-c", configuration, "-r", RuntimeInformation.RuntimeIdentifier,
                "-o", folder, "-p:BuildProjectReferences=false", "-p:UseSharedCompilation=false", "-nodeReuse:false");
            Assert.True(code == 0, output);
            Assert.DoesNotContain("ILGPU.dll", Directory.GetFiles(folder).Select(Path.GetFileName));
            (code, output) = await Run(Path.Combine(folder, "Pricing"), "10000");
            Assert.True(code == 0, output);
            Assert.Contains("native", output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "AutoVec.sln"))) return at.FullName;
        throw new DirectoryNotFoundException("AutoVec.sln is in no folder above the tests");
    }

    private static async Task<(int Code, string Output)> Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + error);
    }

    private sealed class NativeFactAttribute : FactAttribute
    {
        public NativeFactAttribute()
        {
            if (Environment.GetEnvironmentVariable("AUTOVEC_REQUIRE_SERVICES") != "1")
                Skip = "compiling a native program takes clang or gcc, and a package of 43 MB: AUTOVEC_REQUIRE_SERVICES=1 runs it";
        }
    }
}
