using AutoVec.Compiler.Ir;
using AutoVec.Tests.Random;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>
/// Very many random programs on the short road: plain C# = interpreter after every pass of both derivatives = (every fifth) SIMD at one of three widths;
/// gradients = differences of plain C#; gradient and tangent are dual. Hosts, the emulator and PTX: <see cref="RandomTests"/>.
/// </summary>
public abstract class RandomCoreTests(ITestOutputHelper output)
{
    private const int Chunk = 20, First = 100_000;

    /// <summary>Where the chunks of one half begin; AUTOVEC_RANDOM is the number of all programs, AUTOVEC_RANDOM_FIRST the first seed.</summary>
    protected static TheoryData<int> Half(int half)
    {
        static int number(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), out int n) ? n : usual;
        int first = number("AUTOVEC_RANDOM_FIRST", First);
        return [.. Enumerable.Range(0, Math.Max(2, number("AUTOVEC_RANDOM", 160) / Chunk)).Where(k => k % 2 == half).Select(k => first + k * Chunk)];
    }

    protected void Agree(int first)
    {
        var all = new RandomCores([.. Enumerable.Range(first, Chunk)]);
        int unsettled = 0;
        var failures = all.Failures.ToList();
        foreach (var made in all.Programs)
        {
            try
            {
                unsettled += Check(all, made) ? 0 : 1;
            }
            catch (Exception e)
            {
                failures.Add($"{made.Case}: {e.Message}\n{made.Case.Program.Text}");
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {Chunk} programs disagree\n{string.Join("\n", failures.Take(3))}");
        output.WriteLine($"{all.Programs.Count} programs, {unsettled} without settled differences");
    }

    /// <returns>Did the differences settle?</returns>
    private static bool Check(RandomCores all, RandomCores.Made made)
    {
        var inputs = made.Case.Inputs;
        var gradients = made.Gradient.Samples;
        double[] plain = [.. inputs.Select(s => all.Plain(made.Case, s))];
        RandomTests.Close("the value beside the gradient", plain, [.. gradients.Select(g => g[0][0])], 1e-9);
        bool settled = !Overflows(made.Gradient.First, inputs[^1], gradients[^1]);
        for (int k = 0; settled && k < inputs[^1].Length; k++)
        {
            var differences = RandomInputs.Differences(s => all.Plain(made.Case, s), inputs[^1], k);
            if (differences is null) settled = false;
            else RandomTests.Close($"gradient {k} and differences", differences, gradients[^1][k + 1], 2e-6);
        }
        Agree(all, made.Case, made.Gradient, "gradient");

        if (made.Tangent is null) return settled;
        RandomTests.Close("the value beside the tangent", plain, [.. made.Tangent.Samples.Select(t => t[0][0])], 1e-9);
        Dual(made.Case.Directions, gradients, made.Tangent.Samples);
        Agree(all, made.Case, made.Tangent, "tangent");
        return settled;
    }

    /// <summary>What each pass made of the derivative, and the core, give what the samples give one by one.</summary>
    private static void Agree(RandomCores all, RandomCase c, RandomCores.Derived derived, string what)
    {
        bool isGradient = what == "gradient";
        var few = Batch(c, [.. derived.Samples.TakeLast(RandomCase.Interpreted)], isGradient);
        foreach (var (pass, isBatch, results) in derived.Meanings)
            for (int r = 0; r < results.Length; r++)
                RandomTests.Close($"result {r} after {pass}, of the {what}", isBatch ? few[r] : derived.Samples[^1][r], results[r], 1e-8);
        double[][] expected = Batch(c, derived.Samples, isGradient), core = all.Run(derived, c.BatchAndDirections);
        for (int r = 0; r < core.Length; r++) RandomTests.Close($"result {r} of the {what}'s core", expected[r], core[r], 1e-8);
    }

    /// <summary>The results of some samples, as a batch has them: what reduces the values sums their tangents too, and gradients by what is shared are summed in any case.</summary>
    private static double[][] Batch(RandomCase c, IReadOnlyList<double[][]> samples, bool isGradient) => c.IsSingle ? samples[0] : [.. samples[0].Select((_, r) =>
    {
        double share = c.Reduction == Compiler.Emit.Reduction.Mean ? samples.Count : 1;
        bool sums = isGradient && r > 0 ? c.IsShared(r - 1) : c.Reduction != Compiler.Emit.Reduction.None;
        return sums ? samples[0][r].Select((_, e) => samples.Sum(s => s[r][e]) / share).ToArray()
            : [.. samples.SelectMany(s => s[r]).Select(v => isGradient && r > 0 ? v / share : v)];
    })];

    /// <summary>The tangent along a direction is the gradient's product with it.</summary>
    private static void Dual(IReadOnlyList<Value[]> directions, IReadOnlyList<double[][]> gradients, IReadOnlyList<double[][]> tangents)
    {
        for (int s = 0; s < directions.Count; s++)
        {
            double sum = 0, size = 1, tangent = tangents[s][1][0];
            for (int k = 0; k < directions[s].Length; k++)
            {
                double[] v = directions[s][k].ToDoubles();
                for (int e = 0; e < v.Length; e++)
                {
                    double term = v[e] * gradients[s][k + 1][e];
                    sum += term;
                    size += Math.Abs(term);
                }
            }
            if (!(Math.Abs(sum - tangent) <= 1e-8 * size || sum.Equals(tangent)))
                throw new InvalidOperationException($"sample {s}: the gradient gives the slope {sum:R}, the tangent is {tangent:R}");
        }
    }

    /// <summary>Is the gradient NaN because a number on the way was infinite? Where it is lost again (tanh(∞) is 1), differences see a constant, the chain rule 0 · ∞.</summary>
    private static bool Overflows(FunctionIr f, Value[] input, double[][] gradient) =>
        gradient.Skip(1).Any(g => g.Any(double.IsNaN)) && Interpreter.MeetsInfinity(f, RandomCores.One(f, input));
}

/// <inheritdoc/>
public class EvenRandomCoreTests(ITestOutputHelper output) : RandomCoreTests(output)
{
    public static TheoryData<int> Chunks => Half(0);

    [Theory, MemberData(nameof(Chunks))]
    public void Plain_passes_lanes_and_both_derivatives_agree(int first) => Agree(first);
}

/// <inheritdoc/>
public class OddRandomCoreTests(ITestOutputHelper output) : RandomCoreTests(output)
{
    public static TheoryData<int> Chunks => Half(1);

    [Theory, MemberData(nameof(Chunks))]
    public void Plain_passes_lanes_and_both_derivatives_agree(int first) => Agree(first);
}
