using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Simplify;

namespace AutoVec.Compiler.Transforms.OwnElements;

/// <summary>
/// A loop in which each trip reads and writes an element of its own, the reverse of <c>y[i] = ..</c>, needs no array that travels with it: what it reads is what stood
/// there before the loop, what it adds to zeros is the element, and what it writes all of needs no first value.
/// <code>
/// z, y = loop (z0 = x, y0 = zeros) for thread t&lt;n {        y = loop (y0 = undef) for thread t&lt;n {
///   i = last - t                                               i = last - t
///   v = z0[i]                                                  v = x[i]
///   z1 = z0 with [i] = 0.0                             ⇒
///   y1 = y0 at [i] += v                                        e = v + 0.0
///   yield z1, y1 }                                             y1 = y0 with [i] = e
///                                                              yield y1 }
/// </code>
/// Host loops keep their arrays: there stages write whole ones.
/// </summary>
public static class OwnElements
{
    public static FunctionIr Run(FunctionIr f)
    {
        if (!f.Body.Walk().Any(s => s is For { Place: not LoopPlace.Host })) return f;
        var pass = new Pass(f);
        var body = pass.Rewrite(f.Body);
        return pass.Changed ? f with { Body = DeadCode.Remove(body, out _) } : f;
    }

    private sealed class Pass
    {
        private readonly Names _names;
        private readonly Dictionary<Var, Stmt> _definitions;
        private readonly HashSet<Var> _used = [];

        public Pass(FunctionIr f)
        {
            _names = new Names(f);
            _definitions = f.Body.Definitions();
            _used.UnionWith(f.Body.Results.OfType<Var>());
            foreach (var s in f.Body.Walk())
            {
                _used.UnionWith(s.Reads.OfType<Var>());
                foreach (var b in s.Blocks) _used.UnionWith(b.Results.OfType<Var>());
            }
        }

        public bool Changed { get; private set; }

        public Block Rewrite(Block block)
        {
            var stmts = new Builder(_names);
            foreach (var old in block.Stmts)
            {
                var s = old.Map(v => v, a => a, Rewrite);
                if (s is For { Place: not LoopPlace.Host } f)
                    for (int k = 0; k < f.State.Count; k++) s = f = Own(f, k, stmts);
                stmts.Append(s);
            }
            return stmts.Block(block.Results);
        }

        private For Own(For f, int k, Builder before)
        {
            var carry = f.State[k];
            if (Access(f, k) is not { } update) return f;
            var (own, reads) = update;
            var stmts = f.Body.Stmts;
            if (reads.Count > 0)
            {
                // The array as it was: nobody else may need what the loop makes of it.
                if (_used.Contains(f.Results[k])) return f;
                Changed = true;
                return f with { Body = f.Body with { Stmts = stmts.Map(s => s is Read r && reads.Contains(r) ? r with { Array = (Var)carry.Init } : s) } };
            }
            if (!carry.Param.Type.IsFloat || !IsFilled(carry.Init, out var first)) return f;
            if (own is Accumulate a)
            {
                if (!first.Is(0)) return f;
                var inner = new Builder(_names);
                foreach (var s in stmts)
                    if (!ReferenceEquals(s, own)) inner.Append(s);
                    else inner.Append(new Write(a.Out, a.Array, a.Index, inner.Compute(OpTable.Add, a.Value, first, "e")));
                stmts = inner.Stmts.ToSeq();
            }
            if (IsEach(f, carry.Param.Type, own)) carry = carry with { Init = before.Room(carry.Param.Type, ((Var)carry.Init).Base) };
            else if (own is Write) return f;
            Changed = true;
            return f with { State = f.State.Select((c, n) => n == k ? carry : c).ToSeq(), Body = f.Body with { Stmts = stmts } };
        }

        /// <summary>The only update of an array that a loop carries, of an element that no other trip touches, and the reads of that element before it.</summary>
        private (Stmt Update, List<Read> Reads)? Access(For f, int k)
        {
            var array = f.State[k].Param;
            if (!array.Type.IsArray) return null;
            var updates = f.Body.Stmts.Where(s => s is Write or Accumulate && s.Outs[0].Equals(f.Body.Results[k])).ToList();
            if (updates is not [var own] || Parts(own) is not { Array: var from, Index: var index, Value.Type.IsArray: false } || !from.Equals(array)) return null;
            if (f.Body.Results.Count(r => r.Equals(own.Outs[0]) || r.Equals(array)) != 1) return null;
            var reads = new List<Read>();
            foreach (var s in f.Body.Walk())
            {
                if (s.Blocks.Any(b => b.Results.Any(r => r.Equals(array) || r.Equals(own.Outs[0])))) return null;
                if (ReferenceEquals(s, own)) continue;
                if (s.Reads.Any(a => a.Equals(own.Outs[0]))) return null;
                if (!s.Reads.Any(a => a.Equals(array))) continue;
                if (s is not Read { Out.Type.IsArray: false } r || !r.Array.Equals(array) || !r.Index.SequenceEqual(index) || !f.Body.Stmts.Contains(r)) return null;
                reads.Add(r);
            }
            var inside = new HashSet<Var>(f.Body.AllBinders().Concat(f.Inner));
            return index.Any(i => IsOwn(i, f.Dim.Index, inside)) ? (own, reads) : null;
        }

        private static (Var Array, Seq<Atom> Index, Atom Value)? Parts(Stmt s) => s switch
        {
            Write w => (w.Array, w.Index, w.Value),
            Accumulate a => (a.Array, a.Index, a.Value),
            _ => null,
        };

        private Affine Form(Atom a) => Affine.Of(a, v => _definitions.TryGetValue(v, out var s) ? s : null);

        /// <summary>Another one in each trip: with a factor of 1 or −1 it is, though i32 wraps.</summary>
        private bool IsOwn(Atom index, Var trip, HashSet<Var> inside)
        {
            if (!index.IsPosition() || index is not Var) return false;
            var form = Form(index);
            return form[trip] is 1 or -1 && form.Without(trip).Terms.All(t => !inside.Contains(t.Name));
        }

        /// <summary>Is each element written once: at the trip, or at the trip from the end?</summary>
        private bool IsEach(For f, IrType type, Stmt own)
        {
            if (own.Outs[0].Type.Rank != 1 || !type.Extents[0].Equals(f.Dim.Extent)) return false;
            var form = Form(Parts(own)!.Value.Index[0]);
            var trip = Affine.Of(f.Dim.Index);
            return form.Equals(trip) || form.Plus(trip).Minus(Form(f.Dim.Extent)).AsAtom is Const { AsLong: -1 };
        }

        private bool IsFilled(Atom array, out Const value)
        {
            value = Const.I32(0);
            if (array is not Var v || !_definitions.TryGetValue(v, out var s) || s is not Build { Body.Stmts.IsEmpty: true } b) return false;
            for (int k = 0; k < b.Results.Count; k++)
                if (b.Results[k].Equals(v) && b.Body.Results[k] is Const { IsUndefined: false } c)
                {
                    value = c;
                    return true;
                }
            return false;
        }
    }
}
