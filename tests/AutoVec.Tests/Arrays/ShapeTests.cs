namespace AutoVec.Tests.Arrays;

public class ShapeTests
{
    [Fact]
    public void Extents_outermost_first()
    {
        Shape shape = [2, 3];
        Assert.Equal([2, 3], shape.ToArray());
        Assert.Equal((2, 6L, 3), (shape.Rank, shape.Elements, shape[1]));
        Assert.Equal("[2, 3]", shape.ToString());
        Assert.Equal(new Shape(2, 3), shape);
        Assert.NotEqual(new Shape(3, 2), shape);
        Assert.Equal([5, 2, 3], shape.Under(5));
        Assert.Equal([3], shape.Inner());
    }

    [Fact]
    public void A_scalar_has_rank_0_and_one_element()
    {
        var scalar = new Shape();
        Assert.Equal((0, 1L, "[]"), (scalar.Rank, scalar.Elements, scalar.ToString()));
        Assert.Equal(default, scalar);
        Assert.Equal(1, default(Shape).Elements);
        Assert.Equal(default(Shape).GetHashCode(), scalar.GetHashCode());
    }

    [Fact]
    public void Ranks_and_extents_are_bounded()
    {
        Assert.Throws<ArgumentException>(() => new Shape(1, 2, 3, 4, 5));
        Assert.Throws<ArgumentException>(() => new Shape(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(2)[1]);
        Assert.Throws<InvalidOperationException>(() => new Shape(1, 2, 3, 4).Under(5));
    }
}
