using System.Reflection;
using AutoVec.Generator.Tests.EndToEnd;

namespace AutoVec.Generator.Tests.Language;

/// <summary>Results whose length an argument decides: one length for the batch, or an exception that says which.</summary>
public class LengthTests
{
    private static readonly Lazy<Type> Calls = new(() =>
    {
        var generated = Generated.Run("""
            public static partial class M
            {
                [Vectorize, Differentiable]
                public static double[] Powers(double x, [NoGrad] int n)
                {
                    var row = new double[n + 1];
                    row[0] = 1;
                    for (int i = 0; i < n; i++) row[i + 1] = row[i] * x;
                    return row;
                }

                [Vectorize, Differentiable]
                public static double[] Positive(double[] x)
                {
                    int count = 0;
                    foreach (double v in x) if (v > 0) count++;
                    var kept = new double[count];
                    int next = 0;
                    foreach (double v in x) if (v > 0) kept[next++] = v * v;
                    return kept;
                }
            }
            """, oneWidth: true);
        Assert.Empty(generated.Errors);
        return generated.Load("""
            public static class Calls
            {
                public static double[,] Powers(double[] x, int[] n) => M.PowersBatch(x, n);
                public static double[,] PowersOfOne(double[] x, int n) => M.PowersBatch(x, n);
                public static double[] PowersGrad(double[] x, int n, double[,] bar) => M.PowersVjpBatch(x, n, bar).Gradient.X;
                public static double[,] Positive(double[,] x) => M.PositiveBatch(x);
                public static double[] PositiveVjp(double[] x, double[] bar) => M.PositiveVjp(x, bar).Gradient.X;
            }
            """).GetType("Calls")!;
    });

    private static T Call<T>(string name, params object[] arguments)
    {
        try
        {
            return (T)Calls.Value.GetMethod(name)!.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    [Fact]
    public void One_length_for_all_samples()
    {
        Assert.Equal(new double[,] { { 1, 2, 4 }, { 1, 3, 9 } }, Call<double[,]>("Powers", new double[] { 2, 3 }, new[] { 2, 2 }));
        Assert.Equal(new double[,] { { 1, 2, 4 }, { 1, 3, 9 } }, Call<double[,]>("PowersOfOne", new double[] { 2, 3 }, 2));
        Assert.Equal([1 + (10 * 2 * 2), 1 + (10 * 2 * 3)], Call<double[]>("PowersGrad", new double[] { 2, 3 }, 2, new double[,] { { 5, 1, 10 }, { 5, 1, 10 } }));
        Assert.Equal(new double[,] { { 1, 9 }, { 4, 4 } }, Call<double[,]>("Positive", new double[,] { { 1, -1, 3 }, { 2, 2, -2 } }));
        Assert.Equal([2 * 7.0, 0, 6 * 8.0], Call<double[]>("PositiveVjp", new double[] { 1, -1, 3 }, new double[] { 7, 8 }));
    }

    [Fact]
    public void Others_throw()
    {
        Assert.Contains("from 2 to 3", Assert.Throws<ArgumentException>(() => Call<double[,]>("Powers", new double[] { 2, 3 }, new[] { 1, 2 })).Message);
        Assert.Throws<ArgumentException>(() => Call<double[,]>("Positive", new double[,] { { 1, -1 }, { 2, 2 } }));
        Assert.Contains("-1", Assert.Throws<OverflowException>(() => Call<double[,]>("Powers", new double[] { 2, 3 }, new[] { -2, -2 })).Message);
    }

    [Fact]
    public void No_samples_no_length()
    {
        Assert.Empty(Call<double[,]>("Powers", Array.Empty<double>(), Array.Empty<int>()));
    }
}
