using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Tests.Differentiate;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Differentiate;
using Passes = AutoVec.Compiler.Transforms.Pipelines;

namespace AutoVec.Compiler.Tests.Checkpoint;

/// <summary>Derivatives inside a function, and tangents of them, within small budgets: the same bits after every pass.</summary>
public class NestedBudgetTests
{
    private const string Walk = """

        fun Walk(x: f64, k: f64, n: i32) {
          s, z = loop (s0: f64 = x, z0: f64 = k) for i<n {
            a = sin s0
            b = z0 * a
            c = b + k
            yield c, a
          }
          y = s * z
          yield y
        }
        """;

    private const string Slope = """
        fun F(x: f64, k: f64, n: i32) {
          g: f64, h: f64 = call grad 2 Walk x k n
          y = g * h
          yield y
        }
        """ + Walk;

    /// <summary>An array that is made anew in each trip, beside a sum that is kept.</summary>
    private const string Rows = """
        fun F(x: f64[m], k: f64, n: i32) {
          v: f64, g: f64[m] = call valueandgrad 1 Mix x k n
          r = reduce + i<m {
            a = g[i]
            b = a * a
            yield b
          }
          y = r + v
          yield y
        }
        fun Mix(x: f64[m], k: f64, n: i32) {
          s = loop (s0: f64[m] = x) for t<n {
            q = reduce + i1<m {
              a1 = s0[i1]
              b1 = a1 * a1
              yield b1
            }
            s1 = build i2<m {
              a2 = s0[i2]
              c2 = sin a2
              d2 = c2 * q
              e2 = d2 * k
              yield e2
            }
            yield s1
          }
          y = reduce + i3<m {
            a3 = s[i3]
            b3 = a3 * a3
            yield b3
          }
          yield y
        }
        """;

    private static FunctionIr[] After(FunctionIr f, Passes.Derivative? derivative) =>
        [.. Passes.Steps(f, [], Reduction.None, derivative).TakeWhile(s => s.Pass != "vectorize").Select(s => Verifier.Check(s.Function, s.Pass))];

    private static Passes.Derivative Tangents(FunctionIr f) => new(Derivatives.Floats(f), Seed.Cotangent, KeepValue: true) { Forward = true };

    private static void Agree(FunctionIr f, Value[] args, params long[] budgets)
    {
        foreach (bool forward in new[] { false, true })
        {
            var derivative = forward ? Tangents(f) : null;
            Value[] all = forward ? [.. args, .. derivative!.Wrt.Select(p => args[f.Params.ToList().IndexOf(p)])] : args;
            var whole = Interpreter.Run(After(f with { Budget = MemoryBudget.Unlimited }, derivative)[^1], all);
            foreach (long budget in budgets)
            {
                var g = After(f with { Budget = new(budget) }, derivative)[^1];
                var actual = Interpreter.Run(g, all);
                for (int r = 0; r < whole.Length; r++)
                    if (!actual[r].Equals(whole[r])) Assert.Fail($"{budget} B{(forward ? ", forward" : "")}: {whole[r]} became {actual[r]}\n{g}");
            }
        }
    }

    [Theory]
    [InlineData(Slope)]
    [InlineData(Rows)]
    public void Any_number_of_trips(string text)
    {
        var f = Verifier.Check(Parser.Parse(text), "test");
        foreach (int n in new[] { 0, 1, 2, 5, 17, 64 })
            Agree(f, [f.Params[0].Type.IsArray ? Value.From(new[] { 0.3, -0.2, 0.9 }) : Value.From(0.7), Value.From(0.4), Value.From(n)], 1, 100, 1000);
    }

