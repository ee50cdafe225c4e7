using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Vectorize;

/// <summary>
/// What leaves a batch: values and their tangents reduced as asked, gradients of shared parameters summed, under a mean everything
/// divided by B (or the seeds are, in which all derivatives are linear). The mean of an empty batch is 0/0 = NaN, its derivatives are divided by
/// max(B, 1) and so are 0.
/// </summary>
internal sealed class BatchResults(Builder host, Var batch, Seq<Var> shared, Reduction reduction)
{
    private readonly Dictionary<(Scalar, bool), Atom> _counts = [];

    /// <summary>Have the seeds been divided already?</summary>
    public bool AreGradientsDivided { get; init; }

    /// <summary>A seed, divided for a mean.</summary>
    public Atom Share(Atom seed, string name) => Divided(seed, name, isGradient: true);

    public Seq<Atom> Reduce(Seq<string> names, Seq<Var> outs) => names.Zip(outs, (name, o) =>
        IsGradient(name) ? Gradient(name.Substring(2), o) : IsTangent(name) ? Tangent(NameOf(name), o) : Value(name, o)).ToSeq();

    private static bool IsGradient(string result) => result.StartsWith("d:", StringComparison.Ordinal);
    private static bool IsTangent(string result) => result.StartsWith(Jvp.Jvp.ResultPrefix, StringComparison.Ordinal);

    /// <summary>The variable that holds a result: <c>x_bar</c> for "d:x", <c>value_dot</c> for "dot:value".</summary>
    public static string NameOf(string result) =>
        IsGradient(result) ? result.Substring(2) + "_bar" : IsTangent(result) ? result.Substring(Jvp.Jvp.ResultPrefix.Length) + "_dot" : result;

    private Atom Value(string name, Var perSample)
    {
        if (reduction == Reduction.None) return perSample;
        var scalar = perSample.Type.Scalar;
        if (scalar == Scalar.Bool) throw new UnsupportedException($"{name}: bools have no {reduction}");
        if (reduction == Reduction.Mean && !perSample.Type.IsFloat) throw new UnsupportedException($"{name}: integers have no mean");
        return Divided(Total(perSample, name), name, isGradient: false);
    }

    private Atom Tangent(string name, Var perSample) =>
        reduction == Reduction.None ? perSample : Divided(Total(perSample, name), name, isGradient: true);

    private Atom Gradient(string parameter, Var perSample)
    {
        Atom sum = shared.Any(p => p.Name == parameter) ? Total(perSample, parameter + "_bar") : perSample;
        return AreGradientsDivided ? sum : Divided(sum, parameter + "_bar", isGradient: true);
    }

    private Atom Total(Var perSample, string name) => host.Build(perSample.Type.Extents.Skip(1), (element, at) =>
    {
        var sum = element.Nested();
        var b = element.Fresh("b", IrType.I32);
        var e = sum.Read(perSample, [b, .. at]);
        return element.Reduce(ReduceKind.Sum, [new Dim(b, batch)], sum.Block(e), name);
    }, name);

    private Atom Divided(Atom sum, string name, bool isGradient)
    {
        if (reduction != Reduction.Mean) return sum;
        var count = Count(sum.Type.Scalar, isGradient);
        return host.Build(sum.Type.Extents, (element, at) =>
            element.Compute(OpTable.Div, sum is Var array ? element.Read(array, at) : sum, count, name), name);
    }

    private Atom Count(Scalar scalar, bool isGradient)
    {
        if (_counts.TryGetValue((scalar, isGradient), out var known)) return known;
        Atom n = isGradient ? host.Compute(OpTable.Max, batch, Const.I32(1), "n") : batch;
        return _counts[(scalar, isGradient)] = host.Compute(scalar == Scalar.F32 ? OpTable.ToF32 : OpTable.ToF64, n, "batchSize");
    }
}
