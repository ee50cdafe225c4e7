namespace AutoVec;

/// <summary>A tree on the host, leaf by leaf; implemented by generated code. Scalar leaves are no arrays and not among them.</summary>
public interface IHostTree
{
    /// <summary>The number of array leaves, those of nested trees included.</summary>
    int LeafCount { get; }

    /// <summary>The array leaves in order of declaration.</summary>
    Array Leaf(int index);
}

/// <summary>A tree on a device, leaf by leaf; implemented by generated code. The leaves are those of <see cref="IHostTree"/>.</summary>
public interface IDeviceTree
{
    /// <inheritdoc cref="IHostTree.LeafCount"/>
    int LeafCount { get; }

    /// <summary>The array leaves in order of declaration, each a <see cref="DeviceArray{T}"/>.</summary>
    object Leaf(int index);
}

/// <summary>
/// Trees leaf by leaf, for optimizers. Allocates nothing:
/// <code>foreach (var (w, g) in Tree.Zip&lt;float&gt;(p, gradient.P)) Sgd.StepBatch(w, g, rate, w);</code>
/// </summary>
public static class Tree
{
    /// <summary>
    /// The array leaves of element type <typeparamref name="T"/> of two trees of one type, as pairs of spans that write through.
    /// Scalar leaves and those of other types are left out.
    /// </summary>
    /// <exception cref="ArgumentException">The trees are of different types, or a pair of leaves of different sizes.</exception>
    public static HostLeaves<T> Zip<T>(IHostTree first, IHostTree second) where T : unmanaged => new(first, second);

    /// <summary>As <see cref="Zip{T}(IHostTree, IHostTree)"/>, for trees on a device: pairs of arrays of rank 1.</summary>
    public static DeviceLeaves<T> Zip<T>(IDeviceTree first, IDeviceTree second) where T : unmanaged => new(first, second);

    internal static void Check(object first, object second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.GetType() != second.GetType())
            throw new ArgumentException($"a {first.GetType().Name} and a {second.GetType().Name} have no leaves in common");
    }

    internal static ArgumentException Sizes(int leaf, Shape first, Shape second) =>
        new($"leaf {leaf} is {first} in the first tree and {second} in the second");
}

/// <summary>The pairs of <see cref="Tree.Zip{T}(IHostTree, IHostTree)"/>.</summary>
public ref struct HostLeaves<T> where T : unmanaged
{
    private readonly IHostTree _first, _second;
    private int _index = -1;
    private Array? _a, _b;

    internal HostLeaves(IHostTree first, IHostTree second)
    {
        Tree.Check(first, second);
        _first = first;
        _second = second;
    }

    /// <summary>This.</summary>
    public readonly HostLeaves<T> GetEnumerator() => this;

    /// <summary>To the next leaf of the element type.</summary>
    public bool MoveNext()
    {
        while (++_index < _first.LeafCount)
        {
            _a = _first.Leaf(_index);
            if (_a.GetType().GetElementType() != typeof(T)) continue;
            _b = _second.Leaf(_index);
            return Shape.Of(_a) == Shape.Of(_b) ? true : throw Tree.Sizes(_index, Shape.Of(_a), Shape.Of(_b));
        }
        return false;
    }

    /// <summary>The two leaves, row-major.</summary>
    public readonly Pair Current => new(HostArrays.Elements<T>(_a!), HostArrays.Elements<T>(_b!));

    /// <summary>Two leaves of one size.</summary>
    public readonly ref struct Pair(Span<T> first, Span<T> second)
    {
        /// <summary>The leaf of the first tree.</summary>
        public Span<T> First { get; } = first;

        /// <summary>The leaf of the second tree.</summary>
        public Span<T> Second { get; } = second;

        /// <summary>Both.</summary>
        public void Deconstruct(out Span<T> first, out Span<T> second)
        {
            first = First;
            second = Second;
        }
    }
}

/// <summary>The pairs of <see cref="Tree.Zip{T}(IDeviceTree, IDeviceTree)"/>.</summary>
public struct DeviceLeaves<T> where T : unmanaged
{
    private readonly IDeviceTree _first, _second;
    private int _index = -1;
    private DeviceArray<T>? _a, _b;

    internal DeviceLeaves(IDeviceTree first, IDeviceTree second)
    {
        Tree.Check(first, second);
        _first = first;
        _second = second;
    }

    /// <summary>This.</summary>
    public readonly DeviceLeaves<T> GetEnumerator() => this;

    /// <summary>To the next leaf of the element type.</summary>
    public bool MoveNext()
    {
        while (++_index < _first.LeafCount)
        {
            _a = _first.Leaf(_index) as DeviceArray<T>;
            if (_a is null) continue;
            _b = (DeviceArray<T>)_second.Leaf(_index);
            return _a.Shape == _b.Shape ? true : throw Tree.Sizes(_index, _a.Shape, _b.Shape);
        }
        return false;
    }

    /// <summary>The two leaves as arrays of rank 1.</summary>
    public readonly (DeviceArray<T> First, DeviceArray<T> Second) Current => (_a!.Flatten(), _b!.Flatten());
}
