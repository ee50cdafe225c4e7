using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// Reverse mode. Takes an inlined function; gives its values (if kept), then one adjoint for each parameter of <c>wrt</c>.
/// <code>
/// fun F(x: f64) {          fun F(x: f64) {
///   y = sin x                y = sin x
///   yield y           ⇒      bar.1 = cos x
/// }                          bar.2 = 1.0 * bar.1
///                            yield y, bar.2            named "value", "d:x"
///                          }
/// </code>
/// A block is reversed in two sweeps: forward runs it (loops with a tape), backward appends the adjoints of its statements, last
/// first. Bodies of build, reduce, scatter and if are re-run inside their adjoint; a loop's body is re-run from its state at entry
/// of the trip. <see cref="Region"/> says what a contribution becomes that leaves a block.
/// </summary>
public static class Differentiate
{
    /// <exception cref="UnsupportedDerivativeException">Something has no derivative; the message says what.</exception>
    public static FunctionIr Run(FunctionIr function, Seq<Var> wrt, Seed seed, bool keepValue)
    {
        if (wrt.FirstOrDefault(p => !p.Type.IsFloat || !function.Params.Contains(p)) is { } bad)
            throw new UnsupportedDerivativeException($"{function.Name}: '{bad}' is {bad.Type}; derivatives are with respect to float parameters");

        var builder = new Builder(new Names(function));
        function = function with { Body = Sinking.Run(function.Body, wrt, builder.Names) };
        var activity = new Activity(wrt);
        activity.Extend(function.Body);
        var region = new Region(RegionKind.Function, null, builder);
        // All undo logs together may take half of the budget; the other half is for the tapes.
        int updating = function.Body.Walk().Count(s => s is For or While && s.Outs.Any(o => o.Type.IsArray));
        var reverse = new Reverse(activity, builder.Names, function.Callees, function.Budget.Bytes / (2 * Math.Max(1, updating)));
        var results = function.Body.Results;
        var valueNames = function.ResultNames.IsEmpty ? ValueNames(results.Count) : function.ResultNames;

        var steps = reverse.Forward(function.Body, builder);
        var parameters = function.Params;
        if (seed is Seed.One or Seed.Share)
        {
            if (results.IsEmpty || !results[0].Type.IsFloat || results[0].Type.IsArray)
                throw new UnsupportedDerivativeException($"{function.Name} has no gradient: its result is not a float");
            var share = builder.Fresh("share", results[0].Type);
            reverse.Add(region, results[0], seed == Seed.One ? Const.Of(results[0].Type.Scalar, 1) : share);
            if (seed == Seed.Share) parameters = [.. parameters, share];
        }
        else
        {
            var cotangents = new Cotangents(function, builder);
            for (int k = 0; k < results.Count; k++)
                if (results[k].Type.IsFloat) reverse.Add(region, results[k], cotangents.For(results[k], valueNames[k]));
            parameters = [.. parameters, .. cotangents.Parameters];
        }
        reverse.Backward(steps, region);

        var gradients = wrt.Map(p => region.Bars.TryGetValue(p, out var bar) ? bar : builder.Zeros(p.Type, p.Base + "_bar"));
        return function with
        {
            Params = parameters,
            Body = builder.Block(keepValue ? [.. results, .. gradients] : gradients),
            ResultNames = [.. keepValue ? valueNames : [], .. wrt.Map(p => "d:" + p.Name)],
            Notes = [.. function.Notes, .. reverse.Notes.Distinct()],
        };
    }

    private static Seq<string> ValueNames(int count) =>
        Enumerable.Range(0, count).Select(k => k == 0 ? "value" : $"value{k}").ToSeq();
}
