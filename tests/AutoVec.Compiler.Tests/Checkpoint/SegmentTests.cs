using AutoVec.Compiler.Ir;
using Cut = AutoVec.Compiler.Transforms.Checkpoint.Checkpoint;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Checkpoint;

/// <summary>What a cut loop takes: bytes within the budget, and trips that are run again no more often than was promised.</summary>
public class SegmentTests
{
    /// <summary>A trip overwrites one element of an array: 20 bytes of tape in double, 8 n + 8 of state.</summary>
    private const string Overwriting = """
        fun F(x: f64[n], k: f64, steps: i32) {
          s, u = loop (s0: f64[n] = x, u0: f64 = k) for t<steps {
            at = irem t 3
            a = s0[at]
            b = sin a
            c = b * u0
            s1 = s0 with [at] = c
            u1 = cos c
            yield s1, u1
          }
          y = reduce + i<n {
            v = s[i]
            w = v * v
            yield w
          }
          z = y * u
          yield z
        }
        """;

    private static FunctionIr Within(string text, long budget) =>
        Verifier.Check(Tidy.Run(Cut.Run(Budgets.Gradient(Parser.Parse(text)) with { Budget = new(budget) })), "checkpoint");

    /// <summary>The bytes of all arrays for tapes and states, as they are made.</summary>
    private static double Allocated(FunctionIr f, Value[] args)
    {
        var rooms = f.Body.Stmts.OfType<Build>().SelectMany(b => b.Results).Where(v => v.Base is "tape" or "kept").ToList();
        var extents = rooms.SelectMany(v => v.Type.Extents).OfType<Var>().Distinct().ToList();
        var values = Interpreter.Run(Tidy.Run(f with { Body = f.Body with { Results = extents.Select(e => (Atom)e).ToSeq() }, ResultNames = [] }), args);
        double Of(Atom extent) => extent is Const c ? c.AsInt : values[extents.IndexOf((Var)extent)].AsDouble;
        return rooms.Sum(v => v.Type.Extents.Select(Of).Aggregate(v.Type.Scalar is Scalar.F64 ? 8.0 : 4.0, (a, b) => a * b));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(2000)]
    [InlineData(10000)]
    public void Tape_and_states_are_within_the_budget(long budget)
    {
        foreach (bool half in new[] { false, true })
        {
            var f = Within(half ? Overwriting.Replace("f64", "f32") : Overwriting, budget);
            foreach (int n in new[] { 3, 10, 40 })
                foreach (int steps in new[] { 0, 1, 5, 30, 64, 100, 300, 700, 100_000 })
                {
                    int real = half ? 4 : 8;
                    double trip = 2 * real + 4, state = real * n + real;
                    var x = Value.Of(half ? Scalar.F32 : Scalar.F64, [n], [.. Enumerable.Range(0, n).Select(k => 0.1 * k)]);
                    double bytes = Allocated(f, [x, half ? Value.From(0.7f) : Value.From(0.7), Value.From(steps)]);
                    Assert.True(bytes <= Math.Max(budget / 2.0, 8 * state) + Math.Max(budget / 2.0, trip), $"{bytes} bytes for {steps} trips, {n} elements");
                }
        }
    }

    /// <summary>A budget of nothing is that of eight states: C(8 + t, 8) trips are reversed with t more runs of each.</summary>
    [Theory]
    [InlineData(9, 1)]
    [InlineData(45, 2)]
    [InlineData(165, 3)]
    [InlineData(495, 4)]
    public void Trips_are_run_again_as_often_as_eight_states_need(int trips, int times)
    {
        // Long trips: what is done for a segment is little.
        const int Long = 400;
        var chain = Enumerable.Range(0, Long).Select(k => $"a{k + 1} = sin a{k}");
        string text = $$"""
            fun F(x: f64, n: i32) {
              s, u = loop (s0: f64 = x, u0: f64 = x) for t<n {
                a0 = s0 * u0
                {{string.Join("\n    ", chain)}}
                b = a{{Long}} + u0
                c = s0 * b
                yield b, c
              }
              y = s * u
              yield y
            }
            """;
        Assert.True(Steps(trips) <= (times + 0.5) * Long * trips, $"{Steps(trips) / Long / trips}");
        Assert.True(Steps(trips + 1) > (times - 0.5) * Long * trips);

        double Steps(int n)
        {
            double Count(FunctionIr f)
            {
                long least = 0, most = 100L * Long * (n + 1);
                while (most - least > Long)
                {
                    long middle = (least + most) / 2;
                    try
                    {
                        Interpreter.Run(f, middle, [Value.From(0.7), Value.From(n)]);
                        most = middle;
                    }
                    catch (TimeoutException)
                    {
                        least = middle;
                    }
                }
                return most;
            }
            return Count(Within(text, 1)) - Count(Budgets.Gradient(Parser.Parse(text)));
        }
    }
}
