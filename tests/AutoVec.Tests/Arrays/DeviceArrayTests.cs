using System.Numerics.Tensors;

namespace AutoVec.Tests.Arrays;

public sealed class DeviceArrayTests : IDisposable
{
    private readonly Device _device = Device.Cpu(1);

    public void Dispose() => _device.Dispose();

    [Fact]
    public void Every_rank_goes_there_and_back()
    {
        Assert.Equal([1, 2], _device.Upload(new float[] { 1, 2 }).ToArray());
        var matrix = new double[,] { { 1, 2, 3 }, { 4, 5, 6 } };
        Assert.Equal(matrix, _device.Upload(matrix).ToArray2());
        var cube = new int[,,] { { { 1, 2 }, { 3, 4 } } };
        Assert.Equal(cube, _device.Upload(cube).ToArray3());
        var batch = new bool[1, 2, 1, 2];
        batch[0, 1, 0, 1] = true;
        Assert.Equal(batch, _device.Upload(batch).ToArray4());
        Assert.Equal(7L, _device.UploadScalar(7L).ToScalar());
        Assert.Equal([2, 2], _device.Upload([1f, 2, 3, 4], 2, 2).Shape);
        Assert.Equal([2, 2], _device.Upload(Tensor.Create(new float[4], [2, 2])).Shape);
        Assert.Equal([3], _device.Upload((ReadOnlySpan<float>)[1, 2, 3]).Shape);
    }

    [Fact]
    public void Arrays_of_another_rank_are_refused()
    {
        var matrix = _device.Upload(new float[2, 3]);
        Assert.Equal(6, matrix.ToArray().Length);
        Assert.Throws<InvalidOperationException>(() => matrix.ToArray1());
        Assert.Throws<InvalidOperationException>(() => matrix.ToScalar());
    }

    [Fact]
    public async Task Downloads()
    {
        var x = _device.Upload(new float[,] { { 1, 2 }, { 3, 4 } });
        float[] flat = new float[4];
        x.CopyTo(flat.AsSpan());
        Assert.Equal([1, 2, 3, 4], flat);
        Array.Clear(flat);
        await x.DownloadAsync(flat);
        Assert.Equal([1, 2, 3, 4], flat);
        await x.DownloadAsync(flat.AsSpan(), CancellationToken.None);
        var matrix = new float[2, 2];
        x.CopyTo(matrix);
        Assert.Equal(4, matrix[1, 1]);
        Assert.Throws<ArgumentException>(() => x.CopyTo(new float[3].AsSpan()));
        Assert.Throws<ArgumentException>(() => x.CopyTo(new float[4, 1]));
    }

    [Fact]
    public void Arrays_on_one_device_are_copied_there()
    {
        var x = _device.Upload(new float[] { 1, 2 });
        var y = _device.Allocate<float>(2);
        x.CopyTo(y);
        Assert.Equal([1, 2], y.ToArray());
        y.CopyFrom([3, 4]);
        Assert.Equal([3, 4], y.ToArray());
        Assert.Throws<ArgumentException>(() => x.CopyTo(_device.Allocate<float>(1, 2)));
        using var other = Device.Cpu(1);
        Assert.Throws<ArgumentException>(() => x.CopyTo(other.Allocate<float>(2)));
    }

    [Fact]
    public void Views_share_memory()
    {
        var matrix = _device.Upload(new float[,] { { 1, 2 }, { 3, 4 } });
        var flat = matrix.Flatten();
        Assert.Same(flat, matrix.Flatten());
        Assert.Equal([4], flat.Shape);
        flat.CopyFrom([5, 6, 7, 8]);
        Assert.Equal(8, matrix.ToArray2()[1, 1]);
        Assert.Equal([1, 4], matrix.Reshape(1, 4).Shape);
        Assert.Throws<ArgumentException>(() => matrix.Reshape(3));
    }

    [Fact]
    public void Disposed_arrays_say_so()
    {
        var matrix = _device.Upload(new float[2, 2]);
        var flat = matrix.Flatten();
        flat.Dispose();
        Assert.Contains("float[4] on cpu (1 thread) has been disposed", Assert.Throws<ObjectDisposedException>(() => flat.ToArray()).Message);
        Assert.Equal(4, matrix.ToArray().Length);
        var view = matrix.Reshape(4);
        matrix.Dispose();
        matrix.Dispose();
        Assert.Contains("is a view of has been disposed", Assert.Throws<ObjectDisposedException>(() => view.ToArray()).Message);
        Assert.Throws<ObjectDisposedException>(() => matrix.ToArray());
    }

    [Fact]
    public void Memory_is_reused()
    {
        var first = _device.Allocate<float>(1000);
        var memory = first.Memory;
        first.Dispose();
        using var second = _device.Upload(new float[990]);
        Assert.Same(memory, second.Memory);
    }

    [Fact]
    public void Allocated_arrays_are_zeros()
    {
        var x = _device.Upload(Enumerable.Repeat(1f, 100).ToArray());
        x.Dispose();
        Assert.All(_device.Allocate<float>(100).ToArray(), v => Assert.Equal(0, v));
    }

    [Fact]
    public unsafe void Memory_is_aligned()
    {
        foreach (int n in (int[])[1, 3, 17, 100, 1000, 100_003])
        {
            var memory = HostMemory.Rent(n);
            Assert.True(memory.Bytes >= n && (n <= 256 || memory.Bytes <= n * 1.25 + 64));
            fixed (byte* p = &memory.First<byte>()) Assert.Equal(0, (nint)p % 64);
        }
    }
}
