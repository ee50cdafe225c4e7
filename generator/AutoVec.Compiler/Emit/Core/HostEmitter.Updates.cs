using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Core;

/// <summary>
/// What is computed only to be put into a window of an array is computed there, and the update has nothing left to do:
/// <code>
/// r = build b&lt;B, j&lt;h { reduce + .. }          engine.Contract(.. C = tape + l * h, CM = L * h ..)
/// tape' = tape with [:, l, 0:h] = r    ⇒
/// </code>
/// </summary>
internal sealed partial class HostEmitter
{
    /// <summary>Updates that the stage which computes their value has carried out.</summary>
    private readonly HashSet<Var> _done = [];

    private ILookup<Var, Stmt>? _readers;

    /// <summary>The statements that mention each array.</summary>
    private ILookup<Var, Stmt> Readers => _readers ??= Plan.Function.Body.Walk()
        .SelectMany(s => s.Reads.OfType<Var>().Where(v => v.Type.IsArray).Distinct().Select(v => (v, s))).ToLookup(x => x.v, x => x.s);

    /// <summary>
    /// The update that puts a value of this stage into an array, if nothing else reads the value, and nothing that is still to be read lies where
    /// it goes.
    /// </summary>
    private Stmt? UpdateOf(Var value, IReadOnlyList<Stmt> stage)
    {
        if (Uses.Count(value) - Liveness.Count(value, stage) != 1) return null;
        if (Readers[value].FirstOrDefault(s => !stage.Any(t => t.Walk().Any(u => ReferenceEquals(u, s)))) is not { } update || !CurrentBlock.Stmts.Any(s => ReferenceEquals(s, update))) return null;
        var (array, index) = update switch
        {
            Write w when w.Value.Equals(value) => (w.Array, w.Index),
            Accumulate a when a.Value.Equals(value) => (a.Array, a.Index),
            _ => (value, []),
        };
        if (index.IsEmpty || array.Type.Extents(index).ToSeq() != value.Type.Extents || !index.Atoms().All(IsKnown)) return null;
        if (!Arrays.ContainsKey(array) && CurrentBlock.Stmts.OfType<Build>().FirstOrDefault(b => b.Outs.Contains(array)) is { } room
            && IsRoom(room) && Uses.Count(array) == 1 && array.Type.Extents.All(IsKnown)) Bind(array, Place(array));
        if (!Arrays.TryGetValue(array, out var place) || place.Strides.Count == 0 || !Slice(place, index)[^1].IsEmpty || !place.Memories.All(m => m.Writable)) return null;
        // Of the array itself, views of other places; of what else lies in its memory, nothing that is read now or later.
        var apart = new HashSet<Var> { array };
        foreach (var reader in Readers[array].Where(s => !ReferenceEquals(s, update)))
        {
            if (reader is not Read { Out.Type.IsArray: true } view || !Arrays.ContainsKey(view.Out)) return null;
            if (IsApart(view.Index, index)) apart.Add(view.Out);
        }
        return Arrays.Any(a => !apart.Contains(a.Key) && a.Value.Overlaps(place) && IsReadLater(a.Key)) ? null : update;
    }

    private bool IsKnown(Atom a) => a is not Var v || Scalars.ContainsKey(v) || IsPutOff(v);

    /// <summary>Are two places provably different, by one position?</summary>
    private bool IsApart(Seq<Atom> a, Seq<Atom> b) => a.Zip(b, (i, j) => (i, j)).Any(p =>
    {
        if (!p.i.IsPosition() || !p.j.IsPosition()) return false;
        var difference = Transforms.Affine.Of(p.i, v => Definitions.TryGetValue(v, out var s) ? s : null)
            .Minus(Transforms.Affine.Of(p.j, v => Definitions.TryGetValue(v, out var s) ? s : null));
        return difference.IsConstant && difference.Constant != 0;
    });

    /// <summary>Where the update puts its value. From here on it is done.</summary>
    private ArrayPlace Target(Stmt update)
    {
        var (array, index) = update is Write w ? (w.Array, w.Index) : (((Accumulate)update).Array, ((Accumulate)update).Index);
        _done.Add(update.Outs[0]);
        return View(update.Outs[0].Base, Arrays[array], index);
    }

    /// <summary>Memory for a result of this stage.</summary>
    private ArrayPlace PlaceOf(Var value, IReadOnlyList<Stmt> stage) => UpdateOf(value, stage) is Write update ? Target(update) : Place(value);

    // ---- sums that start from zeros

    /// <summary>
    /// Arrays of zeros that a loop does nothing with but add to windows: where a window has not been touched yet, what would be added is
    /// written, and only what no trip has touched is filled. (A network's layers each add their gradient to a place of their own.)
    /// </summary>
    private readonly Dictionary<Var, string?> _untouched = [];

    private bool IsSummedFromZeros(Build zeros)
    {
        if (zeros is not { Results: [var z], Body: { Stmts.IsEmpty: true, Results: [Const { IsUndefined: false } zero] } } || !zero.Is(0) || z.Type.Rank != 1 || Uses.Count(z) != 1)
            return false;
        if (CurrentBlock.Stmts.OfType<For>().FirstOrDefault(f => f.State.Any(c => c.Init.Equals(z))) is not { Place: LoopPlace.Host } loop) return false;
        int k = Enumerable.Range(0, loop.State.Count).First(n => loop.State[n].Init.Equals(z));
        var param = loop.State[k].Param;
        if (Uses.Count(param) != 1 || loop.Body.Stmts.OfType<Accumulate>().FirstOrDefault(a => a.Array.Equals(param)) is not { Index: [Window], Value: Var value } add) return false;
        if (!loop.Body.Results[k].Equals(add.Out) || Uses.Count(add.Out) != 1 || value.Equals(param)) return false;
        _untouched[param] = null;
        return true;
    }

    private protected override void EnterLoop(Carry state, ArrayPlace place, Dim dim)
    {
        if (!_untouched.ContainsKey(state.Param)) return;
        string name = Names.Fresh("untouched");
        Out.Declare($"var {name} = new Untouched<{place.Element}>({place.Name}, {Length(place.Type)}, scope.Rent<nint>(2 + 2 * (nint){NotNegative(dim.Extent).At(Precedence.Unary)}));");
        _untouched[state.Param] = name;
    }

    private protected override void LeaveLoop(Carry state)
    {
        if (_untouched.TryGetValue(state.Param, out string? name)) Out.Line($"{name}.Finish();");
    }

    /// <summary>The window, as arguments: where it begins, and how long it is.</summary>
    private string WindowText(Accumulate add) => $"{Use(((Window)add.Index[0]).From)}, {Length(add.Value.Type)}";
}
