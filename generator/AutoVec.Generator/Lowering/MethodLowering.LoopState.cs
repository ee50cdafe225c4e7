using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Loop state: before a loop, everything it may change gets a name inside it; after its body is lowered, what did not change
/// loses that name again, and the rest is carried.
/// </summary>
internal sealed partial class MethodLowering
{
    private sealed class LoopState(Flow entry, Flow head)
    {
        public Flow Entry { get; } = entry;

        /// <summary>The flow at the start of every trip.</summary>
        public Flow Head { get; } = head;
        public List<(Slot Slot, Var Param, Atom Init)> Scalars { get; } = [];

        /// <summary>Arrays by the cell that means them inside; another one than outside where a variable is assigned another array.</summary>
        public List<(Cell Inside, Cell Outside, Seq<Reference> Moved, Var Param, Var Init)> Arrays { get; } = [];

        /// <summary>Of arrays whose length differs from trip to trip, by the cell inside.</summary>
        public Dictionary<Cell, Roomy> Rooms { get; } = [];

        /// <summary>The index of a counted loop, and how many trips it makes.</summary>
        public (Var Index, Atom Trips)? Trip { get; set; }

        /// <summary>Is there another trip? Of a loop that counts none.</summary>
        public Block? Condition { get; set; }

        /// <summary>Variables that the loop assigns and that are taken to mean the same array in every trip, another row of it perhaps.</summary>
        public List<Reference> Staying { get; } = [];

        /// <summary>All that the loop assigns.</summary>
        public HashSet<Reference> Assigned { get; } = [];

        /// <summary>The stores of rows that were noted before the loop.</summary>
        public int FirstStore { get; set; }

        public IEnumerable<Var> Params => Scalars.Select(s => s.Param).Concat(Arrays.Select(a => a.Param));
    }

    /// <param name="scan">What the loop contains.</param>
    /// <param name="flags">Flags that it carries besides.</param>
    /// <param name="varying">Arrays whose length differs from trip to trip.</param>
    private LoopState Open(Scan scan, IEnumerable<Slot> flags, HashSet<Cell> varying)
    {
        var state = new LoopState(_flow, _flow.Copy());
        var leaves = scan.Assigned.Where(_places.ContainsKey).SelectMany(v => Leaves(_places[v])).ToList();

        state.FirstStore = _stores.Count;
        var slots = leaves.OfType<ScalarPlace>().Select(p => p.Slot).Concat(flags).Where(_flow.Scalars.ContainsKey).Distinct().OrderBy(s => s.Id);
        foreach (var slot in slots)
        {
            var param = _names.Fresh(slot.Name, new IrType(slot.Scalar, []));
            state.Scalars.Add((slot, param, _flow.Scalars[slot] ?? Zero(slot.Scalar)));
            state.Head.Scalars[slot] = param;
        }

        var assigned = leaves.OfType<ArrayPlace>().Select(p => p.Reference).ToList();
        state.Assigned.UnionWith(assigned);
        foreach (var cell in _flow.Arrays.Keys.OrderBy(c => c.Id).ToList())
        {
            var content = _flow.Arrays[cell];
            if (content.Version is null) continue;
            var names = _flow.References.Where(r => r.Value == cell).Select(r => r.Key).OrderBy(r => r.Id).ToList();
            var moved = names.Where(assigned.Contains).ToSeq();
            if (moved.Count < names.Count && moved.All(r => _spans.TryGetValue(r, out var s) && s.IsArray) && !_rooms.Peek().Moving.Contains(cell))
            {
                state.Staying.AddRange(moved);
                moved = [];
            }
            bool written = (_lengthCells.Contains(cell) ? scan.MayAssignRows : scan.MayWriteArrays) && cell.ReadOnly is null && content.Frozen is null;
            if (moved.IsEmpty && !written) continue;

            var room = !moved.IsEmpty && varying.Contains(cell) ? RoomFor(content.Version) : null;
            var init = room?.Init ?? content.Version;
            var param = room?.Param ?? _names.Fresh(cell.Name, init.Type);
            if (room is null && _uniform.TryGetValue(init, out var length) && !_rooms.Peek().Ragged.Contains(cell)) _uniform[param] = length;
            var inside = moved.IsEmpty ? cell : NewCell(moved[0].Name, cell.ReadOnly);
            state.Arrays.Add((inside, cell, moved, param, init));
            if (room is not null) state.Rooms[inside] = room;
            if (moved.IsEmpty)
            {
                state.Head.Arrays[cell] = new(param);
                continue;
            }
            // The names that move leave the others behind; on the first trip they still mean one array, so neither is written.
            string? frozen = content.Frozen ?? (moved.Count == names.Count || cell.ReadOnly is not null ? null
                : $"it may be one array with '{names.First(n => !moved.Contains(n)).Name}'");
            state.Head.Arrays[inside] = new(param, frozen);
            state.Head.Arrays[cell] = content with { Frozen = content.Frozen ?? $"'{inside.Name}' may be the same array" };
            foreach (var reference in moved) state.Head.References[reference] = inside;
        }
        return state;
    }

