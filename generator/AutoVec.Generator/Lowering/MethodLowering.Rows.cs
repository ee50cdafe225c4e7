using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// How wide the matrix of a jagged array is. In straight code it grows with its rows. A loop that assigns longer rows than there is room for is lowered
/// again with room for the longest, which the code of the lengths, run before the loop, finds:
/// <code>
/// for (int i = 0; i &lt; n; i++)                  most = reduce max i&lt;n { yield i + 1 }
///     a[i] = new double[i + 1];          ⇒       a, a_lengths = loop (a0 = zeros [n, most], ..) for i&lt;n { ... with [i] = i + 1 }
/// </code>
/// A loop over all rows that gives each one the same length leaves an array whose rows are as long as the matrix is wide: a matrix and nothing else.
/// </summary>
internal sealed partial class MethodLowering
{
    /// <summary>What is found out about a loop while it is lowered, for when it is lowered again.</summary>
    private sealed class RowRooms
    {
        /// <summary>Jagged arrays that have room for all rows which the loop assigns.</summary>
        public Dictionary<Cell, RoomOfRows> Cells { get; } = [];

        /// <summary>Lengths that are all the same before the loop, and not in it.</summary>
        public HashSet<Cell> Ragged { get; } = [];

        /// <summary>Arrays that variables mean before the loop, and others in it.</summary>
        public HashSet<Cell> Moving { get; } = [];

        /// <summary>The counter of a counted loop.</summary>
        public Var? Index { get; set; }
    }

    private readonly Stack<RowRooms> _rooms = new();

    /// <summary>Thrown at the end of a body: rows need more room than there is before the loop.</summary>
    private sealed class RoomOfRows(JaggedVal array, Seq<Atom> lengths, Block? code, (Var Index, Atom Trips)? trip, bool isFirst) : Exception
    {
        public JaggedVal Array { get; } = array;
        public Cell Rows => Array.Rows;

        /// <summary>The lengths, known before the loop if there is no <see cref="Code"/>.</summary>
        public Seq<Atom> Lengths { get; } = lengths;

        /// <summary>Yields the lengths of a trip's rows.</summary>
        public Block? Code { get; } = code;
        public (Var Index, Atom Trips)? Trip { get; } = trip;

        /// <summary>Does each trip assign the row of its number, and none that was there?</summary>
        public bool IsFirst { get; } = isFirst;
    }

    /// <summary>Thrown at the end of a body: rows of one length before the loop have others after a trip.</summary>
    private sealed class RaggedRows(Cell outside) : Exception
    {
        public Cell Outside { get; } = outside;
    }

    /// <summary>Thrown at the end of a body: a variable means another array, not only another row.</summary>
    private sealed class OtherArray(Cell outside) : Exception
    {
        public Cell Outside { get; } = outside;
    }

    private bool HasRoom(Cell rows) => _rooms.Any(r => r.Cells.ContainsKey(rows));

    private bool IsFirst(JaggedVal array, Atom index, IOperation where) =>
        _rooms.Any(r => r.Cells.TryGetValue(array.Rows, out var found) && found.IsFirst && index.Equals(r.Index)) && IsInside(index, CountOf(array, where));

    // ---- making room

    /// <summary>Makes the matrix wide enough for a row of this length.</summary>
    private void Widen(JaggedVal array, Atom length)
    {
        var content = _flow.Arrays[array.Rows];
        if (content.Frozen is not null) return;
        var count = _flow.Arrays[array.Lengths].Version!.Type.Extents[0];
        if (content.Version is not { } rows) _flow.Arrays[array.Rows] = new((Var)_b.Zeros(new IrType(array.Scalar, [count, length]), array.Rows.Name));
        else if (!Fits(length, rows)) _flow.Arrays[array.Rows] = new(Wider(_b, rows, Emit(OpTable.Max, "most", rows.Type.Extents[1], length)));
    }

    private static bool Fits(Atom length, Var rows) =>
        rows.Type.Extents[1] is var width && (length.Equals(width) || length is Const n && width is Const most && n.AsInt <= most.AsInt);

    private static Var Wider(Builder b, Var rows, Atom width) => (Var)b.Build([rows.Type.Extents[0], width], (e, at) =>
    {
        var there = e.Nested();
        var value = there.Read(rows, at.Map(i => (Atom)i));
        return e.If(e.Compute(OpTable.Lt, at[1], rows.Type.Extents[1]), there.Block(value), e.Nested().Block(Zero(rows.Type.Scalar)))[0];
    }, rows.Base);

    private void Furnish(RoomOfRows found)
    {
        Atom longest(Seq<Atom> lengths) => lengths.Distinct().Aggregate((a, b) => Emit(OpTable.Max, "most", a, b));
        if (found.Code is null)
        {
            Widen(found.Array, longest(found.Lengths));
            return;
        }
        var (index, trips) = found.Trip!.Value;
        var trip = _names.Fresh(index.Base, IrType.I32);
        var code = new Substitution { [index] = trip }.Copy(found.Code, _names);
        Atom most = Const.I32(0);
        var (block, _) = Nested(_flow.Copy(), () =>
        {
            _b.Append(code.Stmts);
            most = longest(code.Results);
        });
        Widen(found.Array, Emit(OpTable.Max, "most", _b.Reduce(ReduceKind.Max, [new Dim(trip, trips)], block.Block(most), "most"), Const.I32(0)));
    }

    // ---- loops

