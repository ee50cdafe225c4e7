using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Simplify;

namespace AutoVec.Compiler.Transforms.Scales;

/// <summary>
/// A sign that all terms of a sum have is the sum's, and so is a factor 2 in a derivative (that of a square): what is left are products, which lanes add with one rounding.
/// And two products of the same factors are one (<see cref="SameProducts"/>).
/// <code>
/// s = reduce + i&lt;n { ..             r = reduce + i&lt;n { ..
///   p = a * b                           p = a * b
///   q = p + p               ⇒           yield p }
///   t = neg q                         q = r + r
///   yield t }                         s = 0.0 - q
/// </code>
/// To the bit: a sum is never −0.0, hence the difference. Twice a number is exact, but where it overflows: of values, which are those of plain C# there too, no factor is taken out.
/// </summary>
public static class Scales
{
    public static FunctionIr Run(FunctionIr f)
    {
        var pass = new Pass(new Names(f), Values(f), new SameProducts(f));
        var body = pass.Block(f.Body);
        return pass.Changed ? f with { Body = DeadCode.Remove(body, out _) } : f;
    }

    /// <summary>What something else than a derivative hangs on.</summary>
    internal static HashSet<Var> Values(FunctionIr f)
    {
        bool IsDerivative(int k) => k < f.ResultNames.Count && f.ResultNames[k].StartsWith("d:", StringComparison.Ordinal);
        var values = f.Body with { Results = f.Body.Results.Where((_, k) => !IsDerivative(k)).ToSeq() };
        return [.. DeadCode.Remove(values, out _).AllBinders()];
    }

    private sealed class Pass(Names names, HashSet<Var> values, SameProducts products)
    {
        public bool Changed { get; private set; }

        public Block Block(Block block)
        {
            var b = new Builder(names);
            foreach (var stmt in block.Stmts)
            {
                var s = stmt.Map(v => v, a => a, Block);
                if (s is Compute c && !values.Contains(c.Out) && products.Try(c, b)) Changed = true;
                else if (s is Reduce { Kind: ReduceKind.Sum, Out.Type.IsFloat: true } sum) Sum(sum, b);
                else b.Append(s);
            }
            return new(b.Stmts.ToSeq(), block.Results);
        }

        private void Sum(Reduce sum, Builder b)
        {
            var stmts = sum.Body.Stmts.ToList();
            var (term, minus, doublings) = (sum.Body.Results[0], false, 0);
            var uses = sum.Body.Uses();
            while (term is Var v && uses[v] == 1 && stmts.OfType<Compute>().FirstOrDefault(c => c.Out.Equals(v)) is { } c)
            {
                bool twice = c.Op == OpTable.Add && c.Args[0].Equals(c.Args[1]) && !values.Contains(sum.Out);
                if (c.Op != OpTable.Neg && !twice) break;
                if (twice) doublings++;
                else minus = !minus;
                stmts.Remove(c);
                term = c.Args[0];
                uses = new Block(stmts.ToSeq(), [term]).Uses();
            }
            if (stmts.Count == sum.Body.Stmts.Count || term is not Var)
            {
                b.Append(sum);
                return;
            }
            Changed = true;
            if (!minus && doublings == 0)
            {
                b.Append(sum with { Body = new Block(stmts.ToSeq(), [term]) });
                return;
            }
            var total = b.Reduce(ReduceKind.Sum, sum.Dims, new Block(stmts.ToSeq(), [term]), sum.Out.Base);
            for (int k = 0; k < doublings; k++) total = k == doublings - 1 && !minus ? Last(OpTable.Add, total, total) : b.Compute(OpTable.Add, total, total, sum.Out.Base);
            if (minus) Last(OpTable.Sub, Const.Of(sum.Out.Type.Scalar, 0), total);

            Var Last(Op op, Atom left, Atom right)
            {
                b.Append(new Compute(sum.Out, op, [left, right]));
                return sum.Out;
            }
        }
    }
}