    /// <summary>Lowers a part of the loop from the given flow, with the state (and the counter) in scope.</summary>
    private (Builder Block, Flow End) Inside(LoopState state, Flow start, Action body, params IEnumerable<Var> also)
    {
        var bound = state.Params.Concat(state.Rooms.Values.SelectMany(r => r.Lengths.Add(r.Extent))).Concat(also).ToList();
        _bound.UnionWith(bound);
        int touched = _touched.Count;
        var result = Nested(start, () =>
        {
            EnterRooms(state);
            body();
        });
        CheckOverlaps(touched);
        _bound.ExceptWith(bound);
        return result;
    }

    /// <summary>Appends the loop and makes the current flow that of after it.</summary>
    private void Close(LoopState state, Builder body, Flow end, IOperation where, Func<Seq<Var>, Seq<Carry>, Block, Func<Block, Block>, Stmt> make)
    {
        var prune = new Substitution();
        var (carries, nexts, results) = (new List<Carry>(), new List<Atom>(), new List<Var>());
        var after = state.Entry;
        var closed = new List<Action>();

        Var? Carried(Var param, Atom init, Atom next)
        {
            if (next.Equals(param))
            {
                prune[param] = init;
                _pruned[param] = init;
                return null;
            }
            carries.Add(new Carry(param, init));
            nexts.Add(next);
            results.Add(_names.Fresh(param.Name, param.Type));
            return results[results.Count - 1];
        }

        CheckRows(state, body, end, where);
        var moves = MovesOf(state, end, where);
        var lengths = state.Rooms.Count == 0 ? null : Decide(state, body, end, moves, where);
        if (lengths is not null) prune = lengths.Names;

        foreach (var (slot, param, init) in state.Scalars)
        {
            if (lengths?.Noted.TryGetValue(param, out var noted) == true) closed.Add(() => after.Scalars[slot] = _b.Read(noted, [lengths.Count], slot.Name));
            else if (Carried(param, init, end.Scalars[slot] ?? param) is { } result) after.Scalars[slot] = result;
        }

        foreach (var (inside, outside, moved, param, init) in state.Arrays)
        {
            var last = moves.TryGetValue(inside, out var to) ? to : inside;
            var content = end.Arrays[last];
            var entry = state.Head.Arrays[inside];
            if (inside.ReadOnly is null && entry.Frozen is null && (last.ReadOnly ?? content.Frozen) is not null)
                throw new Rejection(ArrayRules.ArrayLoop, where, inside.Name, "may become another array that must not be written; copy its elements instead");
            if (content.Version is null)
                throw new Rejection(ArrayRules.ArrayLoop, where, inside.Name, content.Frozen ?? "has no single array at the end of a trip");
            var next = content.Version;
            if (state.Rooms.TryGetValue(inside, out var room)) next = body.Write(param, [Whole(next.Type.Extents)], next, inside.Name);
            var (expected, actual) = (prune.Apply(param.Type), prune.Apply(next.Type));
            if (expected.Rank != actual.Rank)
                throw new Rejection(ArrayRules.ArrayLoop, where, inside.Name, "is a row of a jagged array on some trips and an array of its own on others; use two names, or copy its elements");
            if (expected != actual && !moved.IsEmpty) throw new VaryingLength(outside);
            if (expected != actual) throw Differ(where, inside.Name, expected, actual);

            if (_uniform.TryGetValue(param, out var length) && !next.Equals(param) && !(_uniform.TryGetValue(next, out var other) && other.Equals(length)))
                throw new RaggedRows(outside);
            var result = Carried(param, init, next);
            if (result is not null && length is not null) _uniform[result] = length;
            if (last == inside)
            {
                if (result is not null) after.Arrays[outside] = new(result, after.Arrays[outside].Frozen);
                if (result is not null && length is null && Filled(state, body, outside) is { } all)
                    closed.Add(() => after.Arrays[outside] = new(OneLength(result.Type.Extents[0], all)));
                continue;
            }
            var cell = NewCell(inside.Name, inside.ReadOnly);
            if (result is not null && state.Rooms.ContainsKey(inside))
                closed.Add(() => after.Arrays[cell] = new(Front(result, lengths!.After[inside](), inside.Name), entry.Frozen));
            after.Arrays[cell] = new(result ?? init, entry.Frozen);
            foreach (var reference in moved) after.References[reference] = cell;
            Freeze(outside, inside.Name);
        }
        FirstAssigned(state, end, carries, nexts, results);
        var stores = Outer(state);
        _stores.RemoveRange(state.FirstStore, _stores.Count - state.FirstStore);
        _stores.AddRange(stores);

        if (results.Count == 0) return;
        Block Pruned(Block b) => prune.IsEmpty ? b : prune.Apply(b);
        var block = Pruned(body.Block(nexts));
        if (lengths is not null) block = block with { Stmts = [.. lengths.Start, .. block.Stmts] };
        _b.Append(lengths is { Counted: { } dim } ? new For(results.ToSeq(), carries.ToSeq(), dim, block) : make(results.ToSeq(), carries.ToSeq(), block, Pruned));
        foreach (var then in closed) then();
    }

