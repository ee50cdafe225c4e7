using System.Runtime.CompilerServices;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Simplify;

/// <summary>
/// Takes any function, gives the same function with less in it: constants folded, exact identities, twins merged (whole builds too), views
/// composed, invariant total ops moved out of loops, dead code and dead loop state gone. Bits of results do not change; what is
/// dead is not computed, so a dead read out of bounds no longer throws.
/// <code>
/// a = i + 1                      y = build j&lt;n {          k = a - 1      ⇒   k is i
/// b = 1 + i      ⇒  b is a        t = a * c        ⇒      (a * c moves out where integers; floats see <see cref="Run"/>)
/// </code>
/// </summary>
public static class Simplify
{
    /// <summary>Each round sees what the last one exposed; in practice two or three change anything.</summary>
    private const int MostRounds = 10;

    /// <summary>What nothing is left to do in, and with which motion: passes that found nothing hand on the very block that they were given.</summary>
    private static readonly ConditionalWeakTable<Block, object> s_simple = new();
    private static readonly object s_withMotion = new(), s_withoutMotion = new();

    private static bool IsSimple(Block body, bool motion) =>
        s_simple.TryGetValue(body, out object known) && (!motion || ReferenceEquals(known, s_withMotion));

    private static void Remember(Block body, bool motion)
    {
        if (IsSimple(body, motion)) return;
        s_simple.Remove(body);
        s_simple.GetValue(body, _ => motion ? s_withMotion : s_withoutMotion);
    }

    /// <param name="function">Any verified function.</param>
    /// <param name="motion">
    /// Move every invariant total op out of loops. Without it only those whose derivative is a finite constant (and integers and
    /// booleans) move: a hoisted <c>log x</c> gives 0 · 1/x = NaN to the adjoint of x where the loop makes no trip, and the plain
    /// method gives 0. So true only where no derivative will be taken any more.
    /// </param>
    public static FunctionIr Run(FunctionIr function, bool motion = false)
    {
        for (int round = 0; round < MostRounds && !IsSimple(function.Body, motion); round++)
        {
            var rewriter = new Rewriter(function, motion);
            var body = rewriter.Function();
            var live = DeadCode.Remove(body, out bool removed);
            if (rewriter.Changed || removed) function = function with { Body = live };
            else Remember(function.Body, motion);
        }
        return function;
    }
}
