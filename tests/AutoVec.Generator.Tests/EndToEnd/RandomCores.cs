using System.Reflection;
using System.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Stage;
using AutoVec.Generator.Tests.Core;
using AutoVec.Tests.Random;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>
/// Random programs as plain C# and as cores of their derivatives, without what the generator writes around them: an eighth of the time. One
/// compilation for all of them.
/// </summary>
public sealed class RandomCores
{
    private readonly CoreHarness _harness = new();
    private readonly Type _plain;

    /// <param name="Gradient">Its function after every pass, to the batch of values and gradients.</param>
    /// <param name="Tangent">The same to values and tangents, for every fourth program.</param>
    public sealed record Made(RandomProgram Program, List<(string Pass, FunctionIr Function)> Gradient, int GradientCore, List<(string Pass, FunctionIr Function)>? Tangent, int TangentCore);

    public RandomCores(IReadOnlyList<int> seeds)
    {
        var programs = seeds.ToDictionary(s => s, RandomCSharp.Make);
        var source = new StringBuilder("namespace Random;\npublic static partial class P\n{\n");
        foreach (var (seed, program) in programs) source.Append("[Differentiable]\n").Append(CSharp.Write(program, $"F{seed}"));
        var lowered = Generated.Run(source.Append("}\n").ToString(), generates: false);
        var error = lowered.Errors.FirstOrDefault();
        if (error is not null) throw new InvalidOperationException($"{error}\n{error.Location.SourceTree?.GetText().Lines[error.Location.GetLineSpan().StartLinePosition.Line]}");
        foreach (var (seed, program) in programs)
        {
            try
            {
                Programs.Add(seed, Compile(seed, program, lowered.Functions[$"F{seed}"]));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}\n{program.Text}", e);
            }
        }
        var assembly = lowered.Load("#nullable disable\n" + _harness.Text);
        _harness.Use(assembly);
        _plain = assembly.GetType("Random.P")!;
    }

    public Dictionary<int, Made> Programs { get; } = [];

    private Made Compile(int seed, RandomProgram program, FunctionIr f)
    {
        // As the generator has it: lanes for the version of equal extents, plain C# for the other.
        bool unify = seed % 4 != 0;
        if (unify) f = Pipelines.Unify(f).Function;
        int bits = 128 << seed % 3;
        (List<(string, FunctionIr)>, int) Core(Pipelines.Derivative derivative)
        {
            var steps = Pipelines.Steps(f, [], Compiler.Emit.Reduction.None, derivative).ToList();
            foreach (var (pass, g) in steps) Verifier.Check(g, pass);
            return (steps, _harness.Add(Planner.Plan(steps[^1].Function), bits, lanes: unify));
        }
        var (gradient, gradientCore) = Core(new(f.Params, Seed.One, true));
        if (seed % 4 != 1) return new(program, gradient, gradientCore, null, 0);
        var (tangent, tangentCore) = Core(new(f.Params, Seed.Cotangent, true) { Forward = true });
        return new(program, gradient, gradientCore, tangent, tangentCore);
    }

    public Value[] Run(int core, Value[] batch) => _harness.Run(core, null, batch);

    public double Plain(int seed, Value[] sample)
    {
        var arguments = sample.Select(v => RandomCSharp.Host(v.Shape, v.ToDoubles())).ToArray();
        try
        {
            return (double)_plain.GetMethod($"F{seed}")!.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }
}
