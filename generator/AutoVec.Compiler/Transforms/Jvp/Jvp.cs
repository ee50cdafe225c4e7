using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Differentiate;

namespace AutoVec.Compiler.Transforms.Jvp;

/// <summary>
/// Forward mode. Takes an inlined function; gives its values (if kept), then one tangent for each float result, given one tangent for
/// each parameter of <c>wrt</c>: a parameter of the same type, appended.
/// <code>
/// fun F(x: f64, y: f64) {          fun F(x: f64, y: f64, x_dot: f64) {
///   p = x * y                        p = x * y
///   r = sin p                 ⇒      p_dot.1 = x_dot * y
///   yield r                          r = sin p
/// }                                  r_dot.1 = cos p
///                                    r_dot.2 = p_dot.1 * r_dot.1
///                                    yield r, r_dot.2          named "value", "dot:value"
///                                  }
/// </code>
/// Tangents are computed beside the values: a loop carries them as state, a branch yields them. Values that depend on no parameter
/// of <c>wrt</c> have none. The pass takes its own output, and that of Differentiate.
/// </summary>
public static class Jvp
{
    /// <summary>What the name of a tangent among the results begins with; the name of the result follows.</summary>
    public const string ResultPrefix = "dot:";

    /// <exception cref="UnsupportedDerivativeException">Something has no derivative; the message says what.</exception>
    public static FunctionIr Run(FunctionIr function, Seq<Var> wrt, bool keepValue)
    {
        if (wrt.FirstOrDefault(p => !p.Type.IsFloat || !function.Params.Contains(p)) is { } bad)
            throw new UnsupportedDerivativeException($"{function.Name}: '{bad}' is {bad.Type}; derivatives are with respect to float parameters");

        var activity = new Activity(wrt);
        activity.Extend(function.Body);
        var builder = new Builder(new Names(function));
        var forward = new Forward(activity, builder.Names);
        var tangents = Parameters(function, wrt);
        for (int k = 0; k < wrt.Count; k++) forward.Set(wrt[k], tangents[k]);
        forward.Run(function.Body, builder);

        var results = function.Body.Results;
        var valueNames = function.ResultNames.IsEmpty
            ? results.Select((_, k) => k == 0 ? "value" : $"value{k}").ToSeq() : function.ResultNames;
        var floats = Enumerable.Range(0, results.Count).Where(k => results[k].Type.IsFloat).ToSeq();
        var dots = floats.Map(k => forward.DotOrZero(results[k], builder));
        return function with
        {
            Params = [.. function.Params, .. tangents],
            Body = Simplify.DeadCode.Remove(builder.Block(keepValue ? [.. results, .. dots] : dots), out _),
            ResultNames = [.. keepValue ? valueNames : [], .. floats.Map(k => ResultPrefix + valueNames[k])],
        };
    }

    /// <summary><c>x_dot</c> for x, with an underscore more where the name is taken.</summary>
    private static Seq<Var> Parameters(FunctionIr function, Seq<Var> wrt)
    {
        var taken = new HashSet<string>(function.Params.Concat(function.Sizes).Concat(function.Body.AllBinders()).Select(v => v.Name));
        return wrt.Map(p =>
        {
            string name = p.Base + "_dot";
            while (!taken.Add(name)) name += "_";
            return new Var(name, p.Type);
        });
    }
}
