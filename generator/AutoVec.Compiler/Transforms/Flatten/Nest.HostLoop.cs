using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Flatten;

/// <summary>
/// A sequential loop with the same trips for every element and parallel work inside becomes a loop of the host that carries the
/// state of all elements.
/// </summary>
internal sealed partial class Nest
{
    private void Pull(int at, For loop)
    {
        loop = LoopPlaces.Decided(loop, _pass);
        Spill(at, loop);
        var fixedState = SameForAll(loop);
        var body = new Builder(_pass.Names);
        var inner = Inner(body, []);
        inner._varying.Remove(loop.Dim.Index);

        var scalars = loop.State.Select((c, k) => (c, k)).Where(p => !p.c.Param.Type.IsArray && !fixedState[p.k]).ToList();
        var inits = scalars.Count == 0 ? [] : Emit(at - 1, [], scalars.Select(p => p.c.Init).ToSeq(), scalars.Select(p => p.c.Param).ToSeq());
        var state = new Carry[loop.State.Count];
        for (int k = 0; k < state.Length; k++)
        {
            var c = loop.State[k];
            if (fixedState[k])
            {
                state[k] = c;
                continue;
            }
            int s = scalars.FindIndex(p => p.k == k);
            var init = s < 0 ? HostArray((Var)c.Init) : inits[s];
            var param = _pass.Names.Fresh(c.Param.Name, c.Param.Type.Under(Extents));
            state[k] = new Carry(param, init);
            inner.Bind(c.Param, param);
        }
        inner.Distribute(loop.Body);

        var next = new Atom[state.Length];
        var rest = new List<int>();
        for (int k = 0; k < state.Length; k++)
        {
            var r = loop.Body.Results[k];
            if (fixedState[k]) next[k] = r;
            else if (inner.Existing(r) is { } array) next[k] = array;
            else rest.Add(k);
        }
        if (rest.Count > 0)
        {
            var made = inner.Emit(int.MaxValue, [], rest.Select(k => loop.Body.Results[k]).ToSeq(), rest.Select(k => loop.Results[k]).ToSeq());
            for (int k = 0; k < rest.Count; k++) next[rest[k]] = made[k];
        }

        var results = loop.Results.Select((o, k) => fixedState[k] ? o : _pass.Names.Fresh(o.Name, state[k].Param.Type)).ToSeq();
        _host.Append(loop with { Results = results, State = state.ToSeq(), Body = body.Block(next) });
        for (int k = 0; k < state.Length; k++)
            if (!fixedState[k]) Bind(loop.Results[k], results[k]);
    }

    /// <summary>Scalar state that is the same for every element (a counter): it stays a scalar of the host, if what gives it is hoisted.</summary>
    private bool[] SameForAll(For loop)
    {
        var same = loop.State.Select(c => !c.Param.Type.IsArray && !Varies(c.Init)).ToArray();
        while (true)
        {
            var varying = new HashSet<Var>(_varying);
            for (int k = 0; k < same.Length; k++)
                if (!same[k]) varying.Add(loop.State[k].Param);
            foreach (var s in loop.Body.Stmts)
                if (s is not (Compute or Read or If) || s.Outs.Any(o => o.Type.IsFloat) && !_pass.Motion || !_pass.Total.Holds(s) || s.Free().Any(varying.Contains)) varying.UnionWith(s.Outs);
            bool changed = false;
            for (int k = 0; k < same.Length; k++)
                if (same[k] && loop.Body.Results[k] is Var r && varying.Contains(r)) same[k] = !(changed = true);
            if (!changed) return same;
        }
    }
}
