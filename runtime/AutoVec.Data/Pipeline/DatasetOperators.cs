using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AutoVec.Data;

/// <summary>What can be done to a dataset. All are deterministic: the same input and seed give the same output.</summary>
public static class DatasetOperators
{
    /// <summary>Applies a function to each element.</summary>
    public static Dataset<R> Map<T, R>(this Dataset<T> source, Func<T, R> map)
    {
        return Dataset.Create(Iterate);
        async IAsyncEnumerable<R> Iterate([EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var item in source.WithCancellation(cancellation).ConfigureAwait(false)) yield return map(item);
        }
    }

    /// <summary>Applies an asynchronous function to up to <paramref name="parallelism"/> elements at once; the order is kept.</summary>
    public static Dataset<R> Map<T, R>(this Dataset<T> source, Func<T, CancellationToken, ValueTask<R>> map, int parallelism)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1);
        return Dataset.Create(Iterate);
        async IAsyncEnumerable<R> Iterate([EnumeratorCancellation] CancellationToken cancellation)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var running = new Queue<Task<R>>();
            try
            {
                await foreach (var item in source.WithCancellation(stop.Token).ConfigureAwait(false))
                {
                    running.Enqueue(Task.Run(async () => await map(item, stop.Token).ConfigureAwait(false), stop.Token));
                    if (running.Count == parallelism) yield return await running.Dequeue().ConfigureAwait(false);
                }
                while (running.Count > 0) yield return await running.Dequeue().ConfigureAwait(false);
            }
            finally
            {
                await stop.CancelAsync().ConfigureAwait(false);
                foreach (Task task in running) await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The elements in random order.</summary>
    /// <param name="source">A finite dataset.</param>
    /// <param name="seed">The same seed gives the same order.</param>
    /// <param name="buffer">
    /// How many elements are held to draw from; by default all, hence a uniform permutation (Fisher–Yates). With a smaller
    /// buffer each element read takes the place of a random one that leaves.
    /// </param>
    public static Dataset<T> Shuffle<T>(this Dataset<T> source, long seed, int buffer = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer, 1);
        return Dataset.Create(Iterate);
        async IAsyncEnumerable<T> Iterate([EnumeratorCancellation] CancellationToken cancellation)
        {
            var random = new SplitMix((ulong)seed);
            var held = new List<T>();
            await foreach (var item in source.WithCancellation(cancellation).ConfigureAwait(false))
            {
                if (held.Count < buffer)
                {
                    held.Add(item);
                    continue;
                }
                int k = random.Below(held.Count);
                var drawn = held[k];
                held[k] = item;
                yield return drawn;
            }
            for (int left = held.Count; left > 0; left--)
            {
                int k = random.Below(left);
                (held[k], held[left - 1]) = (held[left - 1], held[k]);
                yield return held[left - 1];
            }
        }
    }

    /// <summary>Groups consecutive elements; the last group may be smaller unless it is dropped.</summary>
    public static Dataset<T[]> Batch<T>(this Dataset<T> source, int size, bool dropRemainder = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return Dataset.Create(Iterate);
        async IAsyncEnumerable<T[]> Iterate([EnumeratorCancellation] CancellationToken cancellation)
        {
            var batch = new T[size];
            int count = 0;
            await foreach (var item in source.WithCancellation(cancellation).ConfigureAwait(false))
            {
                batch[count++] = item;
                if (count < size) continue;
                yield return batch;
                batch = new T[size];
                count = 0;
            }
            if (count > 0 && !dropRemainder) yield return batch[..count];
        }
    }

    /// <summary>At most the first <paramref name="count"/> elements.</summary>
    public static Dataset<T> Take<T>(this Dataset<T> source, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Dataset.Create(Iterate);
        async IAsyncEnumerable<T> Iterate([EnumeratorCancellation] CancellationToken cancellation)
        {
            int left = count;
            if (left == 0) yield break;
            await foreach (var item in source.WithCancellation(cancellation).ConfigureAwait(false))
            {
                yield return item;
                if (--left == 0) yield break;
            }
        }
    }

    /// <summary>
    /// Makes elements ahead of their use, on another thread, at most <paramref name="count"/> of them. An error appears where
    /// the element would have; leaving the enumeration stops the producer before it returns.
    /// </summary>
    public static Dataset<T> Prefetch<T>(this Dataset<T> source, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Dataset.Create(Iterate);
        async IAsyncEnumerable<T> Iterate([EnumeratorCancellation] CancellationToken cancellation)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var channel = Channel.CreateBounded<T>(new BoundedChannelOptions(count) { SingleReader = true, SingleWriter = true });
            var producer = Task.Run(async () =>
            {
                try
                {
                    await foreach (var item in source.WithCancellation(stop.Token).ConfigureAwait(false))
                        await channel.Writer.WriteAsync(item, stop.Token).ConfigureAwait(false);
                    channel.Writer.Complete();
                }
                catch (Exception e)
                {
                    channel.Writer.Complete(e);
                }
            }, CancellationToken.None);
            try
            {
                await foreach (var item in channel.Reader.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return item;
            }
            finally
            {
                await stop.CancelAsync().ConfigureAwait(false);
                await producer.ConfigureAwait(false);
            }
        }
    }
}
