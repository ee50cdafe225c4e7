using System.Runtime.CompilerServices;

namespace AutoVec.Data;

/// <summary>The files under a folder; names use <c>/</c>.</summary>
public sealed class LocalStore(string folder) : IObjectStore
{
    private readonly string _folder = Path.GetFullPath(folder);

    /// <inheritdoc/>
    public string Name => _folder;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (!Directory.Exists(_folder)) throw new DirectoryNotFoundException($"the folder '{_folder}' does not exist");
        await Task.CompletedTask;
        var names = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(_folder, f).Replace('\\', '/'))
            .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        foreach (string name in names)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new ObjectInfo(name, new FileInfo(Path.Combine(_folder, name)).Length);
        }
    }

    /// <inheritdoc/>
    public Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellation = default)
    {
        var file = new FileInfo(Path.Combine(_folder, name));
        return Task.FromResult(file.Exists ? new ObjectInfo(name, file.Length) : null);
    }

    /// <inheritdoc/>
    public Task<byte[]> ReadAsync(ObjectInfo item, CancellationToken cancellation = default) =>
        File.ReadAllBytesAsync(Path.Combine(_folder, item.Name), cancellation);
}
