using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Generator.Tests.Core;

/// <summary>Contractions over strided views, with axes that merge and that do not, and epilogues in the tile.</summary>
public class ContractionTests
{
    [Fact]
    public void A_layer_with_bias_and_relu() => Check("""
        fun Dense(x: f32[B, d], W: f32[d, h], b1: f32[h]) {
          m = build b<B, j<h { r = reduce + i<d { a = x[b, i] w = W[i, j] p = a * w yield p } yield r }
          y, g = build b<B, j<h { s = m[b, j] c = b1[j] t = s + c u = max t 0.0f q = s > 0.0f v = select q s 0.0f yield u, v }
          yield y, g
        }
        """, epilogues: 1, [37, 19, 21]);

    [Fact]
    public void Gradients_of_a_layer() => Check("""
        fun Back(x: f32[B, d], D: f32[B, h], W: f32[d, h]) {
          dx = build b<B, i<d { r = reduce + j<h { a = D[b, j] w = W[i, j] p = a * w yield p } yield r }
          dW = build i<d, j<h { r = reduce + b<B { a = x[b, i] w = D[b, j] p = a * w yield p } yield r }
          yield dx, dW
        }
        """, epilogues: 0, [5, 7, 3]);

    [Fact]
    public void A_matrix_times_a_vector_and_batches() => Check("""
        fun Mv(W: f32[h, d], x: f32[d], A: f32[B, m, k], C: f32[B, k, n]) {
          y = build j<h { r = reduce + i<d { w = W[j, i] a = x[i] p = w * a yield p } yield r }
          z = build b<B, i<m, j<n { r = reduce + l<k { a = A[b, i, l] c = C[b, l, j] p = a * c yield p } yield r }
          yield y, z
        }
        """, epilogues: 0, [5, 7, 3, 4, 6]);

    [Fact]
    public void Axes_that_merge_and_axes_that_do_not() => Check("""
        fun Axes(A: f64[s, t, k], W: f64[k, n], P: f64[k, s, l], Q: f64[l, n, k]) {
          y = build i<s, j<t, q<n { r = reduce + l<k { a = A[i, j, l] w = W[l, q] p = a * w yield p } yield r }
          z = build i<s, q<n { r = reduce + g<l, e<k { a = P[e, i, g] w = Q[g, q, e] p = a * w yield p } yield r }
          v = build i<s, q<n { o = z[i, q] u = o * 2.0 yield u }
          w2 = build q<n, i<s { r = reduce + g<l, e<k { a = P[e, i, g] w = Q[g, q, e] p = a * w yield p } yield r }
          yield y, v, w2
        }
        """, epilogues: 1, [3, 4, 5, 2, 6]);

    private static void Check(string text, int epilogues, int[] sizes)
    {
        var f = Loose.Parse(text);
        var stages = new List<Stage>();
        foreach (var stmt in f.Body.Stmts.Cast<Build>())
        {
            if (Contracted(stmt) is { } spec) stages.Add(new ContractionStage(stmt, spec, []) { Title = $"GEMM {stmt.Results[0]}" });
            else
            {
                int at = stages.FindLastIndex(s => s is ContractionStage c && stmt.Mentions(c.Statement.Results[0]));
                var stage = (ContractionStage)stages[at];
                stages[at] = stage with { Epilogue = stage.Epilogue.Add(stmt) };
            }
        }
        Assert.Equal(epilogues, stages.Sum(s => ((ContractionStage)s).Epilogue.Count));
        var plan = new Plan(f, stages.ToSeq(), []);
        for (int k = 0; k < 3; k++)
        {
            // Also without terms, and without elements.
            var args = CoreTests.Arguments(f, [.. sizes.Select((n, d) => k > 0 && d == sizes.Length - k ? 0 : n)], k);
            try
            {
                CoreTests.Same(Interpreter.Run(f, args), CoreHarness.Run(plan, args));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{e.Message}\n{CoreEmitter.Emit(plan, "Core")}", e);
            }
        }
    }

    private static Contraction? Contracted(Build build)
    {
        if (build.Body.Stmts is not [Reduce { Body.Stmts: [Read a, Read b, Compute] } r]) return null;
        Seq<Atom>? Stride(Read read, Var v)
        {
            int d = read.Index.ToList().IndexOf(v);
            return d < 0 ? null : read.Array.Type.Extents.Skip(d + 1).ToSeq();
        }
        Axis Of(Dim d, int at) => new(d.Index, d.Extent, Stride(a, d.Index), Stride(b, d.Index), at < 0 ? null : build.Results[0].Type.Extents.Skip(at + 1).ToSeq());
        var outer = build.Dims.Select(Of).ToList();
        static Operand Whole(Read read) => new(read.Array, read.Index.Map(_ => (Atom)Const.I32(0)));
        return new Contraction(Whole(a), Whole(b), outer.Where(x => x.A is not null && x.B is not null).ToSeq(),
            outer.Where(x => x.B is null).ToSeq(), outer.Where(x => x.A is null).ToSeq(), r.Dims.Map(d => Of(d, -1)));
    }
}
