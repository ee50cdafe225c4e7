using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Flatten;

/// <summary>What becomes of each statement of an element's code.</summary>
internal sealed partial class Nest
{
    private enum Fate
    {
        /// <summary>The same for every element: runs once, on the host.</summary>
        Hoist,

        /// <summary>Scalar code: waits for the emission that needs it.</summary>
        Element,

        /// <summary>One flat parallel operation of its own.</summary>
        Reduce, Build, Scatter, Update, HostLoop,

        /// <summary>A window of an array of all elements: a view of the host.</summary>
        View,

        /// <summary>Whole inside the thread, because it makes arrays there.</summary>
        Thread,
    }

    public Nest Distribute(Block block)
    {
        var stmts = block.Stmts;
        for (int k = 0; k < stmts.Count; k++)
            foreach (var v in stmts[k].Free()) _lastUse[v] = k;
        foreach (var r in block.Results)
            if (r is Var v) _lastUse[v] = int.MaxValue;

        for (int k = 0; k < stmts.Count; k++)
        {
            switch (FateOf(stmts[k]))
            {
                case Fate.Hoist: _pass.Host(stmts[k], _host); break;
                case Fate.Element: Light(stmts[k]); break;
                case Fate.Reduce: Pull(k, (Reduce)stmts[k]); break;
                case Fate.Build: Pull(k, (Build)stmts[k]); break;
                case Fate.Scatter: Pull(k, (Scatter)stmts[k]); break;
                case Fate.Update: Pull(k, stmts[k]); break;
                case Fate.HostLoop: Pull(k, (For)stmts[k]); break;
                case Fate.View: Pull((Read)stmts[k]); break;
                default: k = PullGroup(k, stmts); break;
            }
        }
        return this;
    }

    /// <summary>Zeros and the like are made where they are used: most are about to be overwritten there.</summary>
    private static bool IsFill(Stmt s) => s is Build { Body.Stmts.IsEmpty: true } b && b.Body.Results.All(r => r is Const || b.Inner.Contains(r));

    private Fate FateOf(Stmt s)
    {
        if (IsUniform(s) && !IsFill(s) || IsSliceOfAll(s)) return Fate.Hoist;
        if (Irregular(s) || s is Scatter scatter && Varies(scatter.Dims)) return Fate.Thread;
        switch (s)
        {
            case Read r when r.Index.HasWindow() && !r.Index.Any(Varies) && OfAll(r.Array) is not null: return Fate.View;
            case Compute or Read: return Fate.Element;
            case Build b when IsFill(b): return Fate.Element;
            case Reduce r: return ReadsArrays(r) ? Fate.Reduce : Fate.Element;
            case Build: return Fate.Build;
            case Scatter: return Fate.Scatter;
            case Write w when !w.Index.Any(Varies) && IsOnHost(w.Array): return Fate.Update;
            case Accumulate a when !a.Index.Any(Varies) && IsOnHost(a.Array): return Fate.Update;
            case For f when !Varies(f.Dim.Extent) && LoopPlaces.Decided(f, _pass).Place == LoopPlace.Host
                            && !f.State.Any(c => c.Param.Type.Extents.Any(Varies)): return Fate.HostLoop;
            default: return s.Outs.Any(o => o.Type.IsArray) ? Fate.Thread : Fate.Element;
        }
    }

    /// <summary>
    /// Is there an array of all elements that can be overwritten where it is? Else (a fill, a parameter) each element starts from a
    /// copy of its own anyway, and goes on with it in the thread. So do the few numbers of an array of constant extents.
    /// </summary>
    private bool IsOnHost(Var array) => _arrays.ContainsKey(array) && !array.Type.Extents.All(e => e is Const);

    private bool IsUniform(Stmt s) =>
        s is Compute or Read or Reduce or Build or If && !Irregular(s) && !s.Free().Any(Varies) && (_pass.Motion || !s.Outs.Any(o => o.Type.IsFloat)) && _pass.Total.Holds(s);

    /// <summary>A slice that is the same for every sample is checked once, as it is before the batch (see Uniform).</summary>
    private bool IsSliceOfAll(Stmt s) =>
        s is Compute { Op: var op } && op == OpTable.Slice && !s.Free().Any(Varies) && _dims.All(d => d.Extent is Var { Base: "B" });

    /// <summary>A reduction over numbers alone is scalar code, like any small loop.</summary>
    private static bool ReadsArrays(Reduce r) => r.Walk().Any(s => s is Read or Build or Scatter || s.Outs.Any(o => o.Type.IsArray));
}
