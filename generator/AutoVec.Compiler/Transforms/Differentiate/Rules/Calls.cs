using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// What is still a call has a rule: it is called with the arguments and the results' adjoints, and gives the arguments'. The rule is the user's own,
/// or the derivative of the function, which then computes again what it needs.
/// <code>
/// y = call F x n        ⇒        x_bar = call F.Rule x n y_bar
/// </code>
/// </summary>
internal sealed partial class Reverse
{
    private void BackCall(Call call, Region region, Seq<Atom?> bars)
    {
        var function = rules.First(f => f.Name == call.Function);
        if (function.Rule is not { } rule) throw new UnsupportedDerivativeException($"the call of '{call.Function}' has no derivative before it is inlined");
        var b = region.Builder;
        var adjoints = new List<Atom>();
        for (int k = 0; k < bars.Count; k++)
            if (call.Results[k].Type.IsFloat) adjoints.Add(bars[k] ?? b.Zeros(call.Results[k].Type, BarName(call.Results[k])));
        var floats = call.Args.Where(a => a.Type.IsFloat).ToSeq();
        var outs = floats.Map(a => names.Fresh(a is Var v ? BarName(v) : "bar", a.Type));
        b.Append(rule == FunctionIr.Recompute
            ? new Call(outs, call.Function, [.. call.Args, .. adjoints]) { Derivation = new Derivation(DerivationKind.Vjp, call.Args.Count) }
            : new Call(outs, rule, [.. call.Args, .. adjoints]));
        for (int k = 0; k < floats.Count; k++) Add(region, floats[k], outs[k]);
    }
}
