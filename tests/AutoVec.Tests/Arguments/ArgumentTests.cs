using System.Numerics.Tensors;
using AutoVec.Calls;

namespace AutoVec.Tests.Arguments;

public class ArgumentTests
{
    private static string Show<T>(Argument<T> a) where T : unmanaged =>
        a.IsMissing ? "missing" : a.IsBatch ? $"{a.Rows} × {a.Own}" : $"one {a.Own}";

    private static string Scalar(In<float> x) => Show<float>(x);
    private static string Vector(In1<float> x) => Show<float>(x);
    private static string Matrix(In2<float> x) => Show<float>(x);
    private static string Cube(In3<float> x) => Show<float>(x);

    [Fact]
    public void A_scalar_parameter()
    {
        Assert.Equal("one []", Scalar(2));
        Assert.Equal("3 × []", Scalar(new float[3]));
        Assert.Equal("2 × []", Scalar([1, 2]));
        Assert.Equal("3 × []", Scalar(stackalloc float[3]));
        Assert.Equal("3 × []", Scalar(new float[3].AsMemory()));
        Assert.Equal("3 × []", Scalar(Tensor.Create(new float[3])));
        Assert.Equal("0 × []", Scalar([]));
        Assert.Equal("missing", Scalar((float[]?)null));
        Assert.Equal("missing", Scalar(default));
    }

    [Fact]
    public void A_parameter_of_rank_1()
    {
        Assert.Equal("one [3]", Vector(new float[3]));
        Assert.Equal("one [2]", Vector([1, 2]));
        Assert.Equal("one [3]", Vector(new ReadOnlySpan<float>(new float[3])));
        Assert.Equal("one [3]", Vector(new ReadOnlyMemory<float>(new float[3])));
        Assert.Equal("2 × [3]", Vector(new float[2, 3]));
        Assert.Equal("2 × [3]", Vector(In1<float>.Batch(new float[6], rows: 2)));
        Assert.Equal("0 × [0]", Vector(In1<float>.Batch([], rows: 0)));
        Assert.Equal("2 × [3]", Vector(Tensor.Create(new float[6], [2, 3])));
        Assert.Equal("one [6]", Vector(Tensor.Create(new float[6])));
        Assert.Equal("missing", Vector((float[,]?)null));
        Assert.Throws<ArgumentException>(() => Vector(In1<float>.Batch(new float[7], rows: 2)));
    }

    [Fact]
    public void Parameters_of_rank_2_and_3()
    {
        Assert.Equal("one [2, 3]", Matrix(new float[2, 3]));
        Assert.Equal("4 × [2, 3]", Matrix(new float[4, 2, 3]));
        Assert.Equal("4 × [2, 3]", Matrix(In2<float>.Batch(new float[24], 4, 2, 3)));
        Assert.Equal("4 × [2, 3]", Matrix(Tensor.Create(new float[24], [4, 2, 3])));
        Assert.Equal("one [2, 3, 4]", Cube(new float[2, 3, 4]));
        Assert.Equal("5 × [2, 3, 4]", Cube(new float[5, 2, 3, 4]));
    }

    [Fact]
    public void A_strided_tensor_says_what_to_write()
    {
        float[] values = new float[12];
        var e = Assert.Throws<ArgumentException>(() => Vector(new ReadOnlyTensorSpan<float>(values, [2, 3], [6, 1])));
        Assert.Contains("ToDenseTensor", e.Message);
    }

    [Fact]
    public void A_tensor_of_another_rank_is_no_argument() =>
        Assert.Throws<ArgumentException>(() => Vector(Tensor.Create(new float[8], [2, 2, 2])));

    [Fact]
    public unsafe void The_first_element_is_pinned()
    {
        float[] values = [7, 8];
        Argument<float> batch = (In<float>)values, one = (In<float>)9f, empty = (In<float>)Array.Empty<float>();
        fixed (float* b = batch, o = one, e = empty)
        {
            Assert.Equal(8, b[1]);
            Assert.Equal(9, *o);
            Assert.True(e == null);
        }
    }

    [Fact]
    public void Optional_parameters_have_the_users_default()
    {
        Assert.Equal("one []", Scalar(default(In<float>).Or(3)));
        Assert.Equal("2 × []", Scalar(((In<float>)new float[2]).Or(3)));
        Assert.Equal("one [1]", Vector(default(In1<float>).Or([3])));
    }
}
