using System.Diagnostics;
using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Pipelines;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Stage;
using Orders = AutoVec.Compiler.Transforms.Pipelines;

namespace AutoVec.Compiler.Tests.Stages;

public class StageTests
{
    private static Plan Gradient(string text, string wrt, Reduction reduction, bool unify = true)
    {
        var f = Parser.Parse(text);
        if (unify) f = Orders.Unify(f).Function;
        var shared = f.Params.Where(p => wrt.Split(',').Contains(p.Name)).ToSeq();
        var plan = Planner.Plan(Orders.GradientBatch(f, shared, shared, reduction, Seed.One, true));
        Verifier.Check(plan.Function, "plan");
        PlanCheck.Legal(plan);
        return plan;
    }

    private static Plan Tangent(string text, string shared, Reduction reduction)
    {
        var f = Orders.Unify(Parser.Parse(text)).Function;
        var wrt = f.Params.Where(p => p.Type.IsFloat).ToSeq();
        var plan = Planner.Plan(Orders.JvpBatch(f, wrt, f.Params.Where(p => shared.Split(',').Contains(p.Name)).ToSeq(), reduction));
        Verifier.Check(plan.Function, "plan");
        PlanCheck.Legal(plan);
        return plan;
    }

    private static Plan Of(string text)
    {
        var plan = Planner.Plan(Verifier.Check(Parser.Parse(text), "test"));
        Verifier.Check(plan.Function, "plan");
        PlanCheck.Legal(plan);
        return plan;
    }

    private static void Explains(Plan plan, string lines) =>
        Assert.Equal(lines.ReplaceLineEndings("\n"), string.Join('\n', plan.Explain.TakeWhile(l => !l.StartsWith("loop over") && !l.Contains(": stays") && !l.Contains(": build") && !l.Contains(": reduce"))));

    [Fact]
    public void The_gradient_of_three_dense_layers_is_eight_contractions() => Explains(Gradient(Programs.Mlp, "W1,b1,W2,b2,W3,b3", Reduction.Mean), """
        GEMM a1[B×h1] = x[B×n]·W1[n×h1], + b1, max 0
        GEMM a2[B×g1] = a1[B×h1]·W2[h1×g1], + b2, max 0
        GEMM logits[B×c1] = a2[B×g1]·W3[g1×c1], + b3
        rows of B: logits_bar[B×c1], value[B]
        GEMM r_bar[B×g1] = logits_bar[B×c1]·W3ᵀ[c1×g1], select (a2 <= 0) 0
        GEMM r_bar[B×h1] = r_bar[B×g1]·W2ᵀ[g1×h1], select (a1 <= 0) 0
        sum over B: value
        GEMM ∂W1[n×h1] = xᵀ[n×B]·r_bar[B×h1]
        sum over B: ∂b1[h1]
        GEMM ∂W2[h1×g1] = a1ᵀ[h1×B]·r_bar[B×g1]
        sum over B: ∂b2[g1]
        GEMM ∂W3[g1×c1] = a2ᵀ[g1×B]·logits_bar[B×c1]
        sum over B: ∂b3[c1]
        """);

    [Fact]
    public void The_forward_pass_is_three_contractions_and_one_kernel()
    {
        var f = Orders.Unify(Parser.Parse(Programs.Mlp)).Function;
        var plan = Planner.Plan(Orders.Batch(f, f.Params.Take(6).ToSeq(), Reduction.None));
        Assert.Equal([typeof(ContractionStage), typeof(ContractionStage), typeof(ContractionStage), typeof(KernelStage)], plan.Stages.Select(s => s.GetType()));
    }

    /// <summary>Where the extents differ the plain method still has a meaning: a guarded sum per element, no matrix product.</summary>
    [Fact]
    public void Without_equal_extents_there_are_fewer_contractions_and_the_same_numbers()
    {
        var plan = Gradient(Programs.Mlp, "W1,b1,W2,b2,W3,b3", Reduction.Mean, unify: false);
        Assert.True(plan.Stages.Count(s => s is ContractionStage) < 8);
        var f = Parser.Parse(Programs.Mlp);
        var equal = Gradient(Programs.Mlp, "W1,b1,W2,b2,W3,b3", Reduction.Mean).Function;
        var random = new System.Random(3);
        Value floats(params int[] shape) => Value.Of(Scalar.F32, shape.ToSeq(), Enumerable.Range(0, shape.Aggregate((x, y) => x * y)).Select(_ => random.NextDouble() - 0.5));
        Value[] args = [floats(5, 4), floats(4), floats(4, 3), floats(3), floats(3, 6), floats(6), floats(7, 5), Value.Of(Scalar.I32, [7], [0, 1, 2, 3, 4, 5, 0])];
        AutoVec.Tests.Random.PassFuzz.Close(Interpreter.Run(equal, args), Interpreter.Run(plan.Function, args), 1e-5);
    }

