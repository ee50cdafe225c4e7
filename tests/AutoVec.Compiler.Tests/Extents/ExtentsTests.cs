using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.Extents.Extents;

namespace AutoVec.Compiler.Tests.Extents;

public class ExtentsTests
{
    private static string Unify(string text)
    {
        var (f, equal) = Pass.Unify(Parser.Parse(text));
        Verifier.Check(f, "extents");
        PassText.SameMeaning(Parser.Parse(text), f, [4]);
        return string.Join(", ", equal.Select(e => $"{e.Extent}={e.EqualTo}"));
    }

    private static string Loop(string signature, string extent, string body) => Unify($$"""
        fun F({{signature}}, z: f64) {
          r = loop (s: f64 = z) for i<{{extent}} {
            {{body}}
            s1 = s + v
            yield s1
          }
          yield r
        }
        """);

    [Fact]
    public void A_dense_layer() => Assert.Equal("c=m, r=d", Unify("""
        fun Layer(W: f64[r, c], b: f64[m], x: f64[d]) {
          z = build k<m { yield 0.0 }
          h = loop (h0: f64[m] = z) for j<m {
            s0 = b[j]
            s = loop (s1: f64 = s0) for i<d {
              a = x[i]
              w = W[i, j]
              p = a * w
              s2 = s1 + p
              yield s2
            }
            h1 = h0 with [j] = s
            yield h1
          }
          yield h
        }
        """));

    [Fact]
    public void From_the_end() => Assert.Equal("m=n", Loop("x: f64[n], y: f64[m]", "n", "l = n - 1\n k = l - i\n v = y[k]"));

    [Fact]
    public void Without_the_ends() => Assert.Equal("m=n", Unify("""
        fun F(x: f64[n], y: f64[m], z: f64) {
          t = n - 2
          r = loop (s: f64 = z) for i<t {
            k = i + 1
            v = y[k]
            s1 = s + v
            yield s1
          }
          yield r
        }
        """));

    [Fact]
    public void A_sum_of_indices_says_nothing() => Assert.Equal("", Unify("""
        fun F(x: f64[n], w: f64[k]) {
          d = n - k
          m = d + 1
          r = reduce + i<m, j<k {
            t = i + j
            a = x[t]
            b = w[j]
            e = a * b
            yield e
          }
          yield r
        }
        """));

    [Fact]
    public void A_tested_index_says_nothing() =>
        Assert.Equal("", Loop("x: f64[n], y: f64[m]", "n", "c = i < m\n v = if c { a = y[i]\n yield a } else { yield 0.0 }"));

    [Fact]
    public void A_branch_on_data_says_nothing_against_it() =>
        Assert.Equal("m=n", Loop("x: f64[n], y: f64[m]", "n", "u = x[i]\n c = u < 0.5\n v = if c { a = y[i]\n yield a } else { yield 0.0 }"));

    [Fact]
    public void Equalities_chain() => Assert.Equal("k=n, m=n", Loop("x: f64[n], y: f64[m], w: f64[k]", "n", "a = y[i]\n b = w[i]\n v = a * b"));

    /// <summary>A matrix that holds two blocks side by side is wider than one of them, though the first is indexed like the whole.</summary>
    [Fact]
    public void An_index_past_a_size_says_the_dimension_is_longer() => Assert.Equal("", Unify("""
        fun F(x: f64[n], w: f64[m]) {
          r = reduce + i<n {
            t = n + i
            a = w[i]
            b = w[t]
            c = x[i]
            d = a * b
            e = c * d
            yield e
          }
          yield r
        }
        """));
}
