using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>
/// Bounds the memory of reverse mode. Takes a derivative (after Simplify, which drops the tapes that nothing reads); gives the same
/// one with its tapes explained, and with loops whose tape may exceed the budget cut into segments, of which one has a tape at a time:
/// <code>
/// s, tape = loop (s0 = a, ..) for i&lt;n { tape1 = tape0 with [i] = s0; s1 = sin s0; yield s1, tape1 }
/// s_bar   = loop (b = 1.0) for t&lt;n { i = n - 1 - t; s2 = tape[i]; ..; yield b1 }
///   ⇒
/// length, segments = ..                       from n and the budget, see <see cref="Segments"/>
/// s, tape, kept = loop for p&lt;segments { kept1 = kept0 with [p] = s0        (but for the last)
///                                       s, tape = loop for r&lt;trips { tape1 = tape0 with [r] = s0 .. } }
/// s_bar = loop for u&lt;segments { p = segments - 1 - u
///                               tape = loop for r&lt;trips { .. }             (from kept[p]; but for the last)
///                               b = loop for t&lt;trips { s2 = tape[trips - 1 - t] .. } }
/// </code>
/// Where the tape fits there is one segment: the tape that the forward loop has filled is read by the reverse, nothing is kept and
/// nothing runs twice. One text serves both.
/// </summary>
public static class Checkpoint
{
    /// <summary>A loop of so few trips is not worth cutting.</summary>
    private const int FewTrips = 16;

    /// <summary>Bytes a trip that are a small multiple of the element that the trip reads.</summary>
    private const int FewBytes = 64;

    public static FunctionIr Run(FunctionIr f)
    {
        var budget = f.Budget;
        var found = Find(f);
        if (found.Count == 0) return f;
        var sizes = new HashSet<Var>(f.Sizes);
        var cut = found.Where(l => IsLong(l, budget, sizes, f.Params)).ToList();
        // All of them may have a tape at the same time, and undo logs have their half.
        long share = Math.Max(1, (found.Any(TapeNotes.HasLog) ? budget.Bytes / 2 : budget.Bytes) / Math.Max(1, cut.Count));
        f = f with { Notes = [.. f.Notes, .. new TapeNotes(f).Lines(found, cut, budget, share)] };
        if (cut.Count == 0) return f;
        var names = new Names(f);
        Block Rewrite(Block block)
        {
            var inside = block.Stmts.Map(s => s.Map(v => v, a => a, Rewrite));
            var stmts = inside.ToList();
            for (int k = 0; k < block.Stmts.Count; k++)
            {
                if (cut.FirstOrDefault(l => ReferenceEquals(l.Forward, block.Stmts[k])) is not { } loop) continue;
                int back = Enumerable.Range(0, block.Stmts.Count).First(n => ReferenceEquals(block.Stmts[n], loop.Back));
                // The reverse loop holds the pairs of the loops inside; the forward one is as it was.
                var (first, last) = new SegmentedLoop(loop with { Back = (For)inside[back] }, names).Write(share);
                int at = stmts.FindIndex(s => ReferenceEquals(s, inside[k]));
                stmts.RemoveAt(at);
                stmts.InsertRange(at, first);
                at = stmts.FindIndex(s => ReferenceEquals(s, inside[back]));
                stmts.RemoveAt(at);
                stmts.InsertRange(at, last);
            }
            return block with { Stmts = stmts.ToSeq() };
        }
        return f with { Body = Rewrite(f.Body) };
    }

    private static List<TapedLoop> Find(FunctionIr f)
    {
        var (definitions, uses, found) = (f.Body.Definitions(), f.Body.Uses(), new List<TapedLoop>());
        void Visit(Block block)
        {
            for (int k = 0; k < block.Stmts.Count; k++)
            {
                if (block.Stmts[k] is For loop && TapedLoop.Of(loop, block.Stmts.Skip(k + 1).ToSeq(), definitions, uses) is { } taped) found.Add(taped);
                foreach (var inner in block.Stmts[k].Blocks) Visit(inner);
            }
        }
        Visit(f.Body);
        return found;
    }

    /// <summary>May the tape exceed the budget?</summary>
    private static bool IsLong(TapedLoop loop, MemoryBudget budget, HashSet<Var> sizes, Seq<Var> arguments)
    {
        if (loop.Back is null || budget == MemoryBudget.Unlimited) return false;
        var tape = loop.BytesPerTrip;
        if (loop.Forward.Dim.Extent is Const n) return n.AsInt > FewTrips && !(tape.IsConstant && (double)tape.Constant * n.AsInt <= budget.Bytes / 4);
        // A trip for each tree of an array: its tape is what the same layers, written one after the other, would keep.
        if (budget.IsDefault && loop.Forward.Body.Stmts.Any(s => s is Read r && r.Index.HasWindow() && arguments.Contains(r.Array))) return false;
        // A few bytes for each element of an argument are in proportion to what the caller holds anyway.
        return !(budget.IsDefault && sizes.Contains((Var)loop.Forward.Dim.Extent) && tape.IsConstant && tape.Constant <= FewBytes);
    }
}
