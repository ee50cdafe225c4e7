using AutoVec.Compiler.Ir;
using Xunit;

namespace AutoVec.Tests.Random;

/// <summary>Runs a pass, or several, on random programs: the result verifies and means the same.</summary>
public static class PassFuzz
{
    /// <summary>Each step is a (name, pass); programs are made from seeds [first, first + count).</summary>
    public static void Check(int first, int count, params (string Name, Func<FunctionIr, FunctionIr> Run)[] passes)
    {
        for (int seed = first; seed < first + count; seed++) One(seed, passes);
    }

    public static void One(int seed, params (string Name, Func<FunctionIr, FunctionIr> Run)[] passes)
    {
        var program = RandomProgram.Make(seed, 1 + seed % 5);
        var f = Verifier.Check(ToIr.Lower(program), "lower");
        var inputs = Enumerable.Range(0, 3).Select(k => RandomInputs.Make(program, k == 0 ? 1 : 2 + k, seed * 3 + k)).ToArray();
        var expected = inputs.Select(i => Interpreter.Run(f, i)).ToArray();
        foreach (var (name, run) in passes)
        {
            var before = f;
            try
            {
                f = Verifier.Check(run(f), name);
                for (int k = 0; k < inputs.Length; k++)
                    Close(expected[k], Interpreter.Run(f, inputs[k]));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"seed {seed}: {name}: {e.Message}\n{program.Text}\n--- before\n{before}\n--- after\n{f}", e);
            }
        }
    }

    /// <summary>Equal up to the reassociation of sums.</summary>
    public static void Close(Value[] expected, Value[] actual, double tolerance = 1e-9)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int r = 0; r < expected.Length; r++)
        {
            Assert.Equal(expected[r].Shape, actual[r].Shape);
            double[] e = expected[r].ToDoubles(), a = actual[r].ToDoubles();
            double scale = Math.Max(1, e.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
            for (int k = 0; k < e.Length; k++)
                if (!(Math.Abs(e[k] - a[k]) <= tolerance * scale || e[k].Equals(a[k])))
                    throw new InvalidOperationException($"result {r}, element {k}: expected {e[k]:R}, got {a[k]:R}");
        }
    }
}
