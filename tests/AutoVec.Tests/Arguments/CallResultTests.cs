using AutoVec.Calls;

namespace AutoVec.Tests.Arguments;

public class CallResultTests
{
    [Fact]
    public void New_arrays_have_the_shape_asked_for()
    {
        CallResult<float> r = default;
        r.Fit("F", "destination", 3, 2);
        Assert.Equal((3, 2), (r.Array2.GetLength(0), r.Array2.GetLength(1)));
        Assert.True(r.IsNew);
    }

    [Fact]
    public unsafe void A_scalar_needs_no_array()
    {
        CallResult<float> r = default;
        r.Fit("F", "destination", Call.NoLead);
        fixed (float* p = r) *p = 5;
        Assert.Equal(5, r.Scalar);
    }

    [Fact]
    public void An_array_that_fits_is_reused()
    {
        var array = new float[3, 2];
        var r = CallResult<float>.Reuse(array);
        r.Fit("F", "gradient.X", 3, 2);
        Assert.Same(array, r.Array2);
        Assert.False(r.IsNew);

        r = CallResult<float>.Reuse(array);
        r.Fit("F", "gradient.X", 2, 3);
        Assert.NotSame(array, r.Array2);
        Assert.True(r.IsNew);
    }

    [Fact]
    public void A_destination_fits_or_is_an_error()
    {
        var e = Assert.Throws<ArgumentException>(() => CallResult<float>.Into(new float[3]).Fit("F", "destination", 2));
        Assert.StartsWith("F: 'destination' is [3] but the result is [2]", e.Message);
        Assert.Throws<ArgumentNullException>(() => CallResult<float>.Into(default).Fit("F", "destination", 2));
    }

    [Fact]
    public void Negative_extents_are_an_overflow_as_in_csharp() =>
        Assert.Throws<OverflowException>(() => default(CallResult<float>).Fit("F", "destination", 2, -1));

    [Fact]
    public void Discarded_results_are_rented()
    {
        static void Call()
        {
            var r = CallResult<float>.Discarded();
            r.Fit("F", "destination", 54_321);
            r.Fill(1);
            r.Release();
        }
        for (int k = 0; k < 3; k++) Call();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int k = 0; k < 3; k++) Call();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
