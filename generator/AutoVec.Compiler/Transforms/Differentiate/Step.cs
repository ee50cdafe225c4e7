using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>A statement as the forward sweep has run it, with what its adjoint needs besides.</summary>
internal record Step(Stmt Stmt);

/// <summary>An update in a loop body that is re-run, with the elements it overwrote.</summary>
internal sealed record LoggedStep(Stmt Stmt, Var Array, Seq<Atom> Index, Atom Old) : Step(Stmt);

/// <summary>A branch in a loop body that is re-run, with what undoes its updates of an array.</summary>
internal sealed record UndoneStep(If If, BranchLog Log, Seq<Atom> Values) : Step(If);

/// <summary>max, min: the position of the winner.</summary>
internal sealed record WinnerStep(Reduce Reduce, Var Winner) : Step(Reduce);

/// <summary>*: the product of the factors that are not zero, and that of those that are (1 if there are none).</summary>
internal sealed record ProductStep(Reduce Reduce, Var NonZero, Var Zero) : Step(Reduce);

/// <summary>What was differentiated forwards as it ran.</summary>
internal sealed record SlopeStep(Stmt Stmt, Seq<Slope> Slopes) : Step(Stmt);

/// <summary>The derivative of a statement's result by a number.</summary>
internal sealed record Slope(int Result, Var By, Atom Value);

/// <summary>
/// A loop that has run with a tape: per piece of state what restores it, per statement of the body the tapes of the results that were
/// kept; null for one that is the next state, which is the state at entry of the trip that the reverse has just been through.
/// </summary>
/// <param name="Trips">For each <c>while</c> at the top of the body the tape of how many trips it made.</param>
/// <param name="Ends">For each <c>for</c> at the top of the body the tapes of what it left of state that is taken back: null for the rest of its state.</param>
internal sealed record LoopStep(For Loop, Seq<Restore> Restores, IReadOnlyDictionary<int, Seq<Var?>> Kept, IReadOnlyDictionary<int, Var> Trips,
    IReadOnlyDictionary<int, Seq<Var?>> Ends) : Step(Loop)
{
    /// <summary>What the loop left of its state.</summary>
    public Seq<Var> Left { get; init; } = Loop.Results;
}

/// <summary>How the reverse loop gets a piece of state as it was at entry of the trip.</summary>
internal abstract record Restore;

/// <summary>It was saved: the tape holds one value a trip.</summary>
internal sealed record Taped(Var Tape) : Restore;

/// <summary>An integer that grows by the same in each trip: it is computed from the trip's number.</summary>
internal sealed record Induced(Op Op, Atom By) : Restore;

/// <summary>A number whose trips can be taken back: it travels backwards itself.</summary>
internal sealed record Inverted(Inverse Inverse) : Restore;

/// <summary>An array that is updated at the top of the body, or in branches there: it travels backwards itself, and each trip undoes its updates.</summary>
internal sealed record UndoLog(Seq<Undo> Updates) : Restore;

/// <summary>An array that is updated at any depth, and travels backwards too: each trip undoes its part of the log, or takes the array from a tape where no log was kept.</summary>
/// <param name="Start">The tape of where a trip's entries start.</param>
/// <param name="End">Where the last trip's end.</param>
/// <param name="Logs">Elements, and the parts of their indices.</param>
/// <param name="Whole">The tape of the array at entry, of <see cref="Length"/> in its first dimension: none where a log was kept.</param>
internal sealed record Journaled(Journal Journal, Var Start, Var End, Seq<Var> Logs, Var Whole, Atom Length) : Restore;

/// <summary>What undoes one statement of the body.</summary>
internal abstract record Undo(int Statement);

/// <summary>One update: the tape of what it overwrote, and of the parts of its index that cannot be recomputed.</summary>
internal sealed record UndoUpdate(int Statement, Var Old, Seq<Var?> Index) : Undo(Statement);

/// <summary>A branch with updates: the tapes of what <see cref="BranchLog"/> lists.</summary>
internal sealed record UndoBranch(int Statement, BranchLog Log, Seq<Var> Tapes) : Undo(Statement);
