using AutoVec.Compiler.Ir;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Two paths and their meeting: every variable that differs becomes a result of the <c>if</c>.
/// <code>if (x &gt; y) t = x;      t2 = if c { yield x } else { yield t1 }</code>
/// </summary>
internal sealed partial class MethodLowering
{
    private void Branch(Atom condition, Action then, Action otherwise)
    {
        if (condition is Const known)
        {
            (known.AsBool ? then : otherwise)();
            return;
        }
        int first = _stores.Count;
        var (thenBlock, thenEnd) = Nested(_flow.Copy(), then);
        int middle = _stores.Count;
        var (elseBlock, elseEnd) = Nested(_flow.Copy(), otherwise);
        Join(condition, thenBlock, thenEnd, elseBlock, elseEnd, (first, middle));
    }

    /// <summary>Turns the current flow, that of before the branch, into that of after it.</summary>
    /// <param name="stores">Where the stores of rows of the first path begin, and those of the second.</param>
    private void Join(Atom condition, Builder thenBlock, Flow then, Builder elseBlock, Flow other, (int First, int Middle)? stores = null)
    {
        var results = new List<Var>();
        var (yields, otherYields) = (new List<Atom>(), new List<Atom>());

        Var Result(string name, Atom a, Atom b)
        {
            for (int k = 0; k < results.Count; k++)
                if (yields[k].Equals(a) && otherYields[k].Equals(b)) return results[k];
            results.Add(_names.Fresh(name, a.Type));
            yields.Add(a);
            otherYields.Add(b);
            return results[results.Count - 1];
        }

        foreach (var slot in _flow.Scalars.Keys.OrderBy(s => s.Id).ToList())
        {
            var (a, b) = (then.Scalars[slot], other.Scalars[slot]);
            if (Equals(a, b)) _flow.Scalars[slot] = a;
            // The same number, checked as a length on one path.
            else if (a is Var x && b is Var y && _flow.Scalars[slot] is Var z && IsSame(x, y) && IsSame(x, z)) continue;
            else if (slot.IsFlag && !_needed.Contains(slot)) _flow.Scalars[slot] = null;
            // Unassigned on one path: C# lets it be read only if that path has jumped away, so any number will do.
            else _flow.Scalars[slot] = Result(slot.Name, a ?? Zero(slot.Scalar), b ?? Zero(slot.Scalar));
        }

        foreach (var cell in _flow.Arrays.Keys.OrderBy(c => c.Id).ToList())
        {
            var (a, b) = (then.Arrays[cell], other.Arrays[cell]);
            string? frozen = a.Frozen ?? b.Frozen;
            _flow.Arrays[cell] = Equals(a.Version, b.Version) ? new(a.Version, frozen)
                : _lengthsOf.ContainsKey(cell) ? JoinRows(cell, a, thenBlock, b, elseBlock, Result)
                : a.Version is null || b.Version is null ? new(null, frozen)
                : new(Result(cell.Name, a.Version, b.Version), frozen);
        }

        if (stores is var (first, middle)) JoinStores(first, middle, Result);
        JoinReferences(then, thenBlock, other, elseBlock, Result);
        if (results.Count > 0) _b.Append(new If(results.ToSeq(), condition, thenBlock.Block(yields), elseBlock.Block(otherYields)));
    }

    /// <summary>
    /// Which array a variable means after the branch. Where all variables of one array moved together it is a new array whose
    /// content the branch decides; where they did not, two names may mean one array, and none of the arrays is written again.
    /// </summary>
    private void JoinReferences(Flow then, Builder thenBlock, Flow other, Builder elseBlock, Func<string, Atom, Atom, Var> result)
    {
        var pairs = _flow.References.Keys.OrderBy(r => r.Id)
            .Select(r => (Reference: r, A: then.References[r], B: other.References[r])).ToList();
        var both = pairs.Where(p => p.A is not null && p.B is not null).Select(p => (A: p.A!, B: p.B!)).Distinct().ToList();
        var merged = new Dictionary<(Cell, Cell), Cell>();
        var lengths = new Dictionary<Cell, Atom>();

        foreach (var (reference, a, b) in pairs)
        {
            if (a is null || b is null)
            {
                _flow.References[reference] = a is null && b is null ? null
                    : a is null ? OneSided(b!, other, elseBlock, then, thenBlock, reference.Name, (x, y) => result(reference.Name, y, x))
                    : OneSided(a, then, thenBlock, other, elseBlock, reference.Name, (x, y) => result(reference.Name, x, y));
                continue;
            }
            bool together = both.Count(p => p.A == a) == 1 && both.Count(p => p.B == b) == 1;
            if (a == b && together)
            {
                _flow.References[reference] = a;
                continue;
            }
            if (!merged.TryGetValue((a, b), out var cell))
            {
                merged[(a, b)] = cell = NewCell(reference.Name, a.ReadOnly ?? b.ReadOnly);
                var (x, y) = (then.Arrays[a].Version, other.Arrays[b].Version);
                string? frozen = then.Arrays[a].Frozen ?? other.Arrays[b].Frozen
                    ?? (together ? null : $"after a branch it may be one array with '{(a.Name == reference.Name ? b : a).Name}'");
                if (x is null || y is null || x.Type == y.Type) _flow.Arrays[cell] = x is null || y is null ? new(null, Differs) : new(result(reference.Name, x, y), frozen);
                else if (JoinLengths(reference, then, x, thenBlock, other, y, elseBlock, result) is var (content, length))
                {
                    _flow.Arrays[cell] = content with { Frozen = frozen };
                    lengths[cell] = length;
                }
                else _flow.Arrays[cell] = new(null, Differs);
                Freeze(a, reference.Name);
                Freeze(b, reference.Name);
            }
            _flow.References[reference] = cell;
            if (lengths.TryGetValue(cell, out var n)) MeansRow(reference, n);
        }
    }

    private const string Differs = "its length differs between the branches that assign it; create it once, before they part";

    /// <summary>
    /// Assigned on one path only: C# lets it be read only if the other path has jumped away, so there its content is free: what
    /// the array holds anyway, or zeros.
    /// </summary>
    private Cell? OneSided(Cell cell, Flow flow, Builder block, Flow otherFlow, Builder otherBlock, string name, Func<Atom, Atom, Var> result)
    {
        if (_flow.Arrays.ContainsKey(cell)) return cell;
        if (flow.Arrays[cell].Version is not { } version || !InScope(version.Type)) return null;
        var copy = NewCell(name, cell.ReadOnly);
        _flow.Arrays[copy] = new(result(version, otherBlock.Zeros(version.Type)), flow.Arrays[cell].Frozen);
        return copy;
    }

    private void Freeze(Cell cell, string other)
    {
        if (cell.ReadOnly is null && _flow.Arrays.TryGetValue(cell, out var content))
            _flow.Arrays[cell] = content with { Frozen = content.Frozen ?? $"'{other}' may be the same array" };
    }
}
