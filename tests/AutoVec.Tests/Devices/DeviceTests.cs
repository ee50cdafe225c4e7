namespace AutoVec.Tests.Devices;

public class DeviceTests
{
    [Fact]
    public void The_default_is_the_first_of_all_and_survives_using()
    {
        using (Device device = Device.Default) Assert.Same(Device.All[0], device);
        Assert.Equal(1f, Device.Default.UploadScalar(1f).ToScalar());
        Assert.IsType<CpuDevice>(Device.All[^1]);
    }

    [Fact]
    public void A_cpu_has_the_threads_asked_for()
    {
        using var device = Device.Cpu(threads: 2);
        Assert.Equal(2, Assert.IsType<CpuDevice>(device).Threads);
        Assert.Equal("cpu (2 threads)", device.ToString());
        using var all = Device.Cpu();
        Assert.Equal(Environment.ProcessorCount, ((CpuDevice)all).Threads);
        Assert.Throws<ArgumentOutOfRangeException>(() => Device.Cpu(-1));
    }

    [Fact]
    public void A_disposed_device_gives_no_memory()
    {
        var device = Device.Cpu(1);
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.Upload(new float[1]));
    }

    [Fact]
    public void A_device_that_is_not_there_is_an_error()
    {
        Assert.ThrowsAny<Exception>(() => Device.Cuda(99));
        Assert.ThrowsAny<Exception>(() => Device.OpenCL(99));
    }
}
