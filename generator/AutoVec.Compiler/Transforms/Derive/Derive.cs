using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Differentiate;

namespace AutoVec.Compiler.Transforms.Derive;

/// <summary>
/// Takes a function (with its callees) and a derivation, gives the derivative as an ordinary function without calls, which Inline puts
/// in the place of <c>call grad F x</c>. Derivatives inside the function are taken first, so any depth and any mix of modes is one
/// pass run on the output of another.
/// <code>
/// fun F(x: f64, a: f64) {              fun F(x: f64, a: f64) {
///   y = x * a                    ⇒       yield a
///   yield y                            }
/// }
/// </code>
/// The order is that of <see cref="Pipelines"/> up to Gather. Where loops run is for the function around it to decide.
/// </summary>
internal static class Derive
{
    /// <param name="calling">The functions that are being inlined around this one.</param>
    public static FunctionIr Run(FunctionIr function, Derivation derivation, params IEnumerable<string> calling)
    {
        if (derivation.Objection(function) is { } objection) throw new UnsupportedDerivativeException(objection);
        var wrt = derivation.Wrt(function);
        var f = Simplify.Simplify.Run(Inline.Inline.Run(function, calling));
        f = Simplify.Simplify.Run(Parallelize.Parallelize.Run(f));
        f = Simplify.Simplify.Run(Flatten.Flatten.Run(f));
        f = derivation.Kind switch
        {
            DerivationKind.Jvp => Jvp.Jvp.Run(f, wrt, keepValue: true),
            var kind => Differentiate.Differentiate.Run(f, wrt, Seed.One, keepValue: kind == DerivationKind.ValueAndGrad),
        };
        f = Simplify.Simplify.Run(Gather.Gather.Run(Simplify.Simplify.Run(f)));
        return f with { Body = Unplaced(f.Body), ResultNames = [], Notes = [] };
    }

    private static Block Unplaced(Block block) => block with { Stmts = block.Stmts.Map(Unplaced) };

    private static Stmt Unplaced(Stmt stmt)
    {
        var s = stmt.Map(v => v, a => a, Unplaced);
        return s is For loop ? loop with { Place = LoopPlace.Undecided } : s;
    }
}
