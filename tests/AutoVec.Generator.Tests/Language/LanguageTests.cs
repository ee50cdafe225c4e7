using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Generator.Tests.EndToEnd;
using AutoVec.Generator.Tests.Kit;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.Language;

/// <summary>
/// Every construct: the plain method, the interpreted IR, the batch on the CPU and on the emulator agree, with the same exceptions, and
/// gradients match differences of the plain method.
/// </summary>
public class LanguageTests(ITestOutputHelper output)
{
    public static TheoryData<int> Themes => [.. Enumerable.Range(0, Programs.Count)];

    [Theory, MemberData(nameof(Themes))]
    public void The_lowered_method_is_the_method(int theme)
    {
        var lowered = Lowered.From(Programs.Source(theme));
        Assert.Empty(lowered.Diagnostics.Where(d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error));
        foreach (string name in Programs.Names(theme))
        {
            var method = lowered.Plain(name);
            var random = Seeded(name);
            for (int k = 0; k < 40; k++) Agreement.Check(lowered, name, Agreement.Draw(method, random));
        }
    }

    /// <summary>All gradients, in the interpreter: compiling them all is for CI.</summary>
    public static TheoryData<int> Smooth => [.. Enumerable.Range(0, Programs.Smooth)];

    [Theory, MemberData(nameof(Smooth))]
    public void Gradients_match_differences(int theme)
    {
        var lowered = Lowered.From(Programs.Source(theme));
        int settled = 0;
        var wrong = new List<string>();
        foreach (string name in Programs.Names(theme).Where(n => Differences.HasGradient(lowered.Plain(n))))
        {
            try
            {
                settled += Gradients(lowered, name) ? 1 : 0;
            }
            catch (Exception e)
            {
                wrong.Add($"{name}: {e.Message}");
            }
        }
        output.WriteLine($"{settled} gradients");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(settled > 12);
    }

    private static bool Gradients(Lowered lowered, string name)
    {
        var f = lowered[name];
        var method = lowered.Plain(name);
        var wrt = f.Params.Where(p => p.Type.Scalar == Scalar.F64).ToSeq();
        var gradient = Pipelines.GradientBatch(f, wrt, [], Compiler.Emit.Reduction.None, Seed.One, keepValue: true);
        var random = Seeded(name);
        bool any = false;
        for (int k = 0; k < 6; k++)
        {
            object[] args = Agreement.Draw(method, random);
            if (Differences.Value(method, args) is not { } value) continue;
            var stacked = args.Select(a => Value.From(a)).Select(v => Value.Of(v.ElementType, [1, .. v.Shape], v.Data)).ToArray();
            var got = Interpreter.Run(gradient, stacked);
            Differences.Close("the value", value, got[0].AsDouble);
            int result = 0;
            foreach (var p in method.GetParameters().Where(Differences.IsActive))
            {
                double[] bars = got[++result].ToDoubles();
                for (int e = 0; e < bars.Length; e++)
                {
                    if (Differences.Of(method, args, p.Position, e) is not { } difference) continue;
                    any = true;
                    Differences.Close($"the gradient of '{p.Name}' [{e}]", difference, bars[e]);
                }
            }
        }
        return any;
    }

    private static Random Seeded(string name) => new(name.Aggregate(17, (h, c) => h * 31 + c));

    [Theory, MemberData(nameof(Themes))]
    public void Batches_and_gradients_on_all_devices(int theme)
    {
        // CI compiles them all; that takes a minute.
        int every = Environment.GetEnvironmentVariable("AUTOVEC_COMPILED") is null ? 6 : 1;
        string source = Programs.Source(theme, every);
        var generated = Generated.Run(source, oneWidth: true, vjp: false);
        Assert.Empty(generated.Errors);
        // Trees have tests of their own; a batch of them cannot be made from samples.
        var plain = Lowered.From(source);
        var callable = generated.Functions.Keys.Where(n => plain.Plain(n).GetParameters().All(p => BatchCalls.IsCallable(p.ParameterType)) && BatchCalls.IsCallable(plain.Plain(n).ReturnType)).ToList();
        var calls = new BatchCalls(generated, callable.Select(plain.Plain));
        using var emulator = Device.Emulator();
        var wrong = new List<string>();
        int settled = 0, thrown = 0;
        foreach (string name in callable)
        {
            try
            {
                (bool gradient, int exceptions) = calls.Check(name, Seeded(name), emulator);
                settled += gradient ? 1 : 0;
                thrown += exceptions;
            }
            catch (Exception e)
            {
                wrong.Add($"{name}: {e.Message}");
            }
        }
        output.WriteLine($"{callable.Count} methods, {settled} gradients, {thrown} exceptions");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }
}
