using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Flatten;

/// <summary>Reductions, builds and scatters of an element become one operation over Dims.</summary>
internal sealed partial class Nest
{
    /// <summary><c>r = reduce E {..}</c> ⇒ <c>r.1 = build Dims { r = reduce E {..}; yield r }</c>, loaded from then on.</summary>
    private void Pull(int at, Reduce r)
    {
        if (!Varies(r.Dims))
        {
            Spill(at, r);
            var inner = Inner(_host, r.Dims).Distribute(r.Body);
            r = r with { Body = inner.Rest(r.Body.Results) };
        }
        Bind(r.Out, Emit(at, [r], [r.Out])[0]);
    }

    /// <summary><c>a = build E {..}</c> ⇒ <c>a.1 = build Dims, E {..}</c>.</summary>
    private void Pull(int at, Build b)
    {
        Spill(at, b);
        var inner = Inner(_host, b.Dims).Distribute(b.Body);
        var made = b.Body.Results.Map(inner.Existing).ToArray();
        var rest = Enumerable.Range(0, made.Length).Where(k => made[k] is null).ToList();
        if (rest.Count > 0)
        {
            var outs = inner.Emit(int.MaxValue, [], rest.Select(k => b.Body.Results[k]).ToSeq(), rest.Select(k => b.Results[k]).ToSeq());
            for (int k = 0; k < rest.Count; k++) made[rest[k]] = outs[k];
        }
        for (int k = 0; k < made.Length; k++) Bind(b.Results[k], made[k]!);
    }

    /// <summary><c>s = scatter [n] E { yield i, e }</c> ⇒ <c>s.1 = scatter [Dims, n] Dims, E { yield dims, i, e }</c>.</summary>
    private void Pull(int at, Scatter s)
    {
        Spill(at, s);
        var inner = Inner(_host, s.Dims).Distribute(s.Body);
        var body = inner.Whole([], [.. Indices, .. s.Body.Results]);
        Bind(s.Out, Copied(inner._dims, body, (dims, copy) => _host.Scatter([.. Extents, .. s.Extents], dims, copy, s.Out.Name)));
    }

    /// <summary><c>v = a[from:n]</c>, the same window for every element ⇒ a window of the host's array.</summary>
    private void Pull(Read window) =>
        Bind(window.Out, _host.Read(OfAll(window.Array)!, [.. _dims.Map(_ => All.Dimension), .. window.Index], window.Out.Name));

    /// <summary><c>a' = a with [i] = v</c>, i the same for every element ⇒ a write of the whole column.</summary>
    private void Pull(int at, Stmt update)
    {
        var (result, array, index, value) = update switch
        {
            Write w => (w.Out, w.Array, w.Index, w.Value),
            Accumulate a => (a.Out, a.Array, a.Index, a.Value),
            _ => throw new InvalidOperationException($"{update.GetType().Name} is no update"),
        };
        var whole = HostArray(array);
        var column = value is Var { Type.IsArray: true } v ? HostArray(v) : Existing(value) ?? Emit(at, [], [value], [result])[0];
        Seq<Atom> where = [.. _dims.Map(_ => All.Dimension), .. index];
        Bind(result, update is Write ? _host.Write(whole, where, column, result.Name) : _host.Accumulate(whole, where, column, result.Name));
    }
}
