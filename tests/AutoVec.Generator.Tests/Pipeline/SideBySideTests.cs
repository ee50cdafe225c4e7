using AutoVec.Compiler.Emit;
using AutoVec.Generator.Tests.Kit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AutoVec.Generator.Tests.Pipeline;

/// <summary>Methods are compiled at the same time; what comes out does not show it.</summary>
public class SideBySideTests
{
    private static readonly CSharpCompilation Compilation = Lowered.Compile("""
        using AutoVec;
        public static partial class C
        {
            [Vectorize] public static float F(float x) => x * 2;
            [Vectorize] public static float G(float x) => x * 3;
        }
        """);

    [Fact]
    public void A_method_does_not_wait_for_the_one_before_it()
    {
        using var both = new Barrier(2);
        var result = CSharpGeneratorDriver.Create(new AutoVecGenerator((m, _) =>
            both.SignalAndWait(TimeSpan.FromMinutes(1)) ? new GeneratedSource(m.Name + ".g.cs", "", []) : null)).RunGenerators(Compilation).GetRunResult();
        Assert.Equal(["F.g.cs", "G.g.cs"], result.Results[0].GeneratedSources.Select(s => s.HintName).Where(n => n is "F.g.cs" or "G.g.cs"));
    }

    [Fact]
    public void A_run_that_is_cancelled_leaves_a_driver_that_compiles_all()
    {
        using var source = new CancellationTokenSource();
        bool cancels = true;
        GeneratorDriver driver = CSharpGeneratorDriver.Create(new AutoVecGenerator((m, _) =>
        {
            if (cancels) source.Cancel();
            return new GeneratedSource(m.Name + ".g.cs", "", []);
        }));
        Assert.ThrowsAny<OperationCanceledException>(() => driver.RunGenerators(Compilation, source.Token));
        cancels = false;
        var result = driver.RunGenerators(Compilation).GetRunResult().Results[0];
        Assert.Null(result.Exception);
        Assert.Equal(["F.g.cs", "G.g.cs"], result.GeneratedSources.Select(s => s.HintName).Where(n => n is "F.g.cs" or "G.g.cs"));
    }
}
