using AutoVec.Compiler.Ir;
using AutoVec.Tests.Random;

namespace AutoVec.Compiler.Tests.Vectorize;

using Reduction = AutoVec.Compiler.Emit.Reduction;

/// <summary>What a batch must give: the samples one by one, gathered by hand.</summary>
public static class Batches
{
    /// <summary>Some values of one shape, with a leading dimension.</summary>
    public static Value Stack(IReadOnlyList<Value> rows) =>
        Value.Of(rows[0].ElementType, [rows.Count, .. rows[0].Shape], rows.SelectMany(r => r.Data).ToArray());

    /// <param name="f">The function of one sample.</param>
    /// <param name="samples">The arguments of each sample; shared ones are taken from the first.</param>
    public static Value[] Expected(FunctionIr f, Seq<Var> shared, Reduction reduction, IReadOnlyList<Value[]> samples)
    {
        var rows = samples.Select(s => Interpreter.Run(f, [.. s.Select((a, k) => shared.Contains(f.Params[k]) ? samples[0][k] : a)])).ToArray();
        double n = reduction == Reduction.Mean ? samples.Count : 1;
        return [.. Enumerable.Range(0, f.Body.Results.Count).Select(k =>
        {
            string name = f.ResultNames.IsEmpty ? "value" : f.ResultNames[k];
            var stacked = Stack([.. rows.Select(r => r[k])]);
            bool gradient = name.StartsWith("d:");
            bool summed = gradient ? shared.Any(p => "d:" + p.Name == name) : reduction != Reduction.None;
            if (summed)
                return Value.Of(stacked.ElementType, rows[0][k].Shape,
                    Enumerable.Range(0, rows[0][k].Data.Length).Select(e => rows.Sum(r => r[k].Data[e].AsDouble) / n));
            return gradient ? Value.Of(stacked.ElementType, stacked.Shape, stacked.Data.Select(d => d.AsDouble / n)) : stacked;
        })];
    }

    public static Value[] Arguments(FunctionIr f, Seq<Var> shared, IReadOnlyList<Value[]> samples) =>
        [.. f.Params.Select((p, k) => shared.Contains(p) ? samples[0][k] : Stack([.. samples.Select(s => s[k])]))];

    /// <summary>Random programs, batched, then through further passes: every step must give what the samples give.</summary>
    public static void Fuzz(int first, int count, Func<FunctionIr, FunctionIr>? before, params (string Name, Func<FunctionIr, FunctionIr> Run)[] passes)
    {
        for (int seed = first; seed < first + count; seed++)
        {
            var program = RandomProgram.Make(seed, 1 + seed % 5);
            var f = ToIr.Lower(program);
            if (before is not null) f = before(f);
            var samples = Enumerable.Range(0, 3).Select(k => RandomInputs.Make(program, 1 + seed % 4, seed * 3 + k)).ToArray();
            var shared = f.Params.Where((_, k) => k < 4 && (seed >> k) % 2 == 1).ToSeq();
            var reduction = (Reduction)(seed / 7 % 3);
            var expected = Expected(f, shared, reduction, samples);
            var g = f;
            var source = g;
            try
            {
                g = Verifier.Check(Transforms.Vectorize.Vectorize.Run(f, shared, reduction), "vectorize");
                PassFuzz.Close(expected, Interpreter.Run(g, Arguments(f, shared, samples)));
                foreach (var (name, run) in passes)
                {
                    source = g;
                    g = Verifier.Check(run(g), name);
                    PassFuzz.Close(expected, Interpreter.Run(g, Arguments(f, shared, samples)));
                }
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}\n{program.Text}\n--- before\n{source}\n--- after\n{g}", e);
            }
        }
    }
}
