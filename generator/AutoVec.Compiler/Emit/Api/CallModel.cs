using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Api;

/// <summary>An argument of a core: a leaf of a parameter, the cotangent of a leaf of the result, or the tangent of a leaf of a parameter.</summary>
/// <param name="Leaf">The leaf of the parameter's (or the cotangent's) value.</param>
/// <param name="Variable">The parameter of the IR.</param>
/// <param name="Name">Of the host's parameter.</param>
/// <param name="Label">As the user wrote it: <c>p.W1</c>.</param>
/// <param name="Shared">One value for the whole batch, or there is no batch.</param>
/// <param name="TangentOf">The argument whose tangent it is; zero if it is missing.</param>
/// <param name="Output">The parameter whose contents it is, or their cotangent, if the method writes them.</param>
internal sealed record CallArgument(Leaf Leaf, string Variable, string Name, string Label, bool Shared, CallArgument? TangentOf = null, ParameterModel? Output = null)
{
    public bool IsScalar => Shared && Leaf.Rank == 0;
}

internal enum ResultRole { Value, Tangent, Gradient }

/// <summary>A result of a core, or the zero derivative of a leaf that has none.</summary>
/// <param name="Index">Its position among the core's results; -1: zeros.</param>
/// <param name="Label">For messages: <c>destination</c>, <c>gradient.P.W1</c>.</param>
/// <param name="HasLead">One per sample.</param>
/// <param name="Of">The argument whose shape a gradient has.</param>
/// <param name="Like">The position of the result whose shape it has.</param>
/// <param name="Output">The parameter whose final contents it is, or their tangent.</param>
internal sealed record CallResult(Leaf Leaf, int Index, string Name, string Label, bool HasLead, ResultRole Role, CallArgument? Of = null, int Like = -1,
    ParameterModel? Output = null)
{
    public bool IsValue => Role == ResultRole.Value;
    public string Element => Leaf.Element;

    /// <summary>The rank of the array that holds it.</summary>
    public int Rank(bool single) => Leaf.Rank + (HasLead && !single ? 1 : 0);
}

