using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Differentiate;
using AutoVec.Compiler.Transforms.Stage;
using Pass = AutoVec.Compiler.Transforms.Flatten.Flatten;
using Simple = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Flatten;

/// <summary>Loops that stay in their thread, where there is no batch around them: a stage of one thread.</summary>
public class AloneTests
{
    private const string Prefix = """
        fun Prefix(x: f64[n]) {
          m = n + 1
          z = build k<m { yield 0.0 }
          z0 = z with [0] = 1.0
          p, s = loop (p0: f64[m] = z0, s0: f64 = 1.0) for i<n {
            a = x[i]
            s1 = s0 * a
            j = i + 1
            p1 = p0 with [j] = s1
            yield p1, s1
          }
          l = p[n]
          y = exp l
          yield p, y
        }
        """;

    [Fact]
    public void The_loop_takes_along_the_array_that_it_fills() => PassText.Gives(f => Simple.Run(Pass.Run(Pass.Run(f), motion: true), motion: true), Prefix, """
        fun Prefix(x: f64[n]) {
          m = n + 1
          p.2 = build u.1<1 {
            z.1 = build k.1<m {
              yield 0.0
            }
            z0.1 = z.1 with [0] = 1.0
            p.1, s.1 = loop (p0.1: f64[m] = z0.1, s0.1: f64 = 1.0) for thread i.1<n {
              a.1 = x[i.1]
              s1.1 = s0.1 * a.1
              j.1 = i.1 + 1
              p1.1 = p0.1 with [j.1] = s1.1
              yield p1.1, s1.1
            }
            yield p.1
          }
          p = p.2[0, :]
          l = p.2[0, n]
          y = exp l
          yield p, y
        }
        """);

    /// <summary>What leaves the stage has extents that the host computes, before it.</summary>
    [Fact]
    public void The_gradient_of_a_loop_is_one_stage()
    {
        var f = Parser.Parse("""
            fun Horner(x: f64, n: i32) {
              r = loop (s: f64 = 1.0) for i<n {
                t = s * x
                s1 = t + 1.0
                yield s1
              }
              yield r
            }
            """);
        var gradient = Transforms.Pipelines.Single(f, new([f.Params[0]], Seed.One, KeepValue: true));
        Assert.Equal("each of 1: r[1], x_bar[1]", Planner.Plan(gradient).Stages.Single(s => s is KernelStage).Title);
        var results = Interpreter.Run(gradient, Value.Of(Const.F64(3)), Value.Of(Const.I32(4)));
        Assert.Equal([121, 142], results.Select(r => r.AsDouble));
    }

    [Fact]
    public void A_gradient_of_one_sample_has_its_own_loops_as_stages()
    {
        var f = Parser.Parse("""
            fun Quadratic(x: f64[n], W: f64[n, n]) {
              r = reduce + i<n, j<n {
                a = x[i]
                w = W[i, j]
                b = x[j]
                p = a * w
                q = p * b
                yield q
              }
              yield r
            }
            """);
        var plan = Planner.Plan(Transforms.Pipelines.Single(f, new(f.Params, Seed.One, KeepValue: true)));
        Assert.DoesNotContain(plan.Function.Sizes, s => s.Base == "B");
        Assert.Contains("rows of n: ∂W[n×n], ∂x[n]", plan.Explain);
    }
}
