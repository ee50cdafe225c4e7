namespace AutoVec.Compiler.Ir;

/// <summary>What the interpreter computes with: a scalar, or a dense row-major array.</summary>
public sealed class Value : IEquatable<Value>
{
    private readonly Const? _scalar;
    private Const[]? _data;

    private Value(Const scalar)
    {
        ElementType = scalar.Scalar;
        _scalar = scalar;
    }

    private Value(Scalar scalar, Seq<int> shape, Const[] data)
    {
        ElementType = scalar;
        Shape = shape;
        _data = data;
    }

    public Scalar ElementType { get; }
    public Seq<int> Shape { get; }

    /// <summary>The elements, row by row; one for a scalar.</summary>
    public Const[] Data => _data ??= [_scalar!];

    public bool IsArray => Shape.Count > 0;
    public Const AsConst => _scalar ?? Data[0];
    public double AsDouble => AsConst.AsDouble;
    public double[] ToDoubles() => Array.ConvertAll(Data, c => c.AsDouble);

    public static Value Of(Const value) => new(value);
    public static Value Of(float value) => Of(Const.F32(value));
    public static Value Of(double value) => Of(Const.F64(value));
    public static Value Of(int value) => Of(Const.I32(value));
    public static Value Of(long value) => Of(Const.I64(value));
    public static Value Of(bool value) => Of(Const.Bool(value));

    public static Value Of(Scalar scalar, Seq<int> shape, Const[] data) =>
        data.Length == Length(shape) ? new(scalar, shape, data)
            : throw new ArgumentException($"{data.Length} elements do not fill an array of shape [{shape}]");

    /// <summary>An array of the given scalar type; the numbers are converted.</summary>
    public static Value Of(Scalar scalar, Seq<int> shape, IEnumerable<double> data) =>
        Of(scalar, shape, data.Select(x => Const.Of(scalar, x)).ToArray());

    /// <summary>A C# scalar or array (any rank) of float, double, int, long or bool.</summary>
    public static Value From(object value)
    {
        if (value is not Array array) return Of(Element(value));
        var scalar = array.GetType().GetElementType() switch
        {
            var t when t == typeof(float) => Scalar.F32,
            var t when t == typeof(double) => Scalar.F64,
            var t when t == typeof(int) => Scalar.I32,
            var t when t == typeof(long) => Scalar.I64,
            var t when t == typeof(bool) => Scalar.Bool,
            var t => throw new ArgumentException($"no value of element type {t}"),
        };
        return Of(scalar, Enumerable.Range(0, array.Rank).Select(array.GetLength).ToSeq(), array.Cast<object>().Select(Element).ToArray());
    }

    private static Const Element(object value) => value switch
    {
        float f => Const.F32(f),
        double d => Const.F64(d),
        int i => Const.I32(i),
        long l => Const.I64(l),
        bool b => Const.Bool(b),
        _ => throw new ArgumentException($"no value of type {value.GetType()}"),
    };

    internal static long Length(Seq<int> shape)
    {
        long n = 1;
        foreach (int e in shape) n *= e;
        return n;
    }

    public bool Equals(Value? other) =>
        other is not null && ElementType == other.ElementType && Shape == other.Shape && Data.SequenceEqual(other.Data);

    public override bool Equals(object? obj) => Equals(obj as Value);
    public override int GetHashCode() => Data.Length == 0 ? 0 : Data[0].GetHashCode();
    public override string ToString() => IsArray ? $"[{string.Join(", ", Data.Take(32).Select(c => c.ToString()))}]" : Data[0].ToString();
}