/// <summary>One core as its callers see it: what goes in, what comes out.</summary>
internal sealed record CallModel(
    MethodModel Method, CoreKind Kind, CompiledCore Core, Seq<CallArgument> Arguments, Seq<CallArgument> Cotangents,
    Seq<CallArgument> Tangents, Seq<CallResult> Results)
{
    public string HostName => Method.Name + Kind + "Host";

    public IEnumerable<CallArgument> AllArguments => Arguments.Concat(Cotangents).Concat(Tangents);
    public IEnumerable<CallResult> Values => Results.Where(r => r.IsValue);
    public bool HasGradient => Kind is CoreKind.Gradient or CoreKind.Vjp;

    /// <summary>Called for one sample too, or only.</summary>
    public bool IsSingle => Kind != CoreKind.Batch;

    public bool IsBatched => Method.Vectorize;

    /// <summary>The parameters that have a gradient.</summary>
    public static Seq<ParameterModel> Differentiable(MethodModel method) =>
        method.Parameters.Where(p => !p.NoGrad && Leaf.Of(p.Value).Any(l => l.IsFloat)).ToSeq();

    /// <summary>Is the parameter one value for all that the core computes? Without a batch function everything is.</summary>
    public static bool IsShared(MethodModel method, ParameterModel parameter) => !method.Vectorize || parameter.Shared;

    public static CallModel Of(MethodModel method, CoreKind kind, CompiledCore core)
    {
        var names = new Identifiers(["engine", "single", "on", "device", "destination", "tangentDestination", "cotangent", "tangents", "gradient"]);
        var arguments = method.Parameters.SelectMany(p => Leaf.Of(p.Value).Map(leaf => new CallArgument(
            leaf, leaf.Value.Leaf, names.Fresh(leaf.Value.Leaf), p.Name + leaf.Path, IsShared(method, p), Output: p.IsOutput ? p : null))).ToSeq();

        // The names of results are locals of the public members too, beside the method's own parameters.
        foreach (var p in method.Parameters) names.Reserve(p.Name.TrimStart('@'));
        var resultLeaves = Leaf.Of(method.Result);
        var outputs = method.Outputs.Select((p, k) => (Parameter: p, Leaf: new Leaf([], (ArrayValue)p.Value with { Leaf = $"{resultLeaves.Count + k}" }))).ToSeq();
        bool perSample = method.Vectorize && method.Reduce == Reduction.None;
        // The pipeline appends them to the parameters, and batches them unless the value is reduced.
        var appended = core.Function.Params.Skip(arguments.Count).ToList();
        var comesOut = resultLeaves.Map(l => (Leaf: l, Output: (ParameterModel?)null)).Concat(outputs.Map(o => (o.Leaf, Output: (ParameterModel?)o.Parameter)));
        var cotangents = kind != CoreKind.Vjp ? [] : comesOut.Where(r => r.Leaf.IsFloat).Zip(appended, (r, p) => new CallArgument(
            r.Leaf, p.Name, names.Fresh(p.Name), r.Output is null ? "cotangent" + r.Leaf.Path : Cotangent(r.Output),
            Shared: p.Type.Rank == r.Leaf.Rank, Output: r.Output)).ToSeq();

        // Or the tangents of the parameters, which are shared where these are.
        var tangents = kind != CoreKind.Jvp ? [] : Differentiable(method)
            .SelectMany(p => Leaf.Of(p.Value).Where(l => l.IsFloat).Select(l => (Property: Property(p), Leaf: l, Of: arguments.First(a => a.Variable == l.Value.Leaf))))
            .Zip(appended, (t, v) => new CallArgument(t.Leaf, v.Name, names.Fresh(v.Name), $"tangents.{t.Property}{t.Leaf.Path}", t.Of.Shared, t.Of)).ToSeq();

        var at = core.General.Function.ResultNames.ToList();
        var results = resultLeaves.Map(l => new CallResult(
            l, int.Parse(l.Value.Leaf), names.Fresh(ValueName(l)), "destination" + l.Path, perSample, ResultRole.Value));
        results = [.. results, .. outputs.Map(o => new CallResult(
            o.Leaf, int.Parse(o.Leaf.Value.Leaf), names.Fresh(o.Parameter.Name.TrimStart('@') + "End"), o.Parameter.Name, method.Vectorize, ResultRole.Value, Output: o.Parameter))];
        if (kind == CoreKind.Jvp)
            results = [.. results, .. results.Where(v => v.Output is null || v.Leaf.IsFloat).Select(v => v with
            {
                Index = at.IndexOf(Transforms.Jvp.Jvp.ResultPrefix + at[v.Index]), Name = names.Fresh(v.Name + "Dot"),
                Label = v.Output is null ? "tangentDestination" + v.Leaf.Path : Tangent(v.Output), Role = ResultRole.Tangent, Like = v.Index,
            })];
        if (kind is CoreKind.Gradient or CoreKind.Vjp)
            results = [.. results, .. Differentiable(method).SelectMany(p => Leaf.Of(p.Value).Where(l => !l.IsLayout).Select(l =>
            {
                var of = arguments.First(a => a.Variable == l.Value.Leaf);
                int index = l.IsFloat ? at.IndexOf("d:" + l.Value.Leaf) : -1;
                return new CallResult(l, index, names.Fresh(l.Value.Leaf + "Bar"), "gradient." + Property(p) + l.Path, !of.Shared, ResultRole.Gradient, of);
            }))];
        return new(method, kind, core, arguments, cotangents, tangents, results);
    }

    private static string ValueName(Leaf leaf) => leaf.Value.Leaf == "0" ? "value" : "value" + leaf.Value.Leaf;

    /// <summary>The parameter that brings the cotangent of an output.</summary>
    public static string Cotangent(ParameterModel output) => "cotangent" + Property(output);

    /// <summary>The parameter that takes the tangent of an output.</summary>
    public static string Tangent(ParameterModel output) => "tangent" + Property(output);

    /// <summary>The gradient's property for a parameter: its name in PascalCase.</summary>
    public static string Property(ParameterModel parameter)
    {
        string name = parameter.Name.TrimStart('@');
        return char.ToUpperInvariant(name[0]) + name.Substring(1);
    }
}
