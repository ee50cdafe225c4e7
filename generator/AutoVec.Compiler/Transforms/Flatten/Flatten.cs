using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Flatten;

/// <summary>
/// Fission: distributes every build over its body, until each statement of the host is one flat parallel operation.
/// <code>
/// h = build j&lt;n {                        r.1 = build j.1&lt;n { r = reduce + i&lt;d { x[i]·W[i, j.1] }
///   r = reduce + i&lt;d { x[i]·W[i, j] }                          yield r }
///   t = exp r                             h = build j.2&lt;n { r = r.1[j.2]
///   yield t                                                 t = exp r
/// }                                                         yield t }
/// </code>
/// Legal because a build has neither order nor effects. What stays in one piece, inside the thread: loops whose trips differ from
/// element to element or that have nothing parallel in them, branches, writes at an index of the element, arrays whose extents
/// differ from element to element. Runs before Differentiate (the adjoint of a build then re-runs cheap scalar code, never a
/// reduction) and after Vectorize. Views that it leaves behind (<c>x = x.1[b, :]</c>) are for Simplify to resolve.
/// </summary>
public static class Flatten
{
    /// <param name="f">Any verified, simplified function without calls.</param>
    /// <param name="motion">
    /// Compute what is the same for every element once, outside. Only after Differentiate: where a build turns out to be empty, a
    /// hoisted <c>log x</c> has the adjoint 0 · 1/x = NaN, and the plain method has 0.
    /// </param>
    public static FunctionIr Run(FunctionIr f, bool motion = false)
    {
        var fission = new Fission(f, motion);
        var body = fission.Renamed.Apply(fission.Host(f.Body));
        return f with { Body = body, Notes = [.. f.Notes, .. fission.Notes.Where(n => !f.Notes.Contains(n))] };
    }
}
