using AutoVec.Data;

namespace AutoVec.Data.Tests;

public class DatasetTests
{
    private static async Task<List<T>> List<T>(Dataset<T> source)
    {
        var list = new List<T>();
        await foreach (var item in source) list.Add(item);
        return list;
    }

    [Theory]
    [InlineData(1), InlineData(7), InlineData(100), InlineData(int.MaxValue)]
    public async Task Shuffle_is_a_permutation_and_repeats(int buffer)
    {
        var shuffled = Dataset.Range(50).Shuffle(3, buffer);
        var once = await List(shuffled);
        Assert.Equal(once, await List(shuffled));
        Assert.Equal(Enumerable.Range(0, 50), once.Order());
        if (buffer > 1) Assert.NotEqual(once, await List(Dataset.Range(50).Shuffle(4, buffer)));
    }

    [Fact]
    public async Task A_shuffle_of_all_is_uniform()
    {
        var at = new int[4];
        for (int seed = 0; seed < 8000; seed++) at[(await List(Dataset.Range(4).Shuffle(seed))).IndexOf(0)]++;
        Assert.All(at, n => Assert.InRange(n, 1800, 2200));
    }

    [Fact]
    public async Task Batches_keep_or_drop_the_rest()
    {
        Assert.Equal([3, 3, 1], (await List(Dataset.Range(7).Batch(3))).Select(b => b.Length));
        Assert.Equal([3, 3], (await List(Dataset.Range(7).Batch(3, dropRemainder: true))).Select(b => b.Length));
        Assert.Empty(await List(Dataset.Range(0).Batch(3)));
    }

    [Fact]
    public async Task A_parallel_map_keeps_the_order()
    {
        var slow = Dataset.Range(30).Map(async (i, stop) => { await Task.Delay(30 - i, stop); return i * i; }, parallelism: 5);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => i * i), await List(slow));
    }

    [Fact]
    public async Task Prefetch_stays_within_its_count()
    {
        int made = 0, used = 0, most = 0;
        await foreach (int _ in Dataset.Range(100).Map(i => { Interlocked.Increment(ref made); return i; }).Prefetch(3))
        {
            most = Math.Max(most, Volatile.Read(ref made) - used);
            used++;
        }
        Assert.Equal(100, used);
        Assert.InRange(most, 1, 3 + 2);
    }

    [Fact]
    public async Task An_error_appears_where_the_element_would_have()
    {
        var seen = new List<int>();
        var failing = Dataset.Range(9).Map(i => i == 4 ? throw new InvalidDataException("4 is bad") : i).Prefetch(2);
        var e = await Assert.ThrowsAsync<InvalidDataException>(async () => { await foreach (int i in failing) seen.Add(i); });
        Assert.Equal("4 is bad", e.Message);
        Assert.Equal([0, 1, 2, 3], seen);
    }

    [Fact]
    public async Task Leaving_early_stops_the_producer()
    {
        int made = 0;
        await foreach (int i in Dataset.Range(int.MaxValue).Map(i => { made++; return i; }).Prefetch(2))
            if (i == 5) break;
        int then = made;
        await Task.Delay(20);
        Assert.Equal(then, made);
    }

    [Fact]
    public async Task A_cancelled_token_ends_the_enumeration()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (int i in Dataset.Range(int.MaxValue).Prefetch(2).WithCancellation(stop.Token))
                if (i == 3) stop.Cancel();
        });
    }

    [Fact]
    public async Task Take_ends_early()
    {
        Assert.Equal([0, 1], await List(Dataset.Range(int.MaxValue).Take(2)));
        Assert.Empty(await List(Dataset.Range(5).Take(0)));
    }
}
