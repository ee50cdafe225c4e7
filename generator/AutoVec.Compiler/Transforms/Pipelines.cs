using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Differentiate;
using Keep = AutoVec.Compiler.Transforms.Inline.Inline.Keep;

namespace AutoVec.Compiler.Transforms;

/// <summary>
/// The order of the passes. Flatten comes before Differentiate (the adjoint of a build then re-runs cheap scalar code, never a
/// reduction) and after Vectorize; Gather before Vectorize (the indices of one sample are simple); Simplify between all (adjoints
/// emit one statement per contribution, and most are twins). Floats move out of loops only once no derivative will be taken.
/// </summary>
public static class Pipelines
{
    /// <summary>What to differentiate, and what to keep.</summary>
    public sealed record Derivative(Seq<Var> Wrt, Seed Seed, bool KeepValue)
    {
        /// <summary>By <see cref="Jvp"/>; the seed does not matter.</summary>
        public bool Forward { get; init; }
    }

    /// <summary>
    /// Debug mode: a function with <see cref="Debug.Checks"/> whose statements stay in the order in which they stand, sample after sample, so that the first
    /// that is not finite is the first to be found.
    /// </summary>
    /// <param name="shared">As in <see cref="Batch"/>; null: no batch.</param>
    public static FunctionIr InOrder(FunctionIr f, Seq<Var>? shared, Reduction reduction, Derivative? derivative)
    {
        Func<FunctionIr, FunctionIr>? vectorize = shared is not { } all ? null : g => Vectorize.Vectorize.Run(g, [.. all, .. SharedTangents(g, all, derivative)], reduction);
        f = Simplify.Simplify.Run(Inline.Inline.Run(f, KeptIn(f, derivative), []));
        foreach (var (pass, run) in Passes(derivative, vectorize))
            if (!s_reorders.Contains(pass)) f = run(f);
        return Verifier.Check(f, "pipeline in order");
    }

    private static readonly HashSet<string> s_reorders =
        ["rows", "gather", "simplify after vectorize", "flatten the batch", "simplify the batch", "one thread", "simplify in one thread", "fuse", "outer products", "one hot", "recall", "invariants", "scales", "layout", "branches", "siblings", "simplify siblings", "last trip", "column sums"];

    /// <summary>The version for equal extents, and the equalities that the host checks on entry; where they do not hold it runs the function as given.</summary>
    public static (FunctionIr Function, Seq<(Var Extent, Atom EqualTo)> Equalities) Unify(FunctionIr f) =>
        Extents.Extents.Unify(Simplify.Simplify.Run(Inline.Inline.KeepRules(f)));

    /// <summary>JAX's <c>vmap(f)</c>, ready for <see cref="Stage.Planner"/>.</summary>
    public static FunctionIr Batch(FunctionIr f, Seq<Var> shared, Reduction reduction) => Run(f, shared, reduction, null);

    /// <summary>JAX's <c>vmap(grad(f))</c>, with the gradients of shared parameters summed over the batch; ready for <see cref="Stage.Planner"/>.</summary>
    public static FunctionIr GradientBatch(FunctionIr f, Seq<Var> wrt, Seq<Var> shared, Reduction reduction, Seed seed, bool keepValue) =>
        Run(f, shared, reduction, new Derivative(wrt, seed, keepValue));

    /// <summary>JAX's <c>vmap(jvp(f))</c>: the tangents of shared parameters are shared; ready for <see cref="Stage.Planner"/>.</summary>
    public static FunctionIr JvpBatch(FunctionIr f, Seq<Var> wrt, Seq<Var> shared, Reduction reduction) =>
        Run(f, shared, reduction, new Derivative(wrt, Seed.Cotangent, KeepValue: true) { Forward = true });

    /// <summary>JAX's <c>grad(f)</c> or <c>jvp(f)</c>: of one sample, with no batch dimension anywhere, so that the method's own loops are the stages.</summary>
    public static FunctionIr Single(FunctionIr f, Derivative derivative)
    {
        foreach (var (_, g) in Steps(f, derivative)) f = g;
        return Verifier.Check(f, "pipeline");
    }

    private static FunctionIr Run(FunctionIr f, Seq<Var> shared, Reduction reduction, Derivative? derivative)
    {
        foreach (var (_, g) in Steps(f, shared, reduction, derivative)) f = g;
        return Verifier.Check(f, "pipeline");
    }

    /// <summary>Each pass and what it gave, in order.</summary>
    public static IEnumerable<(string Pass, FunctionIr Function)> Steps(FunctionIr f, Seq<Var> shared, Reduction reduction, Derivative? derivative) =>
        reduction == Reduction.Mean && derivative is { Forward: false } ? MeanSteps(f, shared, derivative)
            : Steps(f, derivative, g => Vectorize.Vectorize.Run(g, [.. shared, .. SharedTangents(g, shared, derivative)], reduction));

    /// <summary>The derivative of a mean starts from the sample's share in it: derivatives are linear in their seeds, and these are the fewest numbers to divide.</summary>
    private static IEnumerable<(string Pass, FunctionIr Function)> MeanSteps(FunctionIr f, Seq<Var> shared, Derivative derivative)
    {
        bool one = derivative.Seed == Seed.One;
        return Steps(f, one ? derivative with { Seed = Seed.Share } : derivative, g =>
        {
            var seeds = g.Params.Skip(f.Params.Count).ToSeq();
            return Vectorize.Vectorize.Run(g, shared, Reduction.Mean, one || seeds.All(shared.Contains) ? seeds : [], one);
        });
    }

    /// <summary>The same for one sample.</summary>
    public static IEnumerable<(string Pass, FunctionIr Function)> Steps(FunctionIr f, Derivative derivative) => Steps(f, derivative, vectorize: null);

