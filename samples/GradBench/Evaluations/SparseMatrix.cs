namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>A matrix in compressed sparse rows: the entries of row r are from <c>Rows[r]</c> up to <c>Rows[r + 1]</c>.</summary>
public sealed record SparseMatrix(int[] Rows, int[] Cols, double[] Vals)
{
    /// <summary>The first <paramref name="count"/> entries of each array, and the last one.</summary>
    public SparseMatrix Abridged(int count) => new(Abridge(Rows, count), Abridge(Cols, count), Abridge(Vals, count));

    private static T[] Abridge<T>(T[] all, int count) => [.. all.Take(count), all[^1]];
}
