using AutoVec.Compiler.Ir;
using AutoVec.Cpu;
using AutoVec.Compiler.Transforms.Stage;
using AutoVec.Compiler.Emit;

namespace AutoVec.Generator.Tests.Core;

/// <summary>IR, as emitted C#, means what the interpreter says: on the host, and inside one thread of a kernel.</summary>
public class CoreTests
{
    [Fact]
    public void A_dense_layer() => Check("""
        fun Dense(x: f32[B, d], W: f32[d, h], b1: f32[h]) {
          m = build b<B, j<h { r = reduce + i<d { a = x[b, i] w = W[i, j] p = a * w yield p } yield r }
          y = build b<B, j<h { s = m[b, j] c = b1[j] t = s + c u = max t 0.0f yield u }
          yield y
        }
        """, [3, 5, 4]);

    [Fact]
    public void A_softmax_by_rows() => Check("""
        fun Softmax(z: f32[B, c], label: i32[B]) {
          m = build b<B { r = reduce max j<c { v = z[b, j] yield v } yield r }
          e = build b<B, j<c { v = z[b, j] n = m[b] d = v - n x = exp d yield x }
          s = build b<B { r = reduce + j<c { v = e[b, j] yield v } yield r }
          l = build b<B { t = s[b] k = label[b] v = z[b, k] n = m[b] g = log t q = v - n u = g - q yield u }
          total = reduce + b<B { v = l[b] yield v }
          yield total, l, e
        }
        """, [4, 3]);

    [Fact]
    public void A_condition_is_read_before_what_it_reads_is_overwritten() => Check(LaneTests.Kept, [20]);

    [Fact]
    public void A_load_put_off_is_known_after_a_branch_with_a_sum() => Check("""
        fun After(x: f64[B], y: f64[B], c: f64) {
          h = build b<B { v = x[b] w = sin v yield w }
          late = h[0]
          p = c > 0.0
          s = if p { r = reduce + b<B { v = y[b] yield v } yield r } else { yield 1.0 }
          g = h with [1] = late
          yield g, s
        }
        """, [5]);

    [Fact]
    public void A_load_put_off_is_known_after_a_loop_with_joined_sums() => Check("""
        fun Late(a: f64[B], x: f64[B, n], y: f64[B, n]) {
          r = build b<B {
            late = a[b]
            t = loop (t0: f64 = 0.0) for i<3 {
              p = reduce + j<n { v = x[b, j] yield v }
              q = reduce max k<n { w = y[b, k] yield w }
              u = p * q
              t1 = t0 + u
              yield t1
            }
            s = late + t
            yield s
          }
          yield r
        }
        """, [5, 20]);

    [Fact]
    public void An_index_out_of_range_is_thrown()
    {
        var f = Parser.Parse("fun At(x: f32[n], k: i32[B]) { y = build b<B { i = k[b] v = x[i] yield v } yield y }");
        var e = Assert.Throws<IndexOutOfRangeException>(() =>
            CoreHarness.Run(TrivialPlan.Of(f), Value.From(new float[3]), Value.From(new[] { 0, 2, 3, 1 })));
        Assert.Equal("At: index 3 is outside 'x', whose length there is 3 (sample 2 of the batch).", e.Message);
    }

    [Theory]
    [InlineData("max"), InlineData("min"), InlineData("+"), InlineData("*"), InlineData("argmax"), InlineData("argmin")]
    public void Reductions_of_special_values(string kind)
    {
        var f = Parser.Parse($"fun R(x: f64[n]) {{ r = reduce {kind} i<n {{ v = x[i] yield v }} yield r }}");
        var harness = new CoreHarness();
        var inThreads = TrivialPlan.InThreads(f);
        int host = harness.Add(TrivialPlan.Of(f)), thread = harness.Add(TrivialPlan.Of(inThreads));
        foreach (var x in new double[][]
        {
            [], [double.NaN], [double.NaN, 1], [1, double.NaN, 2], [-0.0], [0.0, -0.0], [-0.0, 0.0], [2, 2, 1, 2],
            [double.NegativeInfinity], [double.PositiveInfinity, 3], [-1, -3, -2],
        })
        {
            Value[] one = [Value.From(x)], many = [Value.From(x), Value.From(new double[2])];
            Same(Interpreter.Run(f, one), harness.Run(host, null, one));
            Same(Interpreter.Run(inThreads, many), harness.Run(thread, null, many));
        }
    }

