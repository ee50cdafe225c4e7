using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Gather;

/// <summary>
/// Turns scatters into builds and reductions, by solving their index for the loop variables. Takes any function; gives the same
/// function (sums in another order), in which a scatter is left only where its index depends on data or couples variables.
/// <code>
/// W_bar = scatter [d, h] j&lt;h, i&lt;d { g = b_bar[j]; a = x[i]; e = g * a; yield i, j, e }
/// ⇒  W_bar = build a&lt;d, a2&lt;h { g = b_bar[a2]; a = x[a]; e = g * a; yield e }
/// x_bar = scatter [n] i&lt;m, j&lt;k { .. at = i + j; yield at, e }
/// ⇒  x_bar = build a&lt;n { r = reduce + j&lt;k { i = a - j; if 0 &lt;= i &lt; m { .. e } else { 0 } }; yield r }
/// </code>
/// Each dimension of the array is solved for one variable, its pivot; variables that are nobody's pivot are summed over. A pivot's
/// range and divisibility become guards; a guard free of summed variables stands outside the sum. A guard falls away where the
/// extents prove it, which needs equal extents to have one name.
/// </summary>
public static class Gather
{
    public static FunctionIr Run(FunctionIr function)
    {
        if (!function.Body.Walk().Any(s => s is Scatter)) return function;
        var names = new Names(function);
        var dependence = new Dependence(function.Body);
        var sizes = new HashSet<Var>(function.Sizes);
        var notes = new List<string>(function.Notes);

        Block Inside(Block block) => new(block.Stmts.SelectMany(One).ToSeq(), block.Results);
        IEnumerable<Stmt> One(Stmt stmt)
        {
            stmt = stmt.Map(v => v, a => a, Inside);
            if (stmt is not Scatter s) return [stmt];
            var solution = Solution.Of(s, dependence);
            notes.Add($"{s.Out.Base}: {solution.Note}");
            return solution.IsSolved ? [new Gathered(s, solution, names, dependence, sizes).Build()] : [s];
        }
        var body = Inside(function.Body);
        return function with { Body = body, Notes = notes.Distinct().ToSeq() };
    }
}