    private static IEnumerable<(string Pass, FunctionIr Function)> Steps(FunctionIr f, Derivative? derivative, Func<FunctionIr, FunctionIr>? vectorize)
    {
        foreach (var step in Prepared(f, derivative))
        {
            f = step.Function;
            yield return step;
        }
        foreach (var (pass, run) in Passes(derivative, vectorize))
        {
            f = run(f);
            yield return (pass, f);
        }
    }

    /// <summary>
    /// The first passes are the same for all that is made of a method, but for the calls that they leave: done once. (The key is the function itself,
    /// and passes are pure: nobody can tell.)
    /// </summary>
    private static readonly ConditionalWeakTable<FunctionIr, ConcurrentDictionary<Keep, Lazy<Seq<(string, FunctionIr)>>>> s_prepared = new();

    private static Seq<(string Pass, FunctionIr Function)> Prepared(FunctionIr f, Derivative? derivative)
    {
        var keep = KeptIn(f, derivative);
        return s_prepared.GetValue(f, _ => new()).GetOrAdd(keep, _ => new(() => Prepare(f, keep).ToSeq())).Value;
    }

    private static Keep KeptIn(FunctionIr f, Derivative? derivative) =>
        derivative is null || !f.Body.Walk().Any(s => s is Call) ? Keep.None : derivative.Forward ? Keep.Rules : Keep.All;

    private static IEnumerable<(string, FunctionIr)> Prepare(FunctionIr f, Keep keep)
    {
        yield return ("inline", f = Inline.Inline.Run(f, keep, []));
        yield return ("simplify", f = Simplify.Simplify.Run(f));
        yield return ("parallelize", f = Parallelize.Parallelize.Run(f));
        yield return ("simplify after parallelize", f = Simplify.Simplify.Run(f));
        yield return ("flatten", f = Flatten.Flatten.Run(f));
        yield return ("simplify after flatten", f = Simplify.Simplify.Run(f));
    }

    private static IEnumerable<(string Pass, Func<FunctionIr, FunctionIr> Run)> Passes(Derivative? derivative, Func<FunctionIr, FunctionIr>? vectorize)
    {
        if (derivative is { Forward: true })
        {
            yield return ("jvp", f => Jvp.Jvp.Run(f, derivative.Wrt, derivative.KeepValue));
            yield return ("simplify after jvp", f => Simplify.Simplify.Run(f));
        }
        else if (derivative is not null)
        {
            yield return ("differentiate", f => Differentiate.Differentiate.Run(f, derivative.Wrt, derivative.Seed, derivative.KeepValue));
            yield return ("simplify after differentiate", f => Simplify.Simplify.Run(f));
        }
        // The functions with rules, and the rules, which no pass has seen yet.
        if (derivative is not null) yield return ("inline rules", f => !f.Body.Walk().Any(s => s is Call) ? f
            : Simplify.Simplify.Run(Parallelize.Parallelize.Run(Simplify.Simplify.Run(Inline.Inline.Run(f)))));
        if (derivative is not null) yield return ("min cut", f => MinCut.MinCut.Run(f) is var g && ReferenceEquals(f, g) ? f : Simplify.Simplify.Run(g));
        // The tapes of all derivatives, of those inside the method too.
        yield return ("checkpoint", f => Checkpoint.Checkpoint.Run(f) is var g && ReferenceEquals(f, g) ? f : Simplify.Simplify.Run(g));
        // In a batch the sum over the samples is found more easily in whole arrays.
        if (vectorize is null) yield return ("rows", Gather.Rows.Run);
        yield return ("gather", Gather.Gather.Run);
        yield return ("simplify after gather", f => Gather.OneTerm.Run(Simplify.Simplify.Run(f)));
        if (vectorize is not null) yield return ("branches", OneHot.Branches.Run);
        if (vectorize is not null) yield return ("vectorize", vectorize);
        yield return ("simplify after vectorize", f => Simplify.Simplify.Run(f, motion: true));
        yield return ("flatten the batch", f => Flatten.Flatten.Run(f, motion: true));
        yield return ("simplify the batch", f => Simplify.Simplify.Run(f, motion: true));
        if (vectorize is null)
        {
            yield return ("one thread", OneThread.OneThread.Run);
            yield return ("simplify in one thread", f => Simplify.Simplify.Run(f, motion: true));
        }
        yield return ("fuse", Fuse.Fuse.Run);
        if (vectorize is null)
        {
            yield return ("siblings", OneThread.Siblings.Run);
            yield return ("simplify siblings", f => Simplify.Simplify.Run(f, motion: true));
        }
        else yield return ("outer products", OuterProducts.OuterProducts.Run);
        yield return ("one hot", OneHot.OneHot.Run);
        yield return ("recall", Recall.Recall.Run);
        yield return ("invariants", Invariants.Invariants.Run);
        yield return ("rooms", Rooms.Rooms.Run);
        yield return ("last trip", LastTrip.LastTrip.Run);
        yield return ("taped state", f => TapedState.TapedState.Run(f) is var g && ReferenceEquals(f, g) ? f : Simplify.Simplify.Run(g, motion: true));
        yield return ("scales", Scales.Scales.Run);
        yield return ("own elements", OwnElements.OwnElements.Run);
        yield return ("column sums", ColumnSums.ColumnSums.Run);
        yield return ("layout", Invariants.Layout.Run);
    }

    /// <summary>The last parameters after Jvp are the tangents.</summary>
    private static IEnumerable<Var> SharedTangents(FunctionIr f, Seq<Var> shared, Derivative? derivative) =>
        derivative is not { Forward: true, Wrt: var wrt } ? []
            : f.Params.Skip(f.Params.Count - wrt.Count).Where((_, k) => shared.Contains(wrt[k]));
}
