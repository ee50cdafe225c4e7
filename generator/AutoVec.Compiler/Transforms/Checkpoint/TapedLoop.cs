using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>One array that a loop fills, an entry a trip.</summary>
/// <param name="State">Which piece of the loop's state it is.</param>
/// <param name="Write">The statement at the top of the body that writes the entry.</param>
internal sealed record Tape(int State, Write Write);

/// <summary>
/// A loop that fills tapes, and the loop that reads them backwards, as Differentiate writes and Simplify leaves them:
/// <code>
/// s, tape = loop (s0 = a, tape0 = zeros) for i&lt;n { tape1 = tape0 with [i] = s0  ...  yield s1, tape1 }
/// x_bar   = loop (b0 = b)                for t&lt;n { i = n - 1 - t  s0 = tape[i]  ...  yield b1 }
/// </code>
/// </summary>
/// <param name="Back">Null: the tapes are read in another way too, and stay whole.</param>
internal sealed record TapedLoop(For Forward, Seq<Tape> Tapes, For? Back)
{
    public Var Param(Tape tape) => Forward.State[tape.State].Param;
    public Var Result(Tape tape) => Forward.Results[tape.State];

    /// <summary>What one trip writes.</summary>
    public ByteCount BytesPerTrip => ByteCount.Sum(Tapes.Map(t => t.Write.Value.Type));

    public static TapedLoop? Of(For loop, Seq<Stmt> after, Dictionary<Var, Stmt> definitions, Dictionary<Var, int> uses)
    {
        var inside = loop.Body.Uses();
        var tapes = Enumerable.Range(0, loop.State.Count).Select(k => TapeAt(loop, k, definitions, uses, inside)).OfType<Tape>().ToSeq();
        if (tapes.IsEmpty) return null;
        var results = tapes.Map(t => loop.Results[t.State]);
        var found = new TapedLoop(loop, tapes, null);
        var readers = after.Where(s => results.Any(s.Mentions)).ToList();
        if (readers.Count == 1 && readers[0] is For back && back.Dim.Extent.Equals(loop.Dim.Extent) && results.All(r => uses[r] == Reads(back, r, definitions).Count()))
            found = found with { Back = back };
        return found;
    }

    private static Tape? TapeAt(For loop, int k, Dictionary<Var, Stmt> definitions, Dictionary<Var, int> uses, Dictionary<Var, int> inside)
    {
        var (param, init) = (loop.State[k].Param, loop.State[k].Init);
        if (!param.Type.IsArray || !param.Type.Extents[0].Equals(loop.Dim.Extent) || !uses.ContainsKey(loop.Results[k])) return null;
        if (loop.Body.Results[k] is not Var next || inside[next] != 1 || !inside.TryGetValue(param, out int read) || read != 1) return null;
        if (loop.Body.Stmts.FirstOrDefault(s => s.Outs.Contains(next)) is not Write write || !write.Array.Equals(param)) return null;
        bool whole = write.Index[0].Equals(loop.Dim.Index) && write.Index.Skip(1).All(i => i is All);
        bool empty = init is Var v && definitions.TryGetValue(v, out var made) && made is Build { Body.Stmts.IsEmpty: true } fill && fill.Body.Results.All(r => r is Const { IsUndefined: true } or Const { Type.IsFloat: false });
        return whole && empty ? new Tape(k, write) : null;
    }

    /// <summary>The reads, in the loop that runs backwards, of the entry of its own trip.</summary>
    private static IEnumerable<Read> Reads(For back, Var tape, Dictionary<Var, Stmt> definitions)
    {
        Stmt? Definition(Var v) => definitions.TryGetValue(v, out var s) ? s : null;
        var trip = Affine.Of(back.Dim.Extent, Definition).Plus(Affine.Of(-1)).Minus(Affine.Of(back.Dim.Index));
        return back.Body.Walk().OfType<Read>().Where(r => r.Array.Equals(tape) && r.Index[0] is not All && Affine.Of(r.Index[0], Definition).Equals(trip));
    }
}
