using AutoVec.Compiler.Ir;
using AutoVec.Tests.Random;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>
/// Very many random programs on the short road: plain C# = interpreter after every pass of both derivatives = (every third) SIMD at one of three widths;
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
        double[] plain = [.. inputs.Select(s => all.Plain(made.Case, s))];
        double[][] gradient = all.Run(made.Gradient, made.Case.Batch);
        RandomTests.Close("the value beside the gradient", plain, gradient[0], 1e-9);
        bool settled = !Overflows(made.Gradient.First, inputs[^1], gradient, inputs.Count);
        for (int k = 0; settled && k < inputs[^1].Length; k++)
        {
            var differences = RandomInputs.Differences(s => all.Plain(made.Case, s), inputs[^1], k);
            int size = gradient[k + 1].Length / inputs.Count;
            if (differences is null) settled = false;
            else RandomTests.Close($"gradient {k} and differences", differences, gradient[k + 1][^size..], 2e-6);
        }
        Passes(made.Gradient, gradient, inputs.Count);

        if (made.Tangent is null) return settled;
        double[][] tangent = all.Run(made.Tangent, made.Case.BatchAndDirections);
        RandomTests.Close("the value beside the tangent", plain, tangent[0], 1e-9);
        Dual(made.Case.Directions, gradient, tangent[1]);
        Passes(made.Tangent, tangent, inputs.Count);
        return settled;
    }

    /// <summary>The tangent along a direction is the gradient's product with it.</summary>
    private static void Dual(IReadOnlyList<Value[]> directions, double[][] gradient, double[] tangent)
    {
        for (int s = 0; s < directions.Count; s++)
        {
            double sum = 0, size = 1;
            for (int k = 0; k < directions[s].Length; k++)
            {
                double[] v = directions[s][k].ToDoubles();
                for (int e = 0; e < v.Length; e++)
                {
                    double term = v[e] * gradient[k + 1][s * v.Length + e];
                    sum += term;
                    size += Math.Abs(term);
                }
            }
            if (!(Math.Abs(sum - tangent[s]) <= 1e-8 * size || sum.Equals(tangent[s])))
                throw new InvalidOperationException($"sample {s}: the gradient gives the slope {sum:R}, the tangent is {tangent[s]:R}");
        }
    }

    /// <summary>Is the gradient NaN because a number on the way was infinite? Where it is lost again (tanh(∞) is 1), differences see a constant, the chain rule 0 · ∞.</summary>
    private static bool Overflows(FunctionIr f, Value[] input, double[][] gradient, int samples) =>
        gradient.Skip(1).Any(g => g[^(g.Length / samples)..].Any(double.IsNaN)) && Interpreter.MeetsInfinity(f, input);

    /// <summary>The function after every pass: of one sample, then of a batch.</summary>
    private static void Passes(RandomCores.Derived derived, double[][] expected, int samples)
    {
        foreach (var (pass, isBatch, results) in derived.Meanings)
            for (int r = 0; r < results.Length; r++)
                RandomTests.Close($"result {r} after {pass}", expected[r][^(expected[r].Length / samples * (isBatch ? Math.Min(samples, RandomCase.Interpreted) : 1))..], results[r], 1e-8);
    }
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
