using AutoVec.Data;

namespace AutoVec.Samples.Mnist;

/// <summary>Images as bytes, one row of pixels each, and their labels.</summary>
/// <param name="Pixels">Brightness 0 to 255; row after row, image after image.</param>
/// <param name="Labels">0 to 9, one an image.</param>
/// <param name="PixelCount">Pixels an image.</param>
public sealed record Images(byte[] Pixels, int[] Labels, int PixelCount)
{
    public int Count => Labels.Length;
    public ReadOnlySpan<byte> this[int image] => Pixels.AsSpan(image * PixelCount, PixelCount);
}

/// <param name="Source">What a person calls it: a folder, a bucket, "synthetic digits".</param>
public sealed record TrainAndTest(string Source, Images Train, Images Test);

/// <summary>Finds and reads the four files of MNIST.</summary>
public static class MnistFiles
{
    public const string Bucket = "gs://cvdf-datasets/mnist";

    /// <summary>The files of the original distribution and their MD5.</summary>
    private static readonly (string Name, string Md5)[] Files =
    [
        ("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        ("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
        ("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
        ("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"),
    ];

    /// <param name="from"><c>auto</c>, <c>synthetic</c>, a folder, or <c>gs://bucket/prefix</c>.</param>
    /// <param name="warn">Told when <c>auto</c> falls back to synthetic digits.</param>
    /// <param name="cancellation">Stops a download.</param>
    public static Task<TrainAndTest> LoadAsync(string from, Action<string> warn, CancellationToken cancellation) => from switch
    {
        "auto" => AutoAsync(warn, cancellation),
        "synthetic" => Task.FromResult(SyntheticDigits.Make()),
        _ when from.StartsWith("gs://", StringComparison.Ordinal) => FromBucketAsync(from, cancellation),
        _ => FromFolderAsync(from, cancellation),
    };

    private static async Task<TrainAndTest> AutoAsync(Action<string> warn, CancellationToken cancellation)
    {
        string? root = Environment.GetEnvironmentVariable("AUTOVEC_DATA");
        if (!string.IsNullOrEmpty(root) && Directory.Exists(Path.Combine(root, "mnist")))
            return await FromFolderAsync(Path.Combine(root, "mnist"), cancellation);
        try
        {
            return await FromBucketAsync(Bucket, cancellation);
        }
        catch (IOException e)
        {
            warn($"MNIST cannot be fetched ({e.Message}); training on synthetic digits instead. Give a folder with --data FOLDER or set AUTOVEC_DATA.");
            return SyntheticDigits.Make();
        }
    }

    private static async Task<TrainAndTest> FromFolderAsync(string folder, CancellationToken cancellation)
    {
        var store = new LocalStore(folder);
        var contents = new byte[Files.Length][];
        for (int k = 0; k < Files.Length; k++)
        {
            string name = Files[k].Name;
            var item = await store.FindAsync(name, cancellation) ?? await store.FindAsync(name[..^".gz".Length], cancellation)
                ?? throw new FileNotFoundException($"the folder '{folder}' has no {name}");
            contents[k] = await store.ReadAsync(item, cancellation);
        }
        return Parse(folder, contents);
    }

    private static async Task<TrainAndTest> FromBucketAsync(string url, CancellationToken cancellation)
    {
        string[] parts = url["gs://".Length..].Split('/', 2);
        string prefix = parts.Length == 2 && parts[1].Length > 0 ? parts[1].TrimEnd('/') + "/" : "";
        bool original = url.TrimEnd('/') == Bucket;
        var cache = new FileCache(FileCache.UserFolder(Path.Combine("mnist", original ? "" : Uri.EscapeDataString(url))));
        using var store = new GcsStore(parts[0]);
        var contents = new byte[Files.Length][];
        for (int k = 0; k < Files.Length; k++)
            contents[k] = await File.ReadAllBytesAsync(
                await cache.GetAsync(store, prefix + Files[k].Name, original ? Files[k].Md5 : null, cancellation), cancellation);
        return Parse(url, contents);
    }

    private static TrainAndTest Parse(string source, byte[][] contents) =>
        new(source, Pair(contents, 0), Pair(contents, 2));

    private static Images Pair(byte[][] contents, int at)
    {
        string imagesName = Files[at].Name, labelsName = Files[at + 1].Name;
        var images = Idx.Parse(contents[at], imagesName);
        var labels = Idx.Parse(contents[at + 1], labelsName);
        if (images.Shape.Length != 3) throw new InvalidDataException($"{imagesName} has {images.Shape.Length} dimensions, expected 3 (images, rows, columns)");
        if (labels.Shape.Length != 1) throw new InvalidDataException($"{labelsName} has {labels.Shape.Length} dimensions, expected 1");
        if (labels.Shape[0] != images.Shape[0])
            throw new InvalidDataException($"{imagesName} has {images.Shape[0]} images but {labelsName} has {labels.Shape[0]} labels");
        int bad = labels.Data.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)9);
        if (bad >= 0) throw new InvalidDataException($"{labelsName}: label {bad} is {labels.Data[bad]}, expected 0 to 9");
        return new Images(images.Data, Array.ConvertAll(labels.Data, b => (int)b), images.RowLength);
    }
}
