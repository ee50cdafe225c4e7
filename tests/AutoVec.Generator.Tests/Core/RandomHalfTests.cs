using System.Text.RegularExpressions;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Stage;
using AutoVec.Compiler.Transforms.Halves;
using AutoVec.Tests.Random;

namespace AutoVec.Generator.Tests.Core;

/// <summary>
/// Random programs in float whose parameters and results are halves in memory: they mean what they mean in floats, rounded; and compiled, over lanes of every width,
/// what the interpreter says.
/// </summary>
public partial class RandomHalfTests
{
    [Fact]
    public void Batched() => Check(5000, Fuzz.Count(40), f => Pipelines.Batch(f, Shared(f), Compiler.Emit.Reduction.None));

    [Fact]
    public void Batched_gradients() => Check(6000, Fuzz.Count(30), f => Pipelines.GradientBatch(f, f.Params, Shared(f), Compiler.Emit.Reduction.None, Seed.One, keepValue: true));

    [Fact]
    public void Batched_tangents() => Check(7000, Fuzz.Count(20), f => Pipelines.JvpBatch(f, f.Params, Shared(f), Compiler.Emit.Reduction.None));

    private static Seq<Var> Shared(FunctionIr f) => [f.Params.First(p => p.Name == "w")];

    /// <summary>The program in floats.</summary>
    private static FunctionIr Single(RandomProgram program) =>
        Parser.Parse(Double().Replace(ToIr.Lower(program).ToString().Replace("f64", "f32", StringComparison.Ordinal), "$0f"));

    [GeneratedRegex(@"(?<![\w.])(-?\d+\.\d+(E[-+]?\d+)?|\d+E[-+]?\d+|-?inf|nan|nothing)(?![\w.])")]
    private static partial Regex Double();

    private static void Check(int first, int count, Func<FunctionIr, FunctionIr> pipeline)
    {
        var harness = new CoreHarness();
        var made = new List<(int Seed, RandomProgram Program, FunctionIr Floats, FunctionIr Halves, int Core)>();
        for (int seed = first; seed < first + count; seed++)
        {
            var program = RandomProgram.Make(seed, 1 + seed % 5, most: 8);
            var floats = pipeline(Pipelines.Unify(Verifier.Check(Single(program), "float")).Function);
            // Every other parameter of some programs stays a float.
            var parameters = floats.Params.Where((p, k) => p.Type.Scalar == Scalar.F32 && (seed % 3 > 0 || k % 2 == 0)).Select(p => p.Name).ToHashSet();
            var results = Enumerable.Range(0, floats.Body.Results.Count).Where(k => floats.Body.Results[k].Type.Scalar == Scalar.F32 && (seed % 4 > 0 || k % 2 == 0)).ToHashSet();
            var plan = Planner.Plan(Verifier.Check(Halves.Run(floats, parameters, results), "halves"));
            made.Add((seed, program, floats, plan.Function, harness.Add(plan, seed % 3 == 0 ? 256 : seed % 3 == 1 ? 128 : 512)));
        }
        foreach (var (seed, program, floats, halves, core) in made)
            foreach (int batch in new[] { 1, 3, 19 })
            {
                var args = halves.Params.Select((p, k) => Argument(p, batch, 1 + seed % 4, seed + k)).ToArray();
                var expected = Interpreter.Run(floats, [.. args.Select(a => a.ElementType == Scalar.F16 ? Value.Of(Scalar.F32, a.Shape, a.ToDoubles()) : a)]);
                var stored = Interpreter.Run(halves, args);
                string where = $"seed {seed}, batch {batch}\n{program.Text}\n{halves}";
                for (int r = 0; r < expected.Length; r++)
                {
                    var rounded = Value.Of(stored[r].ElementType, expected[r].Shape, expected[r].ToDoubles());
                    Assert.True(rounded.Equals(stored[r]), $"result {r} is {stored[r]}, expected {rounded}\n{where}");
                }
                var actual = harness.Run(core, null, args);
                for (int r = 0; r < expected.Length; r++) Close(stored[r], actual[r], $"result {r}, compiled\n{where}\n{harness.TextOf(core)}");
            }
    }

    private static Value Argument(Var p, int batch, int n, int seed)
    {
        var random = new Random(seed);
        var shape = p.Type.Extents.Map(e => e is Const c ? c.AsInt : ((Var)e).Base == "B" ? batch : n);
        return Value.Of(p.Type.Scalar, shape, Enumerable.Range(0, shape.Aggregate(1, (x, y) => x * y)).Select(_ => random.NextDouble() * 3 - 1.5));
    }

    /// <summary>Lanes add in another order, and once less rounded.</summary>
    private static void Close(Value expected, Value actual, string what)
    {
        Assert.Equal((expected.ElementType, expected.Shape), (actual.ElementType, actual.Shape));
        for (int i = 0; i < expected.Data.Length; i++)
        {
            double e = expected.Data[i].AsDouble, a = actual.Data[i].AsDouble;
            Assert.True(e.Equals(a) || Math.Abs(e - a) <= 4e-3 * Math.Max(1, Math.Abs(e)), $"element {i} of {what}: {a:R}, expected {e:R}");
        }
    }
}
