using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>
/// One bit of a number that is the same in all trips of a loop, at a place that moves by one with each: <c>word >> j &amp; 1</c>, <c>word &amp; 1 &lt;&lt; j</c>.
/// Places count modulo the number's width, as C# shifts.
/// </summary>
/// <param name="Word">The number.</param>
/// <param name="Down">Does the place fall with each trip, instead of growing?</param>
/// <param name="First">The place in trip 0, a sum: what is added, and what is subtracted.</param>
internal sealed record BitOf(Atom Word, bool Down, Seq<(bool Minus, Atom Term)> First)
{
    /// <summary>The bit that decides a condition, and whether the condition holds where it is 1.</summary>
    public static (BitOf Bit, bool IfSet)? Decides(Atom condition, Var index, Block body, Seq<Var> state)
    {
        var trip = new Trip(index, body, state);
        if (trip.Made(condition) is not { Args: [var bit, Const { AsLong: 0 }] } compared || compared.Op != OpTable.Eq && compared.Op != OpTable.Ne) return null;
        if (trip.Made(bit) is not { Args: [var x, var y] } masked || masked.Op != OpTable.And) return null;
        return (trip.Shifted(x, y) ?? trip.Shifted(y, x) ?? trip.Masked(x, y) ?? trip.Masked(y, x)) is { } found ? (found, compared.Op == OpTable.Ne) : null;
    }

    /// <summary>The bit that a number, 0 or 1, is.</summary>
    public static BitOf? Value(Atom value, Var index, Block body)
    {
        var trip = new Trip(index, body, []);
        return trip.Made(value) is { Args: [var x, var y] } masked && masked.Op == OpTable.And ? trip.Shifted(x, y) ?? trip.Shifted(y, x) : null;
    }

    private sealed class Trip(Var index, Block body, Seq<Var> state)
    {
        private readonly Dictionary<Var, Stmt> _made = body.Stmts.SelectMany(s => s.Outs.Select(o => (o, s))).ToDictionary(p => p.o, p => p.s);

        public Compute? Made(Atom a) => a is Var v && _made.TryGetValue(v, out var s) ? s as Compute : null;

        private bool Moves(Atom a) => a is Var v && (v.Equals(index) || _made.ContainsKey(v) || state.Contains(v));

        public BitOf? Shifted(Atom shifted, Atom one) =>
            one is Const { AsLong: 1 } && Made(shifted) is { Args: [var word, var place] } c && (c.Op == OpTable.Shr || c.Op == OpTable.UShr) ? Of(word, place) : null;

        public BitOf? Masked(Atom word, Atom mask) =>
            Made(mask) is { Args: [Const { AsLong: 1 }, var place] } c && c.Op == OpTable.Shl ? Of(word, place) : null;

        private BitOf? Of(Atom word, Atom place) => !Moves(word) && Along(place) is var (down, first) ? new(word, down, first) : null;

        private (bool Down, Seq<(bool, Atom)> First)? Along(Atom place)
        {
            if (place.Equals(index)) return (false, []);
            if (Made(place) is not { Args: [var x, var y] } c || c.Op != OpTable.Add && c.Op != OpTable.Sub) return null;
            bool minus = c.Op == OpTable.Sub;
            if (!Moves(y) && Along(x) is var (down, rest)) return (down, [.. rest, (minus, y)]);
            return !Moves(x) && Along(y) is var (up, more) ? (minus != up, [(false, x), .. more.Select(t => (minus != t.Item1, t.Item2))]) : null;
        }
    }
}