    /// <summary>At the end of a trip: was there room for its rows, and do variables mean what they were taken to mean?</summary>
    private void CheckRows(LoopState state, Builder body, Flow end, IOperation where)
    {
        foreach (var stores in _stores.Skip(state.FirstStore).GroupBy(s => s.Array.Rows).ToList())
        {
            if (!state.Entry.Arrays.TryGetValue(stores.Key, out var entry) || entry.Frozen is not null || HasRoom(stores.Key)) continue;
            var lengths = stores.Where(s => !s.IsExchange).Select(s => s.Length).Distinct().ToSeq();
            if (lengths.IsEmpty || entry.Version is { } rows && lengths.All(n => Fits(n, rows))) continue;
            bool isFirst = entry.Version is null && stores.Count() == 1 && stores.First().Depth == _rooms.Count && stores.First().Index.Equals(state.Trip?.Index);
            throw new RoomOfRows(stores.First().Array, lengths, lengths.All(InScope) ? null : LengthsOf(state, body, end, lengths, stores.Key.Name, where), state.Trip, isFirst);
        }
        foreach (var reference in state.Staying)
            if (end.References[reference] != state.Head.References[reference]) throw new OtherArray(state.Head.References[reference]!);
        foreach (var reference in state.Head.References.Keys.Where(r => _spans.ContainsKey(r) && !state.Assigned.Contains(r)).OrderBy(r => r.Id))
        {
            var row = _spans[reference].Row.Slot;
            if (end.References[reference] != state.Head.References[reference] || !Equals(end.Scalars[row], state.Head.Scalars[row]))
                throw new Rejection(ArrayRules.ArrayLoop, where, reference.Name, "means a row that the loop puts in another place, or replaces; use the jagged array's own elements");
        }
    }

    /// <summary>What gives the lengths of the rows that a trip assigns.</summary>
    private Block LengthsOf(LoopState state, Builder body, Flow end, Seq<Atom> lengths, string name, IOperation where)
    {
        Rejection refused = new(ArrayRules.ShapesDiffer, where, name,
            "has rows whose lengths hang on what the loop changes: use a rectangular array, as wide as the longest row, or assign the rows in a loop of their own");
        if (state.Trip is not var (index, _)) throw refused;
        var code = Needed(state, end, body.Block(lengths));
        return IsOfIntegers(code) && code.Free().All(v => v.Equals(index) || InScope(v)) ? code : throw refused;
    }

    /// <summary>The length that all rows have after a loop that assigns each one, or null.</summary>
    private Atom? Filled(LoopState state, Builder body, Cell lengths)
    {
        var stores = _stores.Skip(state.FirstStore).Where(s => s.Array.Lengths == lengths).ToList();
        if (stores.Count == 0 || state.Trip is not var (index, trips) || !trips.Equals(state.Entry.Arrays[lengths].Version?.Type.Extents[0])) return null;
        var length = stores[0].Length;
        bool isEach = stores.Any(s => s.Block == body && s.Index.Equals(index));
        return isEach && stores.All(s => !s.IsExchange && s.Length.Equals(length)) && InScope(length) ? length : null;
    }

    /// <summary>The stores of a loop as those around it see them: what only the loop knows is no longer than there is room for.</summary>
    private List<RowStore> Outer(LoopState state) => _stores.Skip(state.FirstStore).Where(s => state.Entry.Arrays.ContainsKey(s.Array.Rows))
        .Select(s => !InScope(s.Length) && state.Entry.Arrays[s.Array.Rows].Version is { } rows ? s with { Length = rows.Type.Extents[1] } : s).ToList();

    // ---- branches

    /// <summary>The rows after a branch: where one side has none yet, or narrower ones, zeros stand there that no length admits.</summary>
    private Content JoinRows(Cell cell, Content a, Builder thenBlock, Content b, Builder elseBlock, Func<string, Atom, Atom, Var> result)
    {
        string? frozen = a.Frozen ?? b.Frozen;
        if (a.Version is null && a.Frozen is not null || b.Version is null && b.Frozen is not null) return new(null, frozen);
        var types = new[] { a.Version, b.Version }.OfType<Var>().Select(v => v.Type).ToList();
        if (types.All(InScope))
        {
            var width = types.Select(t => t.Extents[1]).Distinct().Aggregate((x, y) => Emit(OpTable.Max, "most", x, y));
            var type = new IrType(types[0].Scalar, [types[0].Extents[0], width]);
            Atom at(Var? rows, Builder block) => rows is null ? block.Zeros(type) : rows.Type == type ? rows : Wider(block, rows, width);
            return new(result(cell.Name, at(a.Version, thenBlock), at(b.Version, elseBlock)), frozen);
        }
        // The loop is lowered again, with room for these rows.
        if (_rooms.Count > 0 && !HasRoom(cell)) return new((Var)_b.Zeros(new IrType(types[0].Scalar, [types[0].Extents[0], Const.I32(0)])), frozen);
        return new(null, frozen ?? "its rows have other lengths on the paths that meet here; create it before they part, or use a rectangular array, T[,]");
    }

    /// <summary>Lengths of rows that are computed in a branch get a name after it.</summary>
    private void JoinStores(int first, int middle, Func<string, Atom, Atom, Var> result)
    {
        for (int k = first; k < _stores.Count; k++)
            if (!InScope(_stores[k].Length))
                _stores[k] = _stores[k] with { Length = k < middle ? result("n", _stores[k].Length, Const.I32(0)) : result("n", Const.I32(0), _stores[k].Length) };
    }
}
