using AutoVec.Compiler.Ir;
using Simplifier = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>
/// Takes a function of sequential loops, gives one where every loop is a build, reduce or scatter whose independence is proven.
/// Innermost loops first: what they become is what the loops around them are made of. A loop is replaced only if all that it carries
/// fits a pattern (one file each); else it stays, and the function's notes say why.
/// <code>
/// h' = loop (h = zeros) for j&lt;m {                              h' = build j&lt;m {
///   b = bias[j]                                                 b = bias[j]
///   s' = loop (s = b) for i&lt;n { ... yield s1 }       ⇒           r = reduce + i&lt;n { ... yield p }
///   h1 = h with [j] = s'; yield h1                              s = b + r
/// }                                                             yield s }
/// </code>
/// </summary>
public static class Parallelize
{
    public static FunctionIr Run(FunctionIr function)
    {
        function = Simplifier.Run(CountedWhile.Rewrite(Simplifier.Run(function)));
        var notes = new Notes(function);
        var decided = new HashSet<Var>();
        while (true)
        {
            var round = new Round(function, decided, notes);
            var body = round.Function();
            if (!round.Tried) break;
            if (round.Changed) function = Simplifier.Run(function with { Body = body });
        }
        return function with { Notes = [.. function.Notes, .. notes.InOrder()] };
    }
}