    /// <summary>
    /// Where each array variable of the loop's start points at the end of a trip. Variables may trade arrays (a swap of buffers),
    /// but two of one array must stay together, and two of two apart: else the next trip's names would mean other arrays.
    /// </summary>
    private static Dictionary<Cell, Cell> MovesOf(LoopState state, Flow end, IOperation where)
    {
        var moves = new Dictionary<Cell, Cell>();
        var origins = new Dictionary<Cell, Cell>();
        foreach (var reference in state.Head.References.Keys.OrderBy(r => r.Id))
        {
            if (state.Head.References[reference] is not { } start) continue;
            var last = end.References[reference]
                ?? throw new Rejection(ArrayRules.ArrayLoop, where, reference.Name, "has no single array at the end of a trip; create it before the loop");
            bool together = !moves.TryGetValue(start, out var other) || other == last;
            bool apart = !origins.TryGetValue(last, out var origin) || origin == start;
            if (!together || !apart)
                throw new Rejection(ArrayRules.ArrayLoop, where, reference.Name, "is one array with another name on some trips only; copy its elements instead");
            moves[start] = last;
            origins[last] = start;
        }
        return moves;
    }

    /// <summary>
    /// Array variables that had no array before the loop (the method's result among them). An array of before the loop stays what
    /// it is; one created inside is carried, starting from zeros that nobody reads.
    /// </summary>
    private void FirstAssigned(LoopState state, Flow end, List<Carry> carries, List<Atom> nexts, List<Var> results)
    {
        foreach (var reference in state.Entry.References.Keys.OrderBy(r => r.Id).ToList())
        {
            if (state.Head.References[reference] is not null || !end.References.TryGetValue(reference, out var cell) || cell is null) continue;
            if (state.Entry.Arrays.ContainsKey(cell))
            {
                state.Entry.References[reference] = cell;
                continue;
            }
            if (end.Arrays[cell].Version is not { } version || !InScope(version.Type)) continue;
            var copy = NewCell(reference.Name, cell.ReadOnly);
            carries.Add(new Carry(_names.Fresh(reference.Name, version.Type), _b.Zeros(version.Type)));
            nexts.Add(version);
            results.Add(_names.Fresh(reference.Name, version.Type));
            state.Entry.Arrays[copy] = new(results[results.Count - 1], end.Arrays[cell].Frozen);
            state.Entry.References[reference] = copy;
        }
    }
}
