using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms;
using Pass = AutoVec.Compiler.Transforms.Vectorize.Vectorize;

namespace AutoVec.Compiler.Tests.Vectorize;

public class VectorizeTests
{
    private static FunctionIr Batch(string text, string shared, Reduction reduction, params string[] resultNames)
    {
        var f = Parser.Parse(text) with { ResultNames = resultNames.ToSeq() };
        return Verifier.Check(Pass.Run(f, f.Params.Where(p => shared.Split(',').Contains(p.Name)).ToSeq(), reduction), "vectorize");
    }

    private static void Gives(string before, string shared, Reduction reduction, string after, params string[] resultNames) =>
        Assert.Equal(PassText.Normal(after), Printer.Print(Batch(before, shared, reduction, resultNames)));

    [Fact]
    public void The_body_runs_for_every_sample() => Gives("""
        fun Dot(w: f32[n], x: f32[n]) {
          r = reduce + i<n {
            a = w[i]
            b = x[i]
            p = a * b
            yield p
          }
          yield r
        }
        """, "w", Reduction.None, """
        fun Dot(w: f32[n], x: f32[B, n]) {
          value.1 = build b.1<B {
            x.1 = x[b.1, :]
            r = reduce + i<n {
              a = w[i]
              b = x.1[i]
              p = a * b
              yield p
            }
            yield r
          }
          yield value.1
        }
        """);

    [Fact]
    public void A_mean_divides_values_and_gradients_and_sums_those_of_shared_parameters() => Gives("""
        fun Loss(w: f64, x: f64) {
          v = w * x
          yield v, x, w
        }
        """, "w", Reduction.Mean, """
        fun Loss(w: f64, x: f64[B]) {
          value.1, w_bar.1, x_bar.1 = build b.1<B {
            x.1 = x[b.1]
            v = w * x.1
            yield v, x.1, w
          }
          value.2 = reduce + b.2<B {
            v.1 = value.1[b.2]
            yield v.1
          }
          batchSize.1 = f64 B
          value.3 = value.2 / batchSize.1
          w_bar.2 = reduce + b.3<B {
            v.2 = w_bar.1[b.3]
            yield v.2
          }
          n.1 = max B 1
          batchSize.2 = f64 n.1
          w_bar.3 = w_bar.2 / batchSize.2
          x_bar.3 = build i.1<B {
            v.3 = x_bar.1[i.1]
            x_bar.2 = v.3 / batchSize.2
            yield x_bar.2
          }
          yield value.3, w_bar.3, x_bar.3
        }
        """, "value", "d:w", "d:x");

    [Fact]
    public void The_mean_of_nothing_is_not_a_number_and_its_gradients_are_zero()
    {
        var f = Batch("fun Loss(w: f64, x: f64) { v = w * x\n yield v, x, w }", "w", Reduction.Mean, "value", "d:w", "d:x");
        var r = Interpreter.Run(f, Value.Of(2.0), Value.Of(Scalar.F64, [0], Enumerable.Empty<double>()));
        Assert.Equal([double.NaN, 0.0], [r[0].AsDouble, r[1].AsDouble]);
        Assert.Equal([0], r[2].Shape);
    }

    [Fact]
    public void A_result_whose_length_follows_from_lengths_gets_a_leading_dimension()
    {
        var f = Batch("""
            fun Convolve(x: f32[n], w: f32[k]) {
              m = n - k
              h = idiv m 2
              y = build i<h { a = x[i]
                b = w[0]
                c = a * b
                yield c }
              yield y
            }
            """, "w", Reduction.None);
        Assert.Equal("f32[B, h]", f.Body.Results[0].Type.ToString());
    }

    [Fact]
    public void A_length_that_may_differ_from_sample_to_sample_is_computed_for_all_of_them_first()
    {
        var f = Batch("fun Range(n: i32) { y = build i<n { yield i }\n yield y }", "", Reduction.None);
        Assert.Equal([0, 1, 2, 0, 1, 2], Interpreter.Run(f, Value.From(new[] { 3, 3 }))[0].ToDoubles());
        Assert.Equal([2, 0], Interpreter.Run(f, Value.From(new[] { -1, -1 }))[0].Shape);
        Assert.Equal([0, 0], Interpreter.Run(f, Value.From(Array.Empty<int>()))[0].Shape);
        Assert.Throws<ArgumentException>(() => Interpreter.Run(f, Value.From(new[] { 3, 2 })));
        Assert.Equal("i32[n]", Batch("fun Range(n: i32, x: i32) { y = build i<n { yield i }\n yield y }", "n", Reduction.Sum).Body.Results[0].Type.ToString());
    }

    [Fact]
    public void The_batch_extent_is_named_apart_from_a_parameter_B() =>
        Assert.Equal("f32[B.1, n]", Batch("fun F(B: f32[n]) { yield B }", "", Reduction.None).Params[0].Type.ToString());

    [Fact]
    public void Random_programs() => Batches.Fuzz(0, Support.Fuzz.Count(200), null);
}
