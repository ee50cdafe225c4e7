using System.Security.Cryptography;

namespace AutoVec.Data;

/// <summary>
/// Copies of remote objects in a folder. An object is written under another name, checked and renamed, so that a file in
/// the cache is whole whatever happened to the process that wrote it; there are no lock files.
/// </summary>
public sealed class FileCache(string folder)
{
    /// <summary>The user's cache folder for this name: <c>$XDG_CACHE_HOME/autovec/NAME</c> or the platform's equivalent.</summary>
    public static string UserFolder(string name)
    {
        string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(root))
            root = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(root, "autovec", name);
    }

    /// <summary>The path of the cached copy; reads the object from the store if there is none.</summary>
    /// <param name="store">Where the object is.</param>
    /// <param name="name">Its name there; the copy has the name's last part.</param>
    /// <param name="md5">The MD5 the content must have, in lower-case hex; null: the store's own, if it says one.</param>
    /// <param name="cancellation">Stops the copy; nothing is left behind.</param>
    /// <exception cref="InvalidDataException">The content has another MD5.</exception>
    /// <exception cref="IOException">The object cannot be read or the copy not be written.</exception>
    public async Task<string> GetAsync(IObjectStore store, string name, string? md5 = null, CancellationToken cancellation = default)
    {
        string path = Path.Combine(folder, name[(name.LastIndexOf('/') + 1)..]);
        if (File.Exists(path)) return path;
        var item = await store.FindAsync(name, cancellation) ?? throw new FileNotFoundException($"{store.Name} has no object '{name}'");
        byte[] content = await store.ReadAsync(item, cancellation);
        string found = Convert.ToHexStringLower(MD5.HashData(content));
        if ((md5 ?? item.Md5) is { } expected && found != expected)
            throw new InvalidDataException($"{store.Name}/{name} has MD5 {found}, expected {expected}");
        Directory.CreateDirectory(folder);
        string part = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllBytesAsync(part, content, cancellation);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
        return path;
    }
}
