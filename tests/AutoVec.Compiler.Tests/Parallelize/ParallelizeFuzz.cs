using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Tests.Random;
using Pass = AutoVec.Compiler.Transforms.Parallelize.Parallelize;
using Simplifier = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Parallelize;

public class ParallelizeFuzz
{
    [Fact]
    public void Random_programs_mean_the_same() => PassFuzz.Check(0, Fuzz.Count(100), ("parallelize", Pass.Run));

    [Fact]
    public void Random_programs_with_equal_extents_mean_the_same() => PassFuzz.Check(10_000, Fuzz.Count(200),
        ("extents", f => Transforms.Extents.Extents.Unify(f).Function), ("parallelize", Pass.Run));

    /// <summary>Values, NaN and infinities included, and exceptions: only dead reads stop throwing (of <c>false &amp; t</c>, t is dead).</summary>
    [Fact]
    public void Random_loops_mean_and_throw_the_same()
    {
        int count = Fuzz.Count(1000), thrown = 0, lost = 0;
        for (int seed = 0; seed < count; seed++)
        {
            var made = Verifier.Check(RandomLoops.Make(seed), "made");
            var simple = Verifier.Check(Simplifier.Run(made), "simplify");
            var parallel = Verifier.Check(Pass.Run(made), $"parallelize, seed {seed}");
            for (int k = 0; k < 4; k++)
            {
                var args = RandomLoops.Arguments(made, seed * 4 + k);
                var (expected, error) = Outcome(made, args);
                if (error is null) Same(expected!, Interpreter.Run(simple, args), made, simple, seed, 0);
                (expected, error) = Outcome(simple, args);
                var (actual, parallelError) = Outcome(parallel, args);
                if (parallelError is not null && error is null) Assert.Fail($"seed {seed}: now {parallelError} is thrown\n{simple}\n{parallel}");
                if (error is not null) thrown++;
                if (error is not null && parallelError is null) lost++;
                if (error is null) Same(expected!, actual!, simple, parallel, seed, 1e-12);
            }
        }
        Assert.True(lost * 50 <= thrown, $"{lost} of {thrown} exceptions were lost");
    }

    private static (Value[]?, string?) Outcome(FunctionIr f, Value[] args)
    {
        try
        {
            return (Interpreter.Run(f, args), null);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArithmeticException)
        {
            return (null, e.GetType().Name);
        }
    }

    private static void Same(Value[] expected, Value[] actual, FunctionIr before, FunctionIr after, int seed, double tolerance)
    {
        for (int r = 0; r < expected.Length; r++)
            for (int k = 0; k < expected[r].Data.Length; k++)
            {
                double e = expected[r].Data[k].AsDouble, a = actual[r].Data[k].AsDouble;
                bool same = tolerance == 0 ? expected[r].Data[k].Equals(actual[r].Data[k])
                    : e.Equals(a) || Math.Abs(e - a) <= tolerance * Math.Max(1, Math.Abs(e));
                if (!same) Assert.Fail($"seed {seed}: result {r}, element {k}: {e:R} became {a:R}\n{before}\n{after}");
            }
    }
}
