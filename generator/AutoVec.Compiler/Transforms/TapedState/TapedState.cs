using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.TapedState;

/// <summary>
/// State of a host loop that is taped at entry of each trip, and of which each trip writes all that counts, lives in the tape: a trip reads its own
/// entry and writes the next, and there is one entry more, the state after the loop. Nothing is copied. The trips become the tape's first dimension,
/// so that an entry lies together.
/// <code>
/// tape0 = room [B, n, d]                                        tape0 = room [n + 1, B, d] with [0, :, :] = x
/// x', tape = loop (x0 = x, t0 = tape0) for host i&lt;n {           tape = loop (t0 = tape0) for host i&lt;n {
///   t1 = t0 with [:, i, :] = x0                             ⇒
///   h = x0[:, 0:k!]                                               h = t0[i, :, 0:k!]
///   x1 = x0 with [:, 0:m!] = e                                    t1 = t0 with [i + 1, :, 0:m!] = e
///   yield x1, t1 }                                                yield t1 }
/// y = x'[:, 0:m!]   h' = tape[:, j, 0:k!]                       y = tape[n, :, 0:m!]   h' = tape[j, :, 0:k!]
/// </code>
/// </summary>
public static class TapedState
{
    public static FunctionIr Run(FunctionIr f)
    {
        var names = new Names(f);
        var sizes = new HashSet<Var>(f.Sizes);
        while (f.Body.Walk().OfType<For>().Where(l => l.Place == LoopPlace.Host).Select(l => Candidate.Of(l, f.Body, sizes)).FirstOrDefault(c => c is not null) is { } found)
            f = f with { Body = Rewrite(f.Body, found, names), Notes = [.. f.Notes, $"'{found.Param.Base}' lives in its tape: entry by entry of the loop over {found.Loop.Dim.Index.Base}"] };
        return f;
    }

    /// <param name="State">The place of the state that is taped, in the loop's state.</param>
    /// <param name="Tape">The place of the tape.</param>
    /// <param name="Dim">Which of the tape's dimensions are the trips.</param>
    private sealed record Candidate(For Loop, int State, int Tape, int Dim, Write Save, Write Next)
    {
        public Var Param => Loop.State[State].Param;
        public Var After => Loop.Results[State];
        public Var TapeParam => Loop.State[Tape].Param;
        public Var TapeAfter => Loop.Results[Tape];

        public static Candidate? Of(For loop, Block body, HashSet<Var> sizes)
        {
            if (loop.Dim.Extent is not Var n || !sizes.Contains(n)) return null;
            var uses = body.Uses();
            int Uses(Var v) => uses.TryGetValue(v, out int count) ? count : 0;
            for (int k = 0; k < loop.State.Count; k++)
            {
                var param = loop.State[k].Param;
                if (loop.Body.Stmts.OfType<Write>().FirstOrDefault(w => w.Value.Equals(param)) is not { } save) continue;
                int tape = loop.State.ToList().FindIndex(c => c.Param.Equals(save.Array));
                if (tape < 0 || !loop.Body.Results[tape].Equals(save.Out) || Uses(save.Out) != 1 || Uses(save.Array) != 1) continue;
                if (save.Index.Count(i => i.Equals(loop.Dim.Index)) != 1 || !save.Index.All(i => i is All || i.Equals(loop.Dim.Index))) continue;
                if (loop.Body.Stmts.OfType<Write>().FirstOrDefault(w => loop.Body.Results[k].Equals(w.Out)) is not { } next || !next.Index.HoldsAll()) continue;
                if (!next.Array.Equals(param) || Uses(next.Out) != 1 || !next.Value.Type.IsArray) continue;
                bool room = body.Walk().OfType<Build>().Any(b => b.Outs.Contains(loop.State[tape].Init) && b.Body.Results.All(r => r is Const { IsUndefined: true }));
                if (!room || loop.State[k].Init is not Var || Uses((Var)loop.State[tape].Init) != 1) continue;
                var found = new Candidate(loop, k, tape, save.Index.ToList().FindIndex(i => i.Equals(loop.Dim.Index)), save, next);
                // Of both only parts are read.
                bool reads = body.Walk().All(s => ReferenceEquals(s, save) || ReferenceEquals(s, next) || s is Read
                    || !s.Reads.Concat(s.Blocks.SelectMany(b => b.Results)).Any(v => v.Equals(param) || v.Equals(found.After) || v.Equals(found.TapeAfter)));
                if (reads && !body.Results.Any(r => r.Equals(found.After) || r.Equals(found.TapeAfter))) return found;
            }
            return null;
        }
    }

    private static Block Rewrite(Block body, Candidate c, Names names)
    {
        var (loop, n) = (c.Loop, c.Loop.Dim.Extent);

        Block Inside(Block block)
        {
            var to = new Builder(names);
            foreach (var s in block.Stmts)
            {
                if (ReferenceEquals(s, loop)) Append(to);
                else if (s is Read r) to.Append(Moved(r));
                else to.Append(s.Map(v => v, a => a, Inside));
            }
            return to.Block(block.Results);
        }

        Var? tapeAfter = null;
        Stmt Moved(Read r)
        {
            if (r.Array.Equals(c.After)) return r with { Array = tapeAfter!, Index = [n, .. r.Index] };
            if (!r.Array.Equals(c.TapeAfter)) return r;
            return r with { Array = tapeAfter!, Index = [r.Index[c.Dim], .. r.Index.Where((_, d) => d != c.Dim)] };
        }

        void Append(Builder to)
        {
            var whole = c.Param.Type.Extents.Map(_ => (Atom)All.Dimension);
            var entries = to.Compute(OpTable.Length, to.Compute(OpTable.Add, n, Const.I32(1), "n"), "entries");
            var room = to.Room(c.Param.Type.Under([entries]), c.TapeParam.Base);
            var first = to.Write(room, [Const.I32(0), .. whole], loop.State[c.State].Init, c.TapeParam.Base);
            var param = names.Fresh(c.TapeParam.Base, room.Type);
            var inner = new Builder(names);
            Var? last = null;
            foreach (var s in loop.Body.Stmts)
            {
                if (ReferenceEquals(s, c.Save)) continue;
                if (s is Read r && r.Array.Equals(c.Param)) inner.Append(r with { Array = param, Index = [loop.Dim.Index, .. r.Index] });
                else if (ReferenceEquals(s, c.Next))
                    last = inner.Write(param, [inner.Compute(OpTable.Add, loop.Dim.Index, Const.I32(1), "next"), .. c.Next.Index], c.Next.Value, c.TapeParam.Base);
                else inner.Append(s.Map(v => v, a => a, Nested));
            }
            Block Nested(Block block) => block with
            {
                Stmts = block.Stmts.Map(s => s is Read r && r.Array.Equals(c.Param) ? r with { Array = param, Index = [loop.Dim.Index, .. r.Index] } : s.Map(v => v, a => a, Nested)),
            };
            tapeAfter = names.Fresh(c.TapeAfter.Base, room.Type);
            Seq<T> Without<T>(Seq<T> all, T tape) => all.With(c.Tape, tape).Where((_, k) => k != c.State).ToSeq();
            to.Append(loop with
            {
                Results = Without(loop.Results, tapeAfter),
                State = Without(loop.State, new Carry(param, first)),
                Body = inner.Block(Without(loop.Body.Results, last!)),
            });
        }

        return Inside(body);
    }
}
