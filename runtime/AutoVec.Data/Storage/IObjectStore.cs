namespace AutoVec.Data;

/// <summary>An object's name within its store, and its size in bytes.</summary>
/// <param name="Name">The full name: <c>mnist/train-images-idx3-ubyte.gz</c>.</param>
/// <param name="Size">Bytes as stored.</param>
/// <param name="Generation">The version, where the store has versions; a read is pinned to it.</param>
/// <param name="Md5">The MD5 of the content in lower-case hex, where the store knows it.</param>
public sealed record ObjectInfo(string Name, long Size, string? Generation = null, string? Md5 = null);

/// <summary>Named, immutable byte sequences: a folder, a bucket. Safe for use by many threads.</summary>
public interface IObjectStore
{
    /// <summary>What a person calls the store: <c>gs://cvdf-datasets</c>, <c>/data</c>.</summary>
    string Name { get; }

    /// <summary>The objects whose name starts with the prefix, in ordinal order.</summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellation = default);

    /// <summary>The object of that name, or null.</summary>
    /// <exception cref="IOException">The store cannot be asked.</exception>
    Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellation = default);

    /// <summary>The object's whole content.</summary>
    /// <exception cref="IOException">The object cannot be read; the message names the store and the object.</exception>
    Task<byte[]> ReadAsync(ObjectInfo item, CancellationToken cancellation = default);
}