    [Fact]
    public void A_recurrent_network_runs_its_contractions_inside_host_loops() => Explains(Gradient(Programs.Recurrent, "W,U", Reduction.Sum), """
        rows of B: h[B×y_0], tape[B×segment×y_0], kept[B×slots×y_0]
        loop s<segments, carries 'h', 'tape', 'kept'
          loop k<times, carries 'kept'
            update kept[B×slots×y_0]
          loop s<trips, carries 'h', 'tape'
            update tape[B×segment×y_0]
            GEMM r[B×y_0] = h[B×y_0]·W[y_0×y_0]
            GEMM g[B×y_0] = x[B×x_0×x_1]·U[x_1×y_0], + r, tanh
        rows of B: r[B], h_bar[B×y_0]
        sum over B: value
        elements of y_0×y_0: W_bar[y_0×y_0]
        elements of x_1×y_0: U_bar[x_1×y_0]
        loop t<segments, carries 'W_bar', 'U_bar', 'g', 'h_bar', 'tape', 'kept'
          loop k<again, carries 'tape', 'kept'
            elements of B×y_0: h[B×y_0]
            loop k<count, carries 'h', 'tape', 'kept'
              loop k<times, carries 'kept'
                update kept[B×slots×y_0]
              loop s<trips, carries 'h', 'tape'
                update tape[B×segment×y_0]
                GEMM r[B×y_0] = h[B×y_0]·W[y_0×y_0]
                GEMM g[B×y_0] = x[B×x_0×x_1]·U[x_1×y_0], + r, tanh
          loop t<trips, carries 'W_bar', 'U_bar', 'g', 'h_bar'
            rows of B: r_bar[B×y_0], h[B×y_0]
            GEMM W_bar[y_0×y_0] = tapeᵀ[y_0×B]·r_bar[B×y_0], + W_bar
            GEMM r[B×y_0] = r_bar[B×y_0]·Wᵀ[y_0×y_0]
            GEMM U_bar[x_1×y_0] = xᵀ[x_1×B]·r_bar[B×y_0], + U_bar
        """);

    [Fact]
    public void Tangents_of_three_dense_layers_are_products_with_epilogues() => Explains(Tangent(Programs.Mlp, "W1,b1,W2,b2,W3,b3", Reduction.Mean), """
        GEMM a1[B×h1] = x[B×n]·W1[n×h1], + b1, max 0
        GEMM r_dot[B×h1] = x[B×n]·W1_dot[n×h1]
        GEMM a1_dot[B×h1] = x_dot[B×n]·W1[n×h1], + r_dot, + b1_dot, select (a1 <= 0) 0
        GEMM a2[B×g1] = a1[B×h1]·W2[h1×g1], + b2, max 0
        GEMM r_dot[B×g1] = a1[B×h1]·W2_dot[h1×g1]
        GEMM a2_dot[B×g1] = a1_dot[B×h1]·W2[h1×g1], + r_dot, + b2_dot, select (a2 <= 0) 0
        GEMM logits[B×c1] = a2[B×g1]·W3[g1×c1], + b3
        GEMM r_dot[B×c1] = a2[B×g1]·W3_dot[g1×c1]
        GEMM logits_dot[B×c1] = a2_dot[B×g1]·W3[g1×c1], + r_dot, + b3_dot
        rows of B: value[B], value_dot[B]
        sum over B: value
        sum over B: value_dot
        """);

    [Fact]
    public void Tangents_of_a_recurrent_network_are_products_inside_its_loop() => Explains(Tangent(Programs.Recurrent, "W,U", Reduction.Sum), """
        rows of B: h[B×y_0], h_dot[B×y_0]
        loop s<x_0, carries 'h', 'h_dot'
          GEMM r_dot[B×y_0] = x[B×x_0×x_1]·U_dot[x_1×y_0]
          GEMM r[B×y_0] = h[B×y_0]·W[y_0×y_0]
          GEMM g[B×y_0] = x[B×x_0×x_1]·U[x_1×y_0], + r, tanh
          GEMM r_dot[B×y_0] = h_dot[B×y_0]·W[y_0×y_0]
          GEMM r_dot[B×y_0] = h[B×y_0]·W_dot[y_0×y_0]
          GEMM g_dot[B×y_0] = x_dot[B×x_0×x_1]·U[x_1×y_0], + r_dot, + (r_dot + r_dot), * ((1 - g) * (1 + g))
        rows of B: r[B], r_dot[B]
        sum over B: value
        sum over B: value_dot
        """);

    [Fact]
    public void Loop_state_is_updated_in_place()
    {
        static IEnumerable<Stage> all(IEnumerable<Stage> stages) => stages.SelectMany(s => s is LoopStage l ? all(l.Body).Prepend(l) : [s]);
        Assert.All(all(Gradient(Programs.Recurrent, "W,U", Reduction.Sum).Stages).OfType<UpdateStage>(), u => Assert.True(u.InPlace, u.Title));
    }

