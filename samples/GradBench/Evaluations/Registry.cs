using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>Every evaluation that the tool knows.</summary>
public static class Registry
{
    /// <summary>The modules, one an evaluation.</summary>
    public static IReadOnlyList<Module> Modules { get; } =
        [Hello.Module, Lse.Module, Llsq.Module, Det.Module, Ode.Module, Gmm.Module, KMeans.Module, Ba.Module, Lstm.Module, Saddle.Module];
}
