using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Flatten;

/// <summary>
/// Where a sequential loop runs: on the host, as a loop over stages, or whole inside the thread of each element. Decided once, at
/// the first Flatten, by what is parallel inside; the reverse loop that Differentiate makes inherits the decision.
/// </summary>
internal static class LoopPlaces
{
    public static For Decided(For loop, Fission fission)
    {
        if (loop.Place != LoopPlace.Undecided) return loop;
        bool parallel = loop.Body.Walk().Any(IsWork);
        fission.Note(parallel
            ? $"{fission.Where(loop.Dim.Index)}loop over {loop.Dim.Index.Base} runs on the host, its body is parallel"
            : $"{fission.Where(loop.Dim.Index)}loop over {loop.Dim.Index.Base} is sequential, carries {string.Join(", ", loop.State.Select(c => $"'{c.Param.Base}'").Distinct())}");
        return loop with { Place = parallel ? LoopPlace.Host : LoopPlace.Thread };
    }

    /// <summary>Filling or copying an array is not work that is worth a stage; neither is one dot product.</summary>
    public static bool IsWork(Stmt stmt) => stmt is Scatter || stmt is Build b && b.Body.Stmts.Any(s => s is not Read);
}
