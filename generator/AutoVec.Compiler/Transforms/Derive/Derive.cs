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
        var keep = derivation.Kind == DerivationKind.Jvp ? Inline.Inline.Keep.Rules : Inline.Inline.Keep.All;
        // A derivative of the function that has a rule is its rule's: the call is what Differentiate sees.
        var f = Simplify.Simplify.Run(Inline.Inline.Run(Callable(function), keep, calling));
        f = Simplify.Simplify.Run(Parallelize.Parallelize.Run(f));
        f = Simplify.Simplify.Run(Flatten.Flatten.Run(f));
        f = derivation.Kind switch
        {
            DerivationKind.Jvp => Jvp.Jvp.Run(f, wrt, keepValue: true),
            DerivationKind.Vjp => Differentiate.Differentiate.Run(f, wrt, Seed.Cotangent, keepValue: false),
            var kind => Differentiate.Differentiate.Run(f, wrt, Seed.One, keepValue: kind == DerivationKind.ValueAndGrad),
        };
        f = Simplify.Simplify.Run(Gather.Gather.Run(Rules(Simplify.Simplify.Run(f), calling)));
        return f with { Body = Unplaced(f.Body), ResultNames = [], Notes = [] };
    }

    /// <summary>Puts the rules in place that Differentiate called; code of users, like any other before its derivative is taken.</summary>
    private static FunctionIr Rules(FunctionIr f, IEnumerable<string> calling) => !f.Body.Walk().Any(s => s is Call) ? f
        : Simplify.Simplify.Run(Parallelize.Parallelize.Run(Simplify.Simplify.Run(Inline.Inline.Run(f, Inline.Inline.Keep.All, calling))));

    private static FunctionIr Callable(FunctionIr function) => function.Rule switch
    {
        null => function,
        FunctionIr.Recompute => function with { Rule = null },
        _ => Wrapped(function),
    };

    /// <summary>A function that does nothing but call the given one.</summary>
    private static FunctionIr Wrapped(FunctionIr function)
    {
        var names = new Names(function);
        var bound = new HashSet<Var>([.. function.Params, .. function.Sizes]);
        // An extent of a result that the body computes would have to be one of the results, which a function with a rule has not.
        if (function.Body.Results.SelectMany(r => r.Type.Extents).Any(e => e is Var v && !bound.Contains(v)))
            throw new UnsupportedDerivativeException($"'{function.Name}' has a derivative rule and a result whose length it computes");
        var outs = function.Body.Results.Map(r => names.Fresh("r", r.Type));
        var call = new Call(outs, function.Name, function.Params.Map(p => (Atom)p));
        return function with { Name = "derivative of " + function.Name, Rule = null, Body = new Block([call], outs.Map(o => (Atom)o)), Callees = [function with { Callees = [] }, .. function.Callees.Where(c => c.Name != function.Name)] };
    }

    private static Block Unplaced(Block block) => block with { Stmts = block.Stmts.Map(Unplaced) };

    private static Stmt Unplaced(Stmt stmt)
    {
        var s = stmt.Map(v => v, a => a, Unplaced);
        return s is For loop ? loop with { Place = LoopPlace.Undecided } : s;
    }
}