    /// <summary>The plan counts the tapes of the derivative inside; forward mode doubles them.</summary>
    [Fact]
    public void The_plan_states_what_they_remember()
    {
        var f = Parser.Parse(Slope);
        Assert.Contains("tape of a sample: 16·n bytes, in segments beyond 64 MB", After(f, null)[^1].Notes);
        Assert.Contains("tape of a sample: 32·n bytes, in segments beyond 64 MB", After(f, Tangents(f))[^1].Notes);
        Assert.Contains("tape of a sample: 16·n bytes, in segments beyond 1 kB", After(f with { Budget = new(1000) }, null)[^1].Notes);
        Assert.Contains("checkpoints of loop i<n: 's0' f64, 'z0' f64: 16 bytes a state, √n kept and each trip run at most twice where that fits, else fewer", After(f, null)[^1].Notes);
        Assert.Contains("checkpoints of loop i<n: 's0' f64, 'z0' f64: 16 bytes a state, √n kept and each trip run at most twice where that fits, else fewer: of a million trips 31 states, each run at most 5 times",
            After(f with { Budget = new(1000) }, null)[^1].Notes);
        Assert.Contains("tape of a sample: 16·n bytes", After(f with { Budget = MemoryBudget.Unlimited }, null)[^1].Notes);
    }

    /// <summary>Where the derivative of a derivative is taken backwards, the tapes of the inner one are whole: they are read twice.</summary>
    [Fact]
    public void Backwards_over_backwards_agrees()
    {
        var f = Parser.Parse(Slope);
        var derivative = new Passes.Derivative(Derivatives.Floats(f), Seed.One, KeepValue: true);
        Value[] args = [Value.From(0.7), Value.From(0.4), Value.From(23)];
        var whole = Interpreter.Run(After(f with { Budget = MemoryBudget.Unlimited }, derivative)[^1], args);
        Assert.Equal(whole, Interpreter.Run(After(f with { Budget = new(100) }, derivative)[^1], args));
    }

    /// <summary>What is computed again for a derivative has tapes too, then.</summary>
    [Fact]
    public void A_function_that_is_computed_again_has_its_tapes_cut()
    {
        var f = Parser.Parse("""
            fun F(x: f64, k: f64, n: i32) {
              y: f64 = call Walk x k n
              z = y * x
              yield z
            }
            """ + Walk.Replace("n: i32) {", "n: i32) by vjp {"));
        var derivative = new Passes.Derivative(Derivatives.Floats(f), Seed.One, KeepValue: true);
        Value[] args = [Value.From(0.7), Value.From(0.4), Value.From(61)];
        var whole = Interpreter.Run(After(f with { Budget = MemoryBudget.Unlimited }, derivative)[^1], args);
        foreach (long budget in new[] { 1, 100, 700 })
        {
            var cut = After(f with { Budget = new(budget) }, derivative)[^1];
            Assert.Contains(cut.Notes, n => n.Contains("in segments beyond"));
            Assert.Equal(whole, Interpreter.Run(cut, args));
        }
    }

    /// <summary>What a program itself writes down and reads backwards is no tape: it asked for that memory.</summary>
    [Fact]
    public void A_program_s_own_arrays_stay()
    {
        var f = Parser.Parse("""
            fun F(x: f64, n: i32) {
              z = build i<n {
                yield 0.0
              }
              s, a = loop (s0: f64 = x, a0: f64[n] = z) for i1<n {
                a1 = a0 with [i1] = s0
                s1 = sin s0
                yield s1, a1
              }
              y = loop (y0: f64 = s) for t<n {
                last = n - 1
                at = last - t
                v = a[at]
                b = y0 * v
                c = cos b
                yield c
              }
              yield y
            }
            """) with { Budget = new(100) };
        Assert.Equal(f, Transforms.Checkpoint.Checkpoint.Run(f));
    }

    [Fact]
    public void Random_programs() => RandomDerivativeTests.Each(Fuzz.Count(20), RandomDerivativeTests.Sequential, (seed, f, args) =>
    {
        var b = new Builder(new Names(f));
        var wrt = Derivatives.Floats(f);
        var bars = wrt.Map(p => b.Fresh(p.Name + "_g", p.Type));
        b.Append(new Call(bars, f.Name, f.Params.Map(p => (Atom)p)) { Derivation = new Derivation(DerivationKind.Grad, f.Params.Count) });
        Agree(new FunctionIr("Nested", f.Params, b.Block(bars.Map(v => (Atom)v))) { Callees = [f] }, args, seed % 2 == 0 ? 1 : 60, 300);
    });
}