    [Fact]
    public void An_old_version_that_is_read_later_or_not_owned_is_copied()
    {
        var plan = Of("""
            fun F(x: f64[n], i: i32) {
              a = x with [i] = 1.0
              b = a with [0] = 2.0
              c = b with [1] = 3.0
              r = b[i]
              yield c, r
            }
            """);
        Assert.Equal([("a", false), ("b", true), ("c", true)], plan.Stages.OfType<UpdateStage>().Select(u => (u.Statement.Outs[0].Name, u.InPlace)));
        var again = Of("""
            fun F(n: i32) {
              z = build j<n { yield 0.0 }
              a = z with [0] = 1.0
              b = a with [1] = 2.0
              yield a, b
            }
            """);
        Assert.Equal([true, false], again.Stages.OfType<UpdateStage>().Select(u => u.InPlace));
    }

    [Fact]
    public void A_function_without_arrays_is_one_kernel()
    {
        const string text = """
            fun Root(a: f64) {
              c = a > 4.0
              s = if c { h = a * 0.5
                yield h } else { yield a }
              x = loop (x0: f64 = s) while {
                q = x0 * x0
                d = q - a
                m = abs d
                go = m > 0.000001
                yield go
              } {
                y = a / x0
                z = x0 + y
                w = 0.5 * z
                yield w
              }
              k = reduce + i<10 {
                e = f64 i
                f = e * x
                g = sin f
                yield g
              }
              r = x * k
              yield r
            }
            """;
        var f = Parser.Parse(text);
        var stage = Assert.IsType<KernelStage>(Assert.Single(Planner.Plan(Orders.Batch(f, [], Reduction.None)).Stages));
        Assert.Single(stage.Stmts);
        Assert.IsType<KernelStage>(Assert.Single(Planner.Plan(Orders.GradientBatch(Parser.Parse("fun F(x: f64, y: f64) { a = exp x\n b = a * y\n c = sin b\n yield c }"),
            f.Params.Map(_ => new Var("x", IrType.F64)), [], Reduction.None, Seed.One, true)).Stages));
    }

    [Fact]
    public void A_convolution_is_a_kernel() => Explains(Of("""
        fun Conv(x: f32[B, n], w: f32[k], y: f32[m]) {
          r = build b<B, i<m {
            s = reduce + j<k {
              at = i + j
              a = x[b, at]
              c = w[j]
              p = a * c
              yield p
            }
            yield s
          }
          yield r
        }
        """), "sum over k: r[B×m]");

    [Fact]
    public void A_product_that_might_read_out_of_bounds_is_a_kernel_which_checks() => Assert.IsType<KernelStage>(Of("""
        fun F(x: f32[B, n], W: f32[m, h]) {
          r = build b<B, j<h {
            s = reduce + i<n {
              a = x[b, i]
              w = W[i, j]
              p = a * w
              yield p
            }
            yield s
          }
          yield r
        }
        """).Stages[0]);

    [Fact]
    public void An_epilogue_sees_one_element_of_the_tile()
    {
        var plan = Of("""
            fun F(x: f32[B, d], W: f32[d, h]) {
              r = build b<B, j<h {
                s = reduce + i<d {
                  a = x[b, i]
                  w = W[i, j]
                  p = a * w
                  yield p
                }
                yield s
              }
              e = build b1<B, j1<h {
                u = r[b1, j1]
                m = max u 0.0f
                yield m
              }
              f = build b2<B, j2<h {
                v = r[b2, j2]
                q = e[b2, 0]
                t = v + q
                yield t
              }
              yield e, f
            }
            """);
        Assert.Equal("e", Assert.Single(plan.Stages.OfType<ContractionStage>().Single().Epilogue).Results[0].Name);
        Assert.IsType<KernelStage>(plan.Stages[1]);
    }

    [Fact]
    public void Axes_are_named_by_which_operand_mentions_them()
    {
        var plan = Of("""
            fun F(x: f32[B, t, d], W: f32[g, h, d]) {
              r = build b<B, k<t, e<g, j<h {
                s = reduce + i<d {
                  w = W[e, j, i]
                  a = x[b, k, i]
                  p = w * a
                  yield p
                }
                yield s
              }
              yield r
            }
            """);
        var spec = Assert.IsType<ContractionStage>(plan.Stages[0]).Spec;
        static string Show(Seq<Axis> axes) => string.Join("; ", axes.Select(a => $"{a.Index} A{Stride(a.A)} B{Stride(a.B)} C{Stride(a.C)}"));
        static string Stride(Seq<Atom>? s) => s is null ? "-" : $"[{s}]";
        Assert.Equal("b A[t, d] B- C[t, g, h]; k A[d] B- C[g, h]", Show(spec.M));
        Assert.Equal("e A- B[h, d] C[h]; j A- B[d] C[]", Show(spec.N));
        Assert.Equal("i A[] B[] C-", Show(spec.K));
        Assert.Equal("x", spec.A.Array.Name);
    }

    [Fact]
    public void Compiling_the_gradient_of_three_layers_takes_well_below_a_second()
    {
        Gradient(Programs.Mlp, "W1,b1,W2,b2,W3,b3", Reduction.Mean);
        var watch = Stopwatch.StartNew();
        for (int k = 0; k < 3; k++) Gradient(Programs.Mlp, "W1,b1,W2,b2,W3,b3", Reduction.Mean);
        Assert.True(watch.ElapsedMilliseconds < 3 * 1000, $"{watch.ElapsedMilliseconds / 3} ms");
    }
}
