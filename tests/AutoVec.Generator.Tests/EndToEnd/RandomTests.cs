using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Tests.Gpu;
using AutoVec.Tests.Random;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>
/// Random programs mean the same as plain C#, in the interpreter after every pass, as SIMD and on the emulator; gradients match
/// differences of plain C#; their kernels compile for sm_90. Two classes, since xunit runs classes side by side.
/// </summary>
public abstract class RandomTests(ITestOutputHelper output)
{
    private const int Chunk = 10;
    private const int Samples = 3;

    /// <summary>Where the chunks of one half begin; CI sets AUTOVEC_COMPILED to the number of all programs.</summary>
    protected static TheoryData<int> Half(int half)
    {
        int programs = int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_COMPILED"), out int n) ? n : 60;
        return [.. Enumerable.Range(0, Math.Max(2, programs / Chunk)).Where(k => k % 2 == half).Select(k => k * Chunk)];
    }

    protected void Agree(int first)
    {
        var all = new RandomCSharp([.. Enumerable.Range(first, Chunk)]);
        using var emulator = Device.Emulator();
        int unsettled = 0;
        foreach (var (seed, program) in all.Programs)
        {
            int n = 1 + seed % 4;
            var samples = Enumerable.Range(0, Samples).Select(k => RandomInputs.Make(program, n, seed * 7 + k)).ToList();
            if (RandomCSharp.HasOneMatrix(seed))
                foreach (var s in samples) s[2] = samples[0][2];
            try
            {
                unsettled += Check(all, seed, samples, emulator) ? 0 : 1;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, n = {n}: {e.Message}\n{program.Text}", e);
            }
        }
        int kernels = Ptx.CompileAll(all.Assembly, optimize: false).Count;
        output.WriteLine($"{all.Programs.Count} programs, {unsettled} without settled differences, {kernels} kernels");
    }

    /// <returns>Did the differences settle?</returns>
    private static bool Check(RandomCSharp all, int seed, List<Value[]> samples, Device emulator)
    {
        double[] plain = [.. samples.Select(s => all.Call("Plain", seed, [s])[0][0])];
        Close("the batch", plain, all.Call("Batch", seed, samples)[0], 1e-9);
        double[][][] grads = [.. samples.Select(s => all.Call("Grad", seed, [s]))];
        Close("the values beside single gradients", plain, [.. grads.Select(g => g[0][0])], 1e-9);
        double[][] batch = all.Call("GradBatch", seed, samples);
        Close("the values beside the gradients", plain, batch[0], 1e-9);
        double[][] emulated = all.Call("Emulated", seed, samples, emulator);
        bool settled = true;
        for (int k = 0; k < samples[0].Length; k++)
        {
            Close($"gradient {k} in a batch", Gathered(seed, k, [.. grads.Select(g => g[k + 1])]), batch[k + 1], 1e-8);
            var differences = RandomInputs.Differences(s => all.Call("Plain", seed, [s])[0][0], samples[0], k);
            if (differences is null) settled = false;
            else Close($"gradient {k} and differences", differences, grads[0][k + 1], 2e-6);
        }
        for (int k = 0; k < batch.Length; k++) Close($"result {k} on the emulator", batch[k], emulated[k], 1e-8);
        if (RandomCSharp.HasJvp(seed)) Tangents(all, seed, samples, plain, grads, emulator);
        Interpret(all.Generated.Functions[$"F{seed}"], seed, samples, grads, batch);
        return settled;
    }

    /// <summary>The gradients of a batch by parameter k: one for each sample, or the sum by what they share.</summary>
    private static double[] Gathered(int seed, int k, double[][] samples) =>
        k == 2 && RandomCSharp.SharesMatrix(seed) ? [.. samples[0].Select((_, e) => samples.Sum(s => s[e]))] : [.. samples.SelectMany(s => s)];

    /// <summary>Forward mode is dual to reverse mode, on every road.</summary>
    private static void Tangents(RandomCSharp all, int seed, List<Value[]> samples, double[] plain, double[][][] gradients, Device emulator)
    {
        double[] slopes = [.. samples.Select((s, at) => s.Select((x, k) => x.ToDoubles().Select((v, e) => v * gradients[at][k + 1][e]).Sum()).Sum())];
        double[][] one = all.Call("Jvp", seed, samples), batch = all.Call("JvpBatch", seed, samples), emulated = all.Call("EmulatedJvp", seed, samples, emulator);
        Close("the value beside the tangent", [plain[0]], one[0], 1e-9);
        Close("the tangent", [slopes[0]], one[1], 1e-8);
        Close("the values beside the tangents", plain, batch[0], 1e-9);
        Close("the tangents", slopes, batch[1], 1e-8);
        Close("the tangents on the emulator", slopes, emulated[1], 1e-8);
    }

    /// <summary>What the generator lowered, after every pass.</summary>
    private static void Interpret(FunctionIr f, int seed, List<Value[]> samples, double[][][] single, double[][] batch)
    {
        if (seed / 2 % 2 == 0) f = Pipelines.Unify(f).Function;
        var shared = RandomCSharp.SharesMatrix(seed) ? f.Params.Skip(2).Take(1).ToSeq() : [];
        FunctionIr? before = null;
        var stacked = samples[0].Select((v, k) => k == 2 && !shared.IsEmpty ? v : RandomInputs.Stack([.. samples.Select(s => s[k])])).ToArray();
        foreach (var (pass, g) in Pipelines.Steps(f, shared, Compiler.Emit.Reduction.None, new(f.Params, Seed.One, true)))
        {
            if (ReferenceEquals(before, g)) continue;
            before = Verifier.Check(g, pass);
            if (g.Params[^1].Type.Rank > 0)
            {
                var results = Interpreter.Run(g, stacked);
                for (int r = 0; r < results.Length; r++) Close($"result {r} after {pass}", batch[r], results[r].ToDoubles(), 1e-8);
            }
            else
                for (int s = 0; s < samples.Count; s++)
                {
                    var results = Interpreter.Run(g, samples[s]);
                    for (int r = 0; r < results.Length; r++) Close($"result {r} of sample {s} after {pass}", single[s][r], results[r].ToDoubles(), 1e-8);
                }
        }
    }

    internal static void Close(string what, double[] expected, double[] got, double tolerance)
    {
        Assert.Equal(expected.Length, got.Length);
        double scale = Math.Max(1, expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        for (int k = 0; k < expected.Length; k++)
            if (!(Math.Abs(expected[k] - got[k]) <= tolerance * scale || expected[k].Equals(got[k])))
                throw new InvalidOperationException($"{what}: element {k} is {got[k]:R}, expected {expected[k]:R}");
    }
}

/// <inheritdoc/>
public class EvenRandomTests(ITestOutputHelper output) : RandomTests(output)
{
    public static TheoryData<int> Chunks => Half(0);

    [Theory, MemberData(nameof(Chunks))]
    public void Plain_batch_gradient_and_differences_agree(int first) => Agree(first);
}

/// <inheritdoc/>
public class OddRandomTests(ITestOutputHelper output) : RandomTests(output)
{
    public static TheoryData<int> Chunks => Half(1);

    [Theory, MemberData(nameof(Chunks))]
    public void Plain_batch_gradient_and_differences_agree(int first) => Agree(first);
}
