using AutoVec.Data;

namespace AutoVec.Samples.Mnist;

/// <summary>Some images, brightness 0 to 1, with their labels; the memory goes back to its owner after use.</summary>
public sealed class Batch(int size, int pixels)
{
    public float[] Pixels { get; } = new float[size * pixels];
    public int[] Labels { get; } = new int[size];
    public int Count => Labels.Length;
}

/// <summary>Shuffled batches of a set of images, made ahead of their use in a few buffers that circulate.</summary>
public sealed class Batches(Images images, int size)
{
    private const int Ahead = 2;
    private readonly System.Collections.Concurrent.ConcurrentBag<Batch> _free = [];

    /// <summary>Whole batches only: the rest of an epoch's images wait for the next shuffle.</summary>
    public int Count => images.Count / size;

    /// <param name="seed">The same seed gives the same order.</param>
    public Dataset<Batch> Epoch(long seed) =>
        Dataset.Range(images.Count).Shuffle(seed).Batch(size, dropRemainder: true).Map(Gather).Prefetch(Ahead);

    public void Return(Batch batch) => _free.Add(batch);

    private Batch Gather(int[] which)
    {
        if (!_free.TryTake(out var batch)) batch = new Batch(size, images.PixelCount);
        for (int b = 0; b < which.Length; b++)
        {
            ToFloat(images[which[b]], batch.Pixels.AsSpan(b * images.PixelCount, images.PixelCount));
            batch.Labels[b] = images.Labels[which[b]];
        }
        return batch;
    }

    /// <summary>Brightness 0 to 255 as 0 to 1.</summary>
    public static void ToFloat(ReadOnlySpan<byte> from, Span<float> to)
    {
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(from, to);
        System.Numerics.Tensors.TensorPrimitives.Multiply(to, 1f / 255, to);
    }
}
