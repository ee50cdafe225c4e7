using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Extents;

/// <summary>
/// Takes a function without calls, gives the version for equal extents, and the equalities that make it valid: the host checks them
/// on entry, else runs the version that was not unified. Every array parameter has extents of its own, and a loop runs over one of
/// them; without this pass, the rest of <c>w</c>'s gradient below would have to be proven zero, guard by guard.
/// <code>
/// fun F(x: f64[n], w: f64[m]) {            fun F(x: f64[n], w: f64[n]) {
///   loop ... for i&lt;n {                       loop ... for i&lt;n {
///     a = x[i]                      ⇒           a = x[i]                          m = n
///     b = w[i] ...                              b = w[i] ...
/// </code>
/// A wrong guess costs speed, never the result.
/// </summary>
public static class Extents
{
    public static (FunctionIr Function, Seq<(Var Extent, Atom EqualTo)> Equalities) Unify(FunctionIr function)
    {
        var guesses = new Guesses(function);
        guesses.Collect();
        var equalities = function.Sizes.Where(s => !guesses.Root(s).Equals(s))
            .Select(s => (s, (Atom)guesses.Root(s))).OrderBy(e => e.s.Name, StringComparer.Ordinal).ToSeq();
        if (equalities.IsEmpty) return (function, []);

        var equal = new Substitution(equalities);
        return (function with
        {
            Params = function.Params.Map(p => new Var(p.Name, equal.Apply(p.Type))),
            Body = equal.Apply(function.Body),
        }, equalities);
    }
}
