using System.Text;
using AutoVec.Data;

namespace AutoVec.Data.Tests;

public sealed class StorageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autovec").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Bytes(int n) => [.. Enumerable.Range(0, n).Select(i => (byte)(i * 7))];

    [Fact]
    public async Task A_bucket_is_listed_over_pages_and_read()
    {
        await using var bucket = new FakeBucket { PageSize = 2 };
        foreach (string name in new[] { "a/1", "a/2 x", "a/3", "b" }) bucket.Objects[name] = Encoding.UTF8.GetBytes(name);
        using var store = new GcsStore("data", bucket.Host);
        var names = new List<string>();
        await foreach (var item in store.ListAsync("a/"))
        {
            names.Add(item.Name);
            Assert.Equal(item.Name, Encoding.UTF8.GetString(await store.ReadAsync(item)));
        }
        Assert.Equal(["a/1", "a/2 x", "a/3"], names);
        Assert.Null(await store.FindAsync("c"));
    }

    [Fact]
    public async Task A_cut_answer_goes_on_where_it_ended()
    {
        await using var bucket = new FakeBucket();
        bucket.Objects["x"] = Bytes(200_000);
        using var store = new GcsStore("data", bucket.Host);
        var item = (await store.FindAsync("x"))!;
        bucket.Faults.Enqueue(503);
        bucket.Faults.Enqueue(-50_000);
        Assert.Equal(bucket.Objects["x"], await store.ReadAsync(item));
        Assert.Null(bucket.Ranges[0]);
        Assert.Equal(2, bucket.Ranges.Count);
    }

    [Fact]
    public async Task What_is_final_is_not_repeated()
    {
        await using var bucket = new FakeBucket();
        using var store = new GcsStore("data", bucket.Host);
        bucket.Faults.Enqueue(403);
        var e = await Assert.ThrowsAsync<IOException>(() => store.FindAsync("x"));
        Assert.StartsWith("cannot read http", e.Message);
        Assert.Empty(bucket.Faults);
    }

    [Fact]
    public async Task The_cache_keeps_only_what_has_the_right_hash()
    {
        await using var bucket = new FakeBucket();
        bucket.Objects["mnist/x.gz"] = Bytes(1000);
        using var store = new GcsStore("data", bucket.Host);
        var cache = new FileCache(Path.Combine(_folder, "cache"));
        var e = await Assert.ThrowsAsync<InvalidDataException>(() => cache.GetAsync(store, "mnist/x.gz", md5: new string('0', 32)));
        Assert.Contains("gs://data/mnist/x.gz has MD5", e.Message);
        string path = await cache.GetAsync(store, "mnist/x.gz");
        Assert.Equal(bucket.Objects["mnist/x.gz"], await File.ReadAllBytesAsync(path));
        bucket.Objects.Clear();
        Assert.Equal(path, await cache.GetAsync(store, "mnist/x.gz"));
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "cache")));
    }

    [Fact]
    public async Task A_folder_is_a_store()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "sub", "a"), "hello");
        var store = new LocalStore(_folder);
        var items = new List<ObjectInfo>();
        await foreach (var item in store.ListAsync("sub/")) items.Add(item);
        Assert.Equal([new ObjectInfo("sub/a", 5)], items);
        Assert.Equal("hello", Encoding.UTF8.GetString(await store.ReadAsync(items[0])));
        Assert.Null(await store.FindAsync("nope"));
    }
}
