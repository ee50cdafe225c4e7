using System.Runtime.InteropServices;

namespace AutoVec.Benchmarks.Suite;

/// <summary>Fresh inputs, and arrays that stay where they are while hand-written kernels point at them.</summary>
internal sealed unsafe class Inputs(int seed) : IDisposable
{
    private readonly List<GCHandle> pins = [];
    private readonly Random random = new(seed);

    /// <summary>Uniform numbers.</summary>
    public float[] Uniform(int count, float from = -1, float to = 1) => Fill(new float[count], from, to);

    /// <summary>Uniform numbers.</summary>
    public float[,] Matrix(int rows, int columns, float from = -1, float to = 1) => Fill(new float[rows, columns], from, to);

    /// <summary>Uniform numbers.</summary>
    public float[,,] Batch(int depth, int rows, int columns, float from = -1, float to = 1) => Fill(new float[depth, rows, columns], from, to);

    /// <summary>Uniform integers in 0 to <paramref name="below"/> − 1.</summary>
    public int[] Integers(int count, int below)
    {
        var values = new int[count];
        for (int i = 0; i < count; i++) values[i] = random.Next(below);
        return values;
    }

    /// <summary>The first element; the array does not move until this is disposed.</summary>
    public float* Pin(Array array)
    {
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        pins.Add(pin);
        return (float*)Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
    }

    /// <summary>As <see cref="Pin"/>.</summary>
    public int* PinIntegers(int[] array) => (int*)Pin(array);

    public void Dispose()
    {
        foreach (var pin in pins) pin.Free();
        pins.Clear();
    }

    private T Fill<T>(T array, float from, float to) where T : class
    {
        foreach (ref float x in Flat((Array)(object)array)) x = from + (to - from) * random.NextSingle();
        return array;
    }

    /// <summary>All elements in order.</summary>
    public static Span<float> Flat(Array array) =>
        MemoryMarshal.CreateSpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, float>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    /// <summary>The rows as plain methods take them.</summary>
    public static float[][] Rows(float[,] matrix) =>
        [.. Enumerable.Range(0, matrix.GetLength(0)).Select(r => Flat(matrix).Slice(r * matrix.GetLength(1), matrix.GetLength(1)).ToArray())];

    /// <summary>The matrices as plain methods take them.</summary>
    public static float[][,] Matrices(float[,,] batch)
    {
        int size = batch.GetLength(1) * batch.GetLength(2);
        var all = new float[batch.GetLength(0)][,];
        for (int b = 0; b < all.Length; b++)
        {
            all[b] = new float[batch.GetLength(1), batch.GetLength(2)];
            Flat(batch).Slice(b * size, size).CopyTo(Flat(all[b]));
        }
        return all;
    }
}
