namespace AutoVec.Data;

/// <summary>
/// A cold sequence: it does nothing until it is enumerated, and each enumeration starts anew and gives the same elements in
/// the same order. Operators are extension methods (<see cref="DatasetOperators"/>) named as in LINQ and tf.data.
/// </summary>
public abstract class Dataset<T> : IAsyncEnumerable<T>
{
    /// <inheritdoc/>
    public abstract IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default);
}

/// <summary>Where datasets come from.</summary>
public static class Dataset
{
    /// <summary>A dataset that is what an asynchronous iterator yields.</summary>
    public static Dataset<T> Create<T>(Func<CancellationToken, IAsyncEnumerable<T>> iterate) => new Iterated<T>(iterate);

    /// <summary>0, 1, … count − 1.</summary>
    public static Dataset<int> Range(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Create(_ => Numbers(count));
    }

    /// <summary>The elements of a list.</summary>
    public static Dataset<T> From<T>(IReadOnlyList<T> items) => Create(_ => Items(items));

    private static async IAsyncEnumerable<int> Numbers(int count)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++) yield return i;
    }

    private static async IAsyncEnumerable<T> Items<T>(IReadOnlyList<T> items)
    {
        await Task.CompletedTask;
        foreach (var item in items) yield return item;
    }

    private sealed class Iterated<T>(Func<CancellationToken, IAsyncEnumerable<T>> iterate) : Dataset<T>
    {
        public override IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            iterate(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }
}
