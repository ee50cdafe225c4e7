using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.Parallelize.Parallelize;

namespace AutoVec.Compiler.Tests.Parallelize;

/// <summary>What is not proven independent stays as it is, and the note says why.</summary>
public class SequentialTests
{
    private static void Stays(string loop, string why)
    {
        var f = Verifier.Check(Parser.Parse($$"""
            fun F(x: f64[n], y: f64[n], b: f64[m], at: i32[n], s: f64, k: i32) {
              {{loop}}
              yield r
            }
            """), "test");
        var g = Verifier.Check(Pass.Run(f), "parallelize");
        Assert.Contains(g.Notes, n => n.Contains("stays sequential: " + why));
        Assert.Contains(g.Body.Walk(), s => s is For or While);
        for (int n = 0; n < 5; n++) PassText.SameMeaning(f, g, [n], seed: n);
    }

    [Fact]
    public void A_recurrence() => Stays("r = loop (a: f64 = s) for i<n { v = x[i]\n p = a * v\n q = p + 0.5\n yield q }", "it carries 'a'");

    [Fact]
    public void A_running_sum_that_is_stored() => Stays("""
        r, t = loop (h: f64[n] = y, a: f64 = s) for i<n {
          v = x[i]
          q = a + v
          h1 = h with [i] = q
          yield h1, q
        }
        """, "it carries 'a'");

    [Fact]
    public void A_read_of_what_an_earlier_trip_wrote() => Stays("""
        e = n - 1
        r = loop (h: f64[n] = y) for i<e {
          j = i + 1
          p = h[i]
          q = p * 0.5
          h1 = h with [j] = q
          yield h1
        }
        """, "'h' is read where an earlier trip has written");

    [Fact]
    public void Writes_at_places_that_data_decides() => Stays("""
        r = loop (h: f64[n] = y) for i<n {
          j = at[i]
          v = x[i]
          h1 = h with [j] = v
          yield h1
        }
        """, "the places of 'h' written are not provably distinct");

    [Fact]
    public void Writes_every_other_element() => Stays("""
        e = idiv n 2
        r = loop (h: f64[n] = y) for i<e {
          j = i * 2
          v = x[i]
          h1 = h with [j] = v
          yield h1
        }
        """, "the places of 'h' written are not provably distinct");

    [Fact]
    public void An_index_that_may_be_outside() => Stays("""
        r = loop (h: f64[m] = b) for i<n {
          v = x[i]
          h1 = h with [i] = v
          yield h1
        }
        """, "index i of 'h' is not provably within its extent m");

    [Fact]
    public void One_place_overwritten() => Stays("""
        r = loop (h: f64[m] = b) for i<n {
          v = x[i]
          h1 = h with [0] = v
          yield h1
        }
        """, "every trip writes the same place of 'h'");

    [Fact]
    public void Trips_that_data_decides() => Stays("r = loop (a: f64 = s) while { c = a < 1.0\n yield c } { b1 = a + 0.5\n yield b1 }",
        "the data decides how many trips it makes");

    [Fact]
    public void A_maximum_whose_ties_go_to_the_last() => Stays("""
        r, t = loop (best: f64 = s, w: i32 = -1) for i<n {
          v = x[i]
          c = v >= best
          b1, w1 = if c { yield v, i } else { yield best, w }
          yield b1, w1
        }
        """, "it carries 'best'");

    [Fact]
    public void A_maximum_that_is_watched() => Stays("""
        a, t = loop (best: f64 = s, w: f64 = 0.0) for i<n {
          v = x[i]
          c = v > best
          b1 = select c v best
          w1 = w + best
          yield b1, w1
        }
        r = a + t
        """, "it carries 'best'");

    [Fact]
    public void A_swap_of_neighbours() => Stays("""
        e = n - 1
        r = loop (h: f64[n] = y) for i<e {
          j = i + 1
          p = h[i]
          q = h[j]
          c = p > q
          h1 = if c {
            h2 = h with [i] = q
            h3 = h2 with [j] = p
            yield h3
          } else { yield h }
          yield h1
        }
        """, "it carries 'h'");
}
