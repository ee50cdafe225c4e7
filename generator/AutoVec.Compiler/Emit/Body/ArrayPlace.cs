using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>A piece of memory. Compared by reference.</summary>
public sealed class Memory(bool writable)
{
    /// <summary>False for parameters, which belong to the caller.</summary>
    public bool Writable { get; } = writable;
}

/// <summary>
/// Where an array value lives: a variable that holds the address of its first element, and the distance in elements along each
/// dimension, as a product of extents. <see cref="Memories"/> is the memory it may lie in (several after a branch).
/// </summary>
/// <param name="Element">The C# type of an element: that of the scalar, or a vector of lanes.</param>
public sealed record ArrayPlace(string Name, IrType Type, string Element, Seq<Seq<Atom>> Strides, Seq<Memory> Memories)
{
    /// <summary>Row-major without gaps.</summary>
    public static ArrayPlace Dense(string name, IrType type, params IEnumerable<Memory> memories) =>
        new(name, type, CSharp.Of(type.Scalar), DenseStrides(type.Extents), memories.ToSeq());

    public static Seq<Seq<Atom>> DenseStrides(Seq<Atom> extents) =>
        Enumerable.Range(0, extents.Count).Select(d => extents.Skip(d + 1).ToSeq()).ToSeq();

    public bool IsDense
    {
        get
        {
            int rank = Type.Rank;
            if (Strides.Count != rank) return false;
            for (int d = 0; d < rank; d++)
            {
                var stride = Strides[d];
                if (stride.Count != rank - d - 1) return false;
                for (int k = 0; k < stride.Count; k++)
                    if (!stride[k].Equals(Type.Extents[d + 1 + k])) return false;
            }
            return true;
        }
    }

    public bool Overlaps(ArrayPlace other)
    {
        foreach (var memory in Memories)
            if (other.LiesIn(memory)) return true;
        return false;
    }

    public bool LiesIn(Memory memory) => Memories.Contains(memory);
    public bool SamePlace(ArrayPlace other) => Name == other.Name && Strides == other.Strides;
}