    [Fact]
    public void Arrays_carried_by_loops_are_updated_in_place_or_change_places() => Check("""
        fun Loops(x: f64[n], w: f64[n, n], k: i32) {
          z = build i<n { yield 0.0 }
          h = loop (h0: f64[n] = x) for t<n {
            h1 = build j<n { r = reduce + i<n { a = h0[i] v = w[i, j] p = a * v yield p } yield r }
            yield h1
          }
          c, total = loop (c0: f64[n] = z, s0: f64 = 1.0) for t<n {
            a = x[t]
            s1 = s0 * a
            old = c0[t]
            c1 = c0 with [t] = s1
            c2 = c1 at [0] += old
            yield c2, s1
          }
          p, q = loop (p0: f64[n] = c, q0: f64[n] = h) for t<n { yield q0, p0 }
          m = loop (m0: f64[n] = x) while { s = reduce + i<n { v = m0[i] yield v } g = s < 10.0 yield g } {
            m1 = build i<n { v = m0[i] d = v * v e = d + 1.0 yield e }
            yield m1
          }
          yield h, c, total, p, q, m, z
        }
        """, [3]);

    [Fact]
    public void Branches_of_scalars_and_arrays() => Check("""
        fun Branches(x: f64[n], w: f64[n, n], k: i32) {
          g = k > 1
          a, s = if g { y = build i<n { v = x[i] d = v * 2.0 yield d } yield y, 1.5 } else { yield x, 2.5 }
          z = build i<n { yield 7.0 }
          b = if g { z1 = z with [0] = s yield z1 } else { yield z }
          c = if g { t = s * 2.0 yield t } else { t = s + 1.0 yield t }
          r = w[0, :]
          q = w[:, 0]
          w1 = w with [0, :] = q
          w2 = w1 at [:, 0] += r
          yield a, b, c, r, q, w2
        }
        """, [3]);

    [Fact]
    public void Scatters_and_guards() => Check("""
        fun Scatters(x: f64[n], y: f64[n], k: i32) {
          s = scatter [n] i<n { v = x[i] j = i + 1 c = j < n e = select c v 0.0 yield j, e }
          t = scatter [n, n] i<n, j<n { v = x[i] u = y[j] p = v * u yield j, i, p }
          e = build a<n { r = reduce + j<n {
              i = a - j
              lo = i >= 0
              hi = i < n
              in = lo & hi
              g = if in { v = x[i] u = y[j] p = v * u yield p } else { yield 0.0 }
              yield g } yield r }
          yield s, t, e
        }
        """, [4]);

    [Fact]
    public void Extents_that_are_computed() => Check("""
        fun Valid(x: f32[n], w: f32[k]) {
          d = n - k
          m = d + 1
          y = build i<m { r = reduce + j<k { t = i + j v = x[t] u = w[j] p = v * u yield p } yield r }
          yield y
        }
        """, [5, 3]);

    internal static void Check(string text, int[] sizes)
    {
        var f = Loose.Parse(text);
        foreach (var g in new[] { f, f.Params.All(p => p.Type.Scalar == Scalar.F64 || p.Type == IrType.I32) && f.Body.Results.All(r => r.Type.Extents.All(e => e is Const || f.Sizes.Contains((Var)e))) ? TrivialPlan.InThreads(f) : f })
        {
            var args = Arguments(g, sizes, 1);
            var plan = TrivialPlan.Of(Verifier.Check(g, "test"));
            try
            {
                Same(Interpreter.Run(g, args), CoreHarness.Run(plan, args));
            }
            catch (Exception e) when (e is not IndexOutOfRangeException)
            {
                throw new InvalidOperationException($"{e.Message}\n{CoreEmitter.Emit(plan, "Core")}", e);
            }
        }
    }

    internal static Value[] Arguments(FunctionIr f, int[] sizes, int seed)
    {
        var random = new Random(seed);
        var extents = f.Sizes.Select((s, k) => (s, sizes[k % sizes.Length])).ToDictionary(p => p.s, p => p.Item2);
        return [.. f.Params.Select(p =>
        {
            var shape = p.Type.Extents.Map(e => e is Const c ? c.AsInt : extents[(Var)e]);
            return Value.Of(p.Type.Scalar, shape, Enumerable.Range(0, shape.Aggregate(1, (x, y) => x * y)).Select(_ => p.Type.Scalar switch
            {
                Scalar.Bool => random.Next(2),
                Scalar.I32 or Scalar.I64 => random.Next(0, 3),
                _ => Math.Round(random.NextDouble() * 4 - 2, 2),
            }));
        })];
    }

    internal static void Same(Value[] expected, Value[] actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int r = 0; r < expected.Length; r++)
        {
            Assert.Equal(expected[r].Shape, actual[r].Shape);
            for (int k = 0; k < expected[r].Data.Length; k++)
            {
                var (e, a) = (expected[r].Data[k], actual[r].Data[k]);
                double scale = Math.Max(1, Math.Abs(e.AsDouble));
                if (!(e.Equals(a) || e.AsDouble != 0 && Math.Abs(e.AsDouble - a.AsDouble) <= tolerance * scale || double.IsNaN(e.AsDouble) && double.IsNaN(a.AsDouble)))
                    throw new InvalidOperationException($"result {r}, element {k}: expected {e}, got {a}");
            }
        }
    }
}
