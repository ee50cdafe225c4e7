using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Checkpoint;

/// <summary>
/// What Explain says about memory: of each loop what is stored, of which value, and of a sample how many bytes.
/// <code>
/// tape of loop t&lt;steps: 'h' f32[d] at entry, 'gate' f32[d]: 8·d bytes a trip
/// undo log of loop i&lt;n: 'a' f64[n]: 12 bytes a write, else whole
/// checkpoints of loop t&lt;steps: 'h' f32[d]: 4·d bytes a state, √n kept and each trip run at most twice where that fits, else fewer
/// tape of a sample: 8·d·steps bytes, in segments beyond 64 MB
/// </code>
/// </summary>
internal sealed class TapeNotes(FunctionIr function)
{
    private readonly Dictionary<Var, Stmt> _definitions = function.Body.Definitions();

    public IEnumerable<string> Lines(IReadOnlyList<TapedLoop> loops, IReadOnlyList<TapedLoop> cut, MemoryBudget budget, long share)
    {
        var lines = new List<string>();
        var total = ByteCount.None;
        foreach (var loop in loops)
        {
            total = total.Plus(loop.BytesPerTrip.Times(loop.Forward.Dim.Extent));
            foreach (var whole in loop.Tapes.Select(t => WholeOf(loop, t)).OfType<Read>())
            {
                var entry = ByteCount.Of(whole.Out.Type.Element).Plus(ByteCount.Sum(whole.Index.Map(_ => IrType.I32)));
                if (CapacityOf(loop.Forward, whole) is { } capacity) total = total.Plus(entry.Times(capacity));
                lines.Add($"{Where(loop)}undo log of {Name(loop.Forward)}: '{whole.Array.Base}' {Shape(whole.Array.Type)}: {entry} bytes a write, where that is less than the array at entry");
            }
            lines.Add($"{Where(loop)}tape of {Name(loop.Forward)}: {string.Join(", ", loop.Tapes.Select(t => What(loop, t)).Distinct())}: {loop.BytesPerTrip} bytes a trip");
        }
        foreach (var loop in cut)
        {
            var state = SegmentedLoop.Needed(loop).Map(k => loop.Forward.State[k].Param);
            if (!state.IsEmpty) lines.Add($"{Where(loop)}checkpoints of {Name(loop.Forward)}: {string.Join(", ", state.Map(v => $"'{v.Base}' {Shape(v.Type)}"))}: {Segments.Promise(loop.BytesPerTrip, ByteCount.Sum(state.Map(v => v.Type)), share, SegmentedLoop.Real(loop))}");
        }
        lines.Add($"tape of a sample: {total} bytes{(cut.Count > 0 ? $", in segments beyond {budget}" : "")}");
        return lines.Distinct();
    }

    /// <summary>What a tape holds of an array that has an undo log: its front, which is empty where the log is kept.</summary>
    private static Read? WholeOf(TapedLoop loop, Tape tape) =>
        tape.Write.Value is Var { Type.IsArray: true } v && loop.Forward.Body.Stmts.FirstOrDefault(s => s.Outs.Contains(v)) is Read { Index: [Window, ..] } r
        && loop.Forward.State.Any(c => c.Param.Equals(r.Array)) ? r : null;

    public static bool HasLog(TapedLoop loop) => loop.Tapes.Any(t => WholeOf(loop, t) is not null);

    /// <summary>How many entries the log of an array has: the extent of what else the loop fills with its elements.</summary>
    private static Atom? CapacityOf(For loop, Read whole) => loop.State.Select(c => c.Param.Type)
        .FirstOrDefault(t => t.Rank == 1 && t.Scalar == whole.Out.Type.Scalar && t.Extents[0] is Var n && n.Base == "entries")?.Extents[0];

    private string Name(For loop)
    {
        var (index, extent) = (loop.Dim.Index.Base, loop.Dim.Extent);
        return IsCounted(extent) ? "while" : $"loop {index}<{(extent is Var v ? v.Base : extent)}";
    }

    /// <summary>Was it a while, whose trips another loop has counted?</summary>
    private bool IsCounted(Atom extent) => extent is Var v && _definitions.TryGetValue(v, out var s) && s is While;

    private static string What(TapedLoop loop, Tape tape)
    {
        var (body, value) = (loop.Forward.Body, tape.Write.Value);
        if (value is not Var v) return value.ToString();
        if (WholeOf(loop, tape) is { } whole) return $"'{whole.Array.Base}' {Shape(whole.Array.Type)} at entry where it has no undo log";
        string text = $"'{v.Base}' {Shape(v.Type)}";
        if (loop.Forward.State.Any(c => c.Param.Equals(v))) return text + " at entry";
        bool overwritten = body.Stmts.FirstOrDefault(s => s.Outs.Contains(v)) is Read r
            && body.Stmts.Any(s => s is Write w && w.Array.Equals(r.Array) || s is Accumulate a && a.Array.Equals(r.Array));
        return overwritten ? text + " overwritten" : text;
    }

    private static string Shape(IrType type) =>
        type.Element + (type.IsArray ? $"[{string.Join("×", type.Extents.Select(e => e is Var v ? v.Base : e.ToString()))}]" : "");

    /// <summary>The line of the loop's variable; of a while, of what it stores first.</summary>
    private string Where(TapedLoop loop)
    {
        var of = IsCounted(loop.Forward.Dim.Extent) ? (loop.Tapes[0].Write.Value as Var)?.Base : loop.Forward.Dim.Index.Base;
        return function.Sources.FirstOrDefault(s => s.Base == of) is { } source ? $"line {source.Line}: " : "";
    }
}
