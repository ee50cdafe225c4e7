using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Stage;
using AutoVec.Generator.Tests.Core;
using AutoVec.Tests.Random;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>
/// Random programs as plain C# and as cores of their derivatives, without what the generator writes around them. One compilation for all of
/// them. The interpreter runs what each pass gave as soon as it is there: thousands of functions that live long would cost more than they do.
/// </summary>
public sealed partial class RandomCores
{
    private readonly CoreHarness _harness = new();
    private readonly Type _plain;

    /// <summary>What a function meant after a pass: of the last sample, or of a batch of the last.</summary>
    public sealed record Meaning(string Pass, bool IsBatch, double[][] Results);

    /// <summary>A derivative of a program: as first taken, what that gives for each sample, the function after each pass that changed it, and a core of the whole batch.</summary>
    public sealed record Derived(FunctionIr First, IReadOnlyList<double[][]> Samples, FunctionIr Last, IReadOnlyList<Meaning> Meanings, int? Core);

    /// <param name="Gradient">Values and gradients.</param>
    /// <param name="Tangent">Values and tangents.</param>
    public sealed record Made(RandomCase Case, Derived Gradient, Derived? Tangent);

    public RandomCores(IReadOnlyList<int> seeds)
    {
        var cases = seeds.Select(s => new RandomCase(s)).ToList();
        var source = new StringBuilder("#nullable disable\nnamespace Random;\npublic static partial class P\n{\n");
        foreach (var c in cases) source.Append($"[Differentiable({RandomCSharp.Budget(c.Seed)})]\n").Append(CSharp.Write(c.Program, $"F{c.Seed}"));
        var lowered = Generated.Run(source.Append("}\n").ToString(), generates: false);
        var error = lowered.Errors.FirstOrDefault();
        if (error is not null) throw new InvalidOperationException($"{error}\n{error.Location.SourceTree?.GetText().Lines[error.Location.GetLineSpan().StartLinePosition.Line]}");
        foreach (var c in cases)
        {
            try
            {
                Programs.Add(Compile(c, lowered.Functions[$"F{c.Seed}"]));
            }
            catch (Exception e)
            {
                Failures.Add($"{c}: {e.Message}\n{c.Program.Text}");
            }
        }
        var assembly = lowered.Load("#nullable disable\n" + Unoptimized().Replace(_harness.Text, "MethodImplOptions.NoOptimization"));
        _harness.Use(assembly);
        _plain = assembly.GetType("Random.P")!;
    }

    /// <summary>The JIT's optimizations are not what is tested here, and take longer than all that runs.</summary>
    [GeneratedRegex(@"MethodImplOptions\.(NoInlining \| MethodImplOptions\.AggressiveOptimization|AggressiveOptimization|AggressiveInlining)")]
    private static partial Regex Unoptimized();

    public List<Made> Programs { get; } = [];

    /// <summary>Programs that a pass, the verifier or the emitter could not take.</summary>
    public List<string> Failures { get; } = [];

    private Made Compile(RandomCase c, FunctionIr f)
    {
        // As the generator has it: lanes for the version of equal extents, plain C# for the other.
        bool unify = c.Seed % 4 != 0;
        if (unify) f = Pipelines.Unify(f).Function;
        var gradient = Derive(c, f, new(f.Params, Seed.One, true), c.Inputs, unify);
        return new(c, gradient, !c.HasTangent ? null
            : Derive(c, f, new(f.Params, Seed.Cotangent, true) { Forward = true }, [.. c.Inputs.Zip(c.Directions, (s, d) => (Value[])[.. s, .. d])], unify));
    }

    private Derived Derive(RandomCase c, FunctionIr f, Pipelines.Derivative derivative, IReadOnlyList<Value[]> samples, bool lanes)
    {
        var shared = f.Params.Where((_, k) => c.IsShared(k)).ToSeq();
        var meanings = new List<Meaning>();
        FunctionIr? before = null, first = null;
        IReadOnlyList<double[][]> single = [];
        foreach (var (pass, g) in c.IsSingle ? Pipelines.Steps(f, derivative) : Pipelines.Steps(f, shared, c.Reduction, derivative))
        {
            if (ReferenceEquals(before, g)) continue;
            before = Verifier.Check(g, pass);
            if (first is null && pass is "differentiate" or "jvp")
            {
                first = g;
                single = [.. samples.Select(s => Doubles(Interpreter.Run(g, One(g, s))))];
            }
            bool isBatch = g.Params[f.Params.Count - 1].Type.Rank > 0;
            // Before the derivative there is only the value, of the inputs only.
            meanings.Add(new(pass, isBatch, Doubles(Interpreter.Run(g, isBatch ? [.. c.Few.Take(g.Params.Count)] : One(g, samples[^1])))));
        }
        var plan = Planner.Plan(before!);
        return new(first!, single, plan.Function, meanings, c.IsCompiled ? _harness.Add(plan, 128 << c.Seed % 3, lanes) : null);
    }

    /// <summary>The arguments of one sample, which has all of a mean.</summary>
    internal static Value[] One(FunctionIr f, Value[] sample) =>
        [.. sample.Take(f.Params.Count), .. f.Params.Skip(sample.Length).Select(p => Value.Of(Const.Of(p.Type.Scalar, 1)))];

    public double[][] Run(Derived derived, Value[] batch)
    {
        batch = [.. batch.Take(derived.Last.Params.Count)];
        return Doubles(derived.Core is { } core ? _harness.Run(core, null, batch) : Interpreter.Run(derived.Last, batch));
    }

    private static double[][] Doubles(Value[] values) => [.. values.Select(v => v.ToDoubles())];

    public double Plain(RandomCase c, Value[] sample)
    {
        var arguments = sample.Select(v => RandomCSharp.Host(v.Shape, v.ToDoubles())).ToArray();
        try
        {
            return (double)_plain.GetMethod($"F{c.Seed}")!.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }
}
