using AutoVec.Compiler.Ir;
using AutoVec.Tests.Random;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>
/// Very many random programs on the short road: plain C# = interpreter after every pass of both derivatives = SIMD at one of three widths;
/// gradients = differences of plain C#; gradient and tangent are dual. Hosts, the emulator and PTX: <see cref="RandomTests"/>.
/// </summary>
public abstract class RandomCoreTests(ITestOutputHelper output)
{
    private const int Chunk = 40, First = 100_000;

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
        var failures = new List<string>();
        foreach (var (seed, made) in all.Programs)
        {
            int n = 1 + seed % 4;
            try
            {
                unsettled += Check(all, seed, made, n) ? 0 : 1;
            }
            catch (Exception e)
            {
                failures.Add($"seed {seed}, n = {n}: {e.Message}\n{made.Program.Text}");
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {all.Programs.Count} programs disagree\n{string.Join("\n", failures.Take(3))}");
        output.WriteLine($"{all.Programs.Count} programs, {unsettled} without settled differences");
    }

    /// <returns>Did the differences settle?</returns>
    private static bool Check(RandomCores all, int seed, RandomCores.Made made, int n)
    {
        // More than one vector of the widest, and less than one of the narrowest.
        int samples = seed % 8 == 0 ? 11 : seed % 16 == 1 ? 1 : 3;
        var inputs = Enumerable.Range(0, samples).Select(k => RandomInputs.Make(made.Program, n, seed * 7 + k)).ToList();
        double[] plain = [.. inputs.Select(s => all.Plain(seed, s))];
        var batch = Stack(inputs);

        double[][] gradient = Doubles(all.Run(made.GradientCore, batch));
        RandomTests.Close("the value beside the gradient", plain, gradient[0], 1e-9);
        bool settled = !Overflows(made.Gradient[0].Function, inputs[^1], gradient, samples);
        for (int k = 0; settled && k < batch.Length; k++)
        {
            var differences = RandomInputs.Differences(s => all.Plain(seed, s), inputs[^1], k);
            int size = gradient[k + 1].Length / samples;
            if (differences is null) settled = false;
            else RandomTests.Close($"gradient {k} and differences", differences, gradient[k + 1][^size..], 2e-6);
        }
        Interpret(made.Gradient, inputs[^1], batch, gradient, samples);

        if (made.Tangent is null) return settled;
        var directions = Enumerable.Range(0, samples).Select(k => RandomInputs.Make(made.Program, n, seed * 11 + k + 1)).ToList();
        Value[] both = [.. batch, .. Stack(directions)];
        double[][] tangent = Doubles(all.Run(made.TangentCore, both));
        RandomTests.Close("the value beside the tangent", plain, tangent[0], 1e-9);
        for (int s = 0; s < samples; s++)
        {
            double sum = 0, size = 1;
            for (int k = 0; k < batch.Length; k++)
            {
                double[] v = directions[s][k].ToDoubles();
                for (int e = 0; e < v.Length; e++)
                {
                    double term = v[e] * gradient[k + 1][s * v.Length + e];
                    sum += term;
                    size += Math.Abs(term);
                }
            }
            if (!(Math.Abs(sum - tangent[1][s]) <= 1e-8 * size || sum.Equals(tangent[1][s])))
                throw new InvalidOperationException($"sample {s}: the gradient gives the slope {sum:R}, the tangent is {tangent[1][s]:R}");
        }
        Interpret(made.Tangent, [.. inputs[^1], .. directions[^1]], both, tangent, samples);
        return settled;
    }

    /// <summary>Is the gradient NaN because a number on the way was infinite? Where it is lost again (tanh(∞) is 1), differences see a constant, the chain rule 0 · ∞.</summary>
    private static bool Overflows(FunctionIr f, Value[] input, double[][] gradient, int samples) =>
        gradient.Skip(1).Any(g => g[^(g.Length / samples)..].Any(double.IsNaN)) && Interpreter.MeetsInfinity(f, input);

    private static Value[] Stack(List<Value[]> samples) => [.. samples[0].Select((_, k) => RandomInputs.Stack([.. samples.Select(s => s[k])]))];

    private static double[][] Doubles(Value[] values) => [.. values.Select(v => v.ToDoubles())];

    /// <summary>The function after every pass: of one sample, then of the batch.</summary>
    private static void Interpret(List<(string Pass, FunctionIr Function)> steps, Value[] last, Value[] batch, double[][] expected, int samples)
    {
        foreach (var (pass, g) in steps)
        {
            bool isBatch = g.Params[0].Type.Rank > last[0].Shape.Count;
            // Before the derivative there is only the value, of the inputs only.
            var results = Doubles(Interpreter.Run(g, [.. (isBatch ? batch : last).Take(g.Params.Count)]));
            for (int r = 0; r < results.Length; r++)
                RandomTests.Close($"result {r} after {pass}", isBatch ? expected[r] : expected[r][^(expected[r].Length / samples)..], results[r], 1e-8);
        }
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
