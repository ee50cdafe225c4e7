using System.Runtime.ExceptionServices;

namespace AutoVec.Compiler.Emit;

/// <summary>
/// Independent pieces of work at the same time: the cores of a method, of which each is a quarter of what an edit waits for. Each has a thread of its own,
/// since those of the pool have small stacks, and how deep a method may nest should not hang on who compiles it.
/// </summary>
internal static class Concurrently
{
    private const int StackBytes = 16 << 20;

    /// <returns>Their results, in order.</returns>
    /// <exception cref="Exception">That of the first piece, in order, that threw; the others have ended by then.</exception>
    public static IReadOnlyList<T> Run<T>(IReadOnlyList<Func<T>> work)
    {
        var results = new T[work.Count];
        var failures = new ExceptionDispatchInfo?[work.Count];
        var threads = work.Select((piece, k) => new Thread(() =>
        {
            try
            {
                results[k] = piece();
            }
            catch (Exception e)
            {
                failures[k] = ExceptionDispatchInfo.Capture(e);
            }
        }, StackBytes) { IsBackground = true, Name = "AutoVec compiler" }).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        foreach (var failure in failures) failure?.Throw();
        return results;
    }
}
