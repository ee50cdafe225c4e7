using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>A statement as the forward sweep has run it, with what its adjoint needs besides.</summary>
internal record Step(Stmt Stmt);

/// <summary>An update in a loop body that is re-run, with the elements it overwrote.</summary>
internal sealed record LoggedStep(Stmt Stmt, Var Array, Seq<Atom> Index, Atom Old) : Step(Stmt);

/// <summary>max, min: the position of the winner.</summary>
internal sealed record WinnerStep(Reduce Reduce, Var Winner) : Step(Reduce);

/// <summary>*: the product of the factors that are not zero, and that of those that are (1 if there are none).</summary>
internal sealed record ProductStep(Reduce Reduce, Var NonZero, Var Zero) : Step(Reduce);

/// <summary>A loop that has run with a tape: per piece of state what restores it, per statement of the body the results that were kept.</summary>
internal sealed record LoopStep(For Loop, Seq<Restore> Restores, IReadOnlyDictionary<int, Seq<Var>> Kept) : Step(Loop);

/// <summary>How the reverse loop gets a piece of state as it was at entry of the trip.</summary>
internal abstract record Restore;

/// <summary>It was saved: the tape holds one value a trip.</summary>
internal sealed record Taped(Var Tape) : Restore;

/// <summary>An array that is updated at the top of the body: it travels backwards itself, and each trip undoes its updates.</summary>
internal sealed record UndoLog(Seq<Undo> Updates) : Restore;

/// <summary>One update: which statement of the body, the tape of what it overwrote, and of the parts of its index that cannot be recomputed.</summary>
internal sealed record Undo(int Statement, Var Old, Seq<Var?> Index);
