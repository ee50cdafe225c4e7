using AutoVec.Compiler.Ir;

namespace AutoVec.Tests.Random;

/// <summary>Arguments for a random program, and differences of it.</summary>
public static class RandomInputs
{
    /// <summary>All extents n; numbers in (−1.5, 1.5).</summary>
    public static Value[] Make(RandomProgram program, int n, int seed)
    {
        var random = new System.Random(seed);
        return [.. program.Parameters.Select(p =>
        {
            var shape = Enumerable.Repeat(n, p.Rank).ToSeq();
            var data = Enumerable.Range(0, shape.Aggregate(1, (x, y) => x * y)).Select(_ => random.NextDouble() * 3 - 1.5);
            return Value.Of(Scalar.F64, shape, data);
        })];
    }

    /// <summary>A batch: values of one shape, with a leading dimension.</summary>
    public static Value Stack(Value[] samples) =>
        Value.Of(samples[0].ElementType, Enumerable.Repeat(samples.Length, 1).Concat(samples[0].Shape).ToSeq(), [.. samples.SelectMany(s => s.Data)]);

    /// <summary>
    /// The gradient with respect to argument k by central differences of 4th order, one entry an element;
    /// null where two step sizes disagree (a kink, or chaos).
    /// </summary>
    public static double[]? Differences(Func<Value[], double> f, Value[] args, int k)
    {
        double[] at(double h) => [.. Enumerable.Range(0, args[k].Data.Length).Select(e =>
        {
            double moved(double by)
            {
                var data = args[k].Data.ToArray();
                data[e] = Const.F64(data[e].AsDouble + by);
                var changed = args.ToArray();
                changed[k] = Value.Of(args[k].ElementType, args[k].Shape, data);
                return f(changed);
            }
            return (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
        })];
        double[] coarse = at(2e-4), fine = at(0.7e-4);
        double scale = Math.Max(1, fine.Select(Math.Abs).DefaultIfEmpty(0).Max());
        return coarse.Zip(fine, (c, g) => Math.Abs(c - g)).All(d => d <= 1e-6 * scale) ? fine : null;
    }
}
