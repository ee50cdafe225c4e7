using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Differentiate;
using Collect = AutoVec.Compiler.Transforms.Gather.Gather;
using Diff = AutoVec.Compiler.Transforms.Differentiate.Differentiate;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Differentiate;

/// <summary>Reverse over reverse: the derivative of a weighted sum of a function's gradients against differences of it.</summary>
public class SecondOrderTests
{
    /// <summary>The sum of all gradient elements, each times a number of its own.</summary>
    private static FunctionIr Weighted(FunctionIr f, bool gather)
    {
        var g = Tidy.Run(Diff.Run(f, Derivatives.Floats(f), Seed.One, keepValue: false));
        if (gather) g = Tidy.Run(Collect.Run(g));
        var b = new Builder(new Names(g));
        b.Append(g.Body.Stmts);
        Atom sum = Const.F64(0);
        double weight = 0.7;
        foreach (var r in g.Body.Results)
        {
            Atom term = r;
            if (r.Type.IsArray)
            {
                var dims = r.Type.Extents.Map(e => new Dim(b.Fresh("i", IrType.I32), e));
                var inner = b.Nested();
                Atom position = Const.I32(1);
                foreach (var d in dims) position = inner.Compute(OpTable.Add, inner.Compute(OpTable.Mul, position, Const.I32(2)), d.Index);
                var scale = inner.Compute(OpTable.Sin, inner.Compute(OpTable.ToF64, position));
                term = b.Reduce(ReduceKind.Sum, dims, inner.Block(inner.Compute(OpTable.Mul, scale, inner.Read((Var)r, dims.Map(d => d.Index)))));
            }
            sum = b.Compute(OpTable.Add, sum, b.Compute(OpTable.Mul, term, Const.F64(weight)));
            weight *= -1.3;
        }
        return g with { Body = b.Block(sum), ResultNames = [] };
    }

    private static void Agree(string text, params object[] args)
    {
        var f = Parser.Parse(text);
        foreach (bool gather in new[] { false, true })
            Derivatives.Agree(Weighted(f, gather), [.. args.Select(Value.From)]);
    }

    [Fact]
    public void Of_a_loop() => Agree("""
        fun F(x: f64, y: f64) {
          s = loop (s0: f64 = x) for i<3 { a = s0 * y
            b = sin a
            yield b }
          yield s
        }
        """, 0.4, 0.9);

    /// <summary>At the least of a square: its adjoint is 0, whose own derivative is not.</summary>
    [Fact]
    public void Of_a_polynomial_whose_adjoint_is_0() => Agree("""
        fun F(t: f64) {
          a = t * 3.0
          b = 1.0 - a
          c = t * b
          d = c + 1.0
          e = t * d
          f = e + 1.0
          g = t * f
          y = g * g
          yield y
        }
        """, 1.0);

    /// <inheritdoc cref="Of_a_polynomial_whose_adjoint_is_0"/>
    [Fact]
    public void Of_a_while_whose_adjoint_is_0() => Agree("""
        fun F(x: f64, y: f64) {
          s, k = loop (s0: f64 = y, k0: i32 = 0) while { c = k0 < 3
            yield c } { q = s0 * s0
            s1 = q + x
            k1 = k0 + 1
            yield s1, k1 }
          r = s * s
          yield r
        }
        """, 0.0, 0.0);

    [Fact]
    public void Of_a_while_with_a_branch() => Agree("""
        fun F(a: f64) {
          x = loop (x1: f64 = a) while {
            q = x1 * x1
            c = q > 1.3
            yield c
          } {
            big = x1 > 2.0
            x2 = if big { h = x1 * 0.6
              yield h } else { r = a / x1
              s = x1 + r
              t = 0.3 * s
              yield t }
            yield x2
          }
          y = x * a
          yield y
        }
        """, 2.7);

    [Fact]
    public void Of_an_array_updated_in_place() => Agree("""
        fun F(x: f64[n]) {
          y = loop (y0: f64[n] = x) for i<n {
            j = i + 1
            k = irem j n
            a = y0[i]
            b = y0[k]
            c = a * b
            y1 = y0 with [k] = c
            yield y1
          }
          s = reduce + l<n { e = y[l]
            f = e * e
            yield f }
          yield s
        }
        """, new[] { 0.5, -0.9, 1.1 });

    [Fact]
    public void Of_a_softmax() => Agree("""
        fun F(z: f64[n], w: f64[n]) {
          m = reduce max i<n { a = z[i]
            yield a }
          p = build j<n { b = z[j]
            c = b - m
            d = exp c
            yield d }
          t = reduce + k<n { e = p[k]
            yield e }
          s = reduce + l<n { f = p[l]
            g = w[l]
            h = f / t
            q = h * g
            yield q }
          yield s
        }
        """, new[] { 0.5, -0.9, 1.1 }, new[] { 0.2, 0.7, -0.4 });

    /// <summary>The second derivative at a zero of a product is not zero, though the first may be.</summary>
    [Theory]
    [InlineData(new[] { 2.0, 3, 4 })]
    [InlineData(new[] { 2.0, 0, 4 })]
    [InlineData(new[] { 0.0, 3, 0 })]
    [InlineData(new[] { 0.0, 0, 0 })]
    public void Of_a_product_with_zeros(double[] x) => Agree("""
        fun F(x: f64[n]) {
          p = reduce * i<n { b = x[i]
            yield b }
          yield p
        }
        """, x);

    [Fact]
    public void Of_random_programs() => RandomDerivativeTests.Each(Fuzz.Count(30),
        seed => seed % 2 == 0 ? RandomDerivativeTests.Sequential(seed) : RandomDerivativeTests.Parallel(seed),
        (seed, f, args) =>
        {
            var g = Verifier.Check(Weighted(f, gather: seed % 4 < 2), "first derivative");
            var direction = Derivatives.Direction(g, args, seed);
            var second = Verifier.Check(Tidy.Run(Diff.Run(g, Derivatives.Floats(g), Seed.One, keepValue: true)), "second derivative");
            Assert.Null(Derivatives.Against(g, Interpreter.Run(second, args), [direction], [Derivatives.Slope(g, args, direction)]));
        });
}
