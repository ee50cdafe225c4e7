namespace AutoVec.Compiler.Tests.Stages;

/// <summary>Programs as Lowering gives them: scalar loops, arrays written element by element.</summary>
internal static class Programs
{
    /// <summary>Three dense layers, ReLU, logsumexp of the logits minus the label's. Every array has extents of its own.</summary>
    public const string Mlp = """
        fun Loss(W1: f32[d, h], b1: f32[h1], W2: f32[h2, g], b2: f32[g1], W3: f32[g2, c], b3: f32[c1], x: f32[n], label: i32) {
          z1 = build i1<h1 { yield 0.0f }
          a1 = loop (u0: f32[h1] = z1) for j<h1 {
            s0 = b1[j]
            s = loop (s1: f32 = s0) for i<n {
              xa = x[i]
              wa = W1[i, j]
              pa = xa * wa
              s2 = s1 + pa
              yield s2
            }
            r = max s 0.0f
            u1 = u0 with [j] = r
            yield u1
          }
          z2 = build i2<g1 { yield 0.0f }
          a2 = loop (v0: f32[g1] = z2) for j2<g1 {
            t0 = b2[j2]
            t = loop (t1: f32 = t0) for i3<h1 {
              xb = a1[i3]
              wb = W2[i3, j2]
              pb = xb * wb
              t2 = t1 + pb
              yield t2
            }
            q = max t 0.0f
            v1 = v0 with [j2] = q
            yield v1
          }
          z3 = build i4<c1 { yield 0.0f }
          logits = loop (w0: f32[c1] = z3) for j3<c1 {
            k0 = b3[j3]
            k = loop (k1: f32 = k0) for i5<g1 {
              xc = a2[i5]
              wc = W3[i5, j3]
              pc = xc * wc
              k2 = k1 + pc
              yield k2
            }
            w1 = w0 with [j3] = k
            yield w1
          }
          m = loop (m0: f32 = -inff) for i6<c1 {
            l = logits[i6]
            m1 = max m0 l
            yield m1
          }
          e = loop (e0: f32 = 0.0f) for i7<c1 {
            l2 = logits[i7]
            df = l2 - m
            ex = exp df
            e1 = e0 + ex
            yield e1
          }
          lg = log e
          lse = lg + m
          pick = logits[label]
          loss = lse - pick
          yield loss
        }
        """;

    public const string Recurrent = """
        fun Rnn(W: f64[W_0, W_1], U: f64[U_0, U_1], x: f64[x_0, x_1], y: f64[y_0]) {
          h.1 = build i.1<y_0 {
            yield 0.0
          }
          h.4 = loop (h.2: f64[y_0] = h.1) for s.1<x_0 {
            g.1 = build i.2<y_0 {
              yield 0.0
            }
            g.4 = loop (g.2: f64[y_0] = g.1) for j.1<y_0 {
              a.3 = loop (a.1: f64 = 0.0) for i.3<x_1 {
                v.1 = x[s.1, i.3]
                v.2 = U[i.3, j.1]
                t.1 = v.1 * v.2
                a.2 = a.1 + t.1
                yield a.2
              }
              a.6 = loop (a.4: f64 = a.3) for i.4<y_0 {
                v.3 = h.2[i.4]
                v.4 = W[i.4, j.1]
                t.2 = v.3 * v.4
                a.5 = a.4 + t.2
                yield a.5
              }
              t.3 = tanh a.6
              g.3 = g.2 with [j.1] = t.3
              yield g.3
            }
            yield g.4
          }
          e.3 = loop (e.1: f64 = 0.0) for j.2<y_0 {
            v.5 = h.4[j.2]
            v.6 = y[j.2]
            t.4 = v.5 - v.6
            v.7 = h.4[j.2]
            v.8 = y[j.2]
            t.5 = v.7 - v.8
            t.6 = t.4 * t.5
            e.2 = e.1 + t.6
            yield e.2
          }
          yield e.3
        }
        """;
}
