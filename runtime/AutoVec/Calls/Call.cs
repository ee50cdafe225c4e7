using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AutoVec.Cpu;

namespace AutoVec.Calls;

/// <summary>What every generated function checks and prepares before its core runs.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Call
{
    /// <summary>In place of a leading dimension: none.</summary>
    public const int NoLead = -1;

    /// <summary>The batch size.</summary>
    /// <param name="method">The annotated method, for messages.</param>
    /// <param name="single">One sample: no argument has a leading dimension, and the size is 1.</param>
    /// <param name="inputs">All arguments.</param>
    /// <param name="destinations">Results with one value per sample that the caller provided memory for.</param>
    /// <exception cref="ArgumentNullException">An argument is missing.</exception>
    /// <exception cref="ArgumentException">Leading dimensions disagree, or there is none.</exception>
    public static int Rows(string method, bool single, ReadOnlySpan<ArgumentInfo> inputs, params ReadOnlySpan<ArgumentInfo> destinations)
    {
        scoped ref readonly var first = ref Unsafe.NullRef<ArgumentInfo>();
        foreach (ref readonly var a in inputs)
        {
            if (a.Rows == ArgumentInfo.Missing) throw new ArgumentNullException(a.Name, $"{method}: '{a.Name}' is missing (null or default)");
            first = ref Agreed(method, in first, in a);
        }
        if (single) return 1;
        foreach (ref readonly var d in destinations) first = ref Agreed(method, in first, in d);
        return Unsafe.IsNullRef(in first) ? throw NoBatch(method, inputs) : first.Rows;
    }

    /// <summary>The leading dimension of results with one value per sample.</summary>
    public static int Lead(bool single, int rows) => single ? NoLead : rows;

    /// <summary>The first of the batches so far, whose size all others have; null where there is none.</summary>
    private static ref readonly ArgumentInfo Agreed(string method, in ArgumentInfo first, in ArgumentInfo other)
    {
        if (other.Rows < 0) return ref first;
        if (Unsafe.IsNullRef(in first)) return ref other;
        if (first.Rows != other.Rows) throw Disagree(method, first, other);
        return ref first;
    }

    private static ArgumentException Disagree(string method, in ArgumentInfo first, in ArgumentInfo other) =>
        new($"{method}: '{first.Name}' has {first.Rows} rows but '{other.Name}' has {other.Rows}", other.Name);

    private static ArgumentException NoBatch(string method, ReadOnlySpan<ArgumentInfo> inputs)
    {
        var names = new List<string>();
        foreach (var a in inputs)
            if (a.Rows != ArgumentInfo.Shared) names.Add($"'{a.Name}'");
        return new($"{method}: no argument is a batch. Give one of {string.Join(", ", names)} a leading dimension, or pass a destination");
    }

    /// <summary>Results must not overlap arguments or each other: one would be overwritten while it is still read.</summary>
    /// <param name="method">The annotated method, for messages.</param>
    /// <param name="inPlace">The core reads each element before it writes the same element, and no other: exactly the same memory is allowed.</param>
    /// <param name="inputs">All arguments.</param>
    /// <param name="results">All results; what this call allocated has no bytes here.</param>
    /// <exception cref="ArgumentException">Two overlap.</exception>
    public static void Apart(string method, bool inPlace, ReadOnlySpan<ArgumentInfo> inputs, params ReadOnlySpan<ArgumentInfo> results)
    {
        for (int r = 0; r < results.Length; r++)
        {
            if (results[r].Bytes == 0) continue;
            foreach (ref readonly var a in inputs)
            {
                bool same = inPlace && a.Rows != ArgumentInfo.Shared && a.Address == results[r].Address && a.Bytes == results[r].Bytes;
                if (!same) Check(method, in results[r], in a);
            }
            for (int q = 0; q < r; q++) Check(method, in results[r], in results[q]);
        }
    }

    /// <summary>Debug mode: arguments lie in memory of their own.</summary>
    /// <exception cref="ArgumentException">Two overlap.</exception>
    public static void Disjoint(string method, ReadOnlySpan<ArgumentInfo> inputs)
    {
        for (int k = 0; k < inputs.Length; k++)
            for (int j = 0; j < k; j++)
                if (inputs[j].Bytes > 0 && inputs[k].Address < inputs[j].Address + inputs[j].Bytes && inputs[j].Address < inputs[k].Address + inputs[k].Bytes)
                    throw new ArgumentException($"{method}: '{inputs[k].Name}' overlaps '{inputs[j].Name}' in memory (checked since AutoVecDebug is set)", inputs[k].Name);
    }

    private static void Check(string method, in ArgumentInfo result, in ArgumentInfo other)
    {
        if (other.Bytes > 0 && result.Address < other.Address + other.Bytes && other.Address < result.Address + result.Bytes)
            throw Overlap(method, result, other);
    }

    private static ArgumentException Overlap(string method, in ArgumentInfo result, in ArgumentInfo other) =>
        new($"{method}: '{result.Name}' overlaps '{other.Name}' in memory, which would be read after it was written", result.Name);

    /// <summary>A cotangent has the shape of its result.</summary>
    /// <exception cref="ArgumentException">It has another.</exception>
    public static void SameShape(string method, string name, Shape own, params ReadOnlySpan<int> result)
    {
        var expected = new Shape(result);
        if (own != expected) throw new ArgumentException($"{method}: '{name}' is {own} per sample but the result is {expected}", name);
    }

    /// <summary>A tangent has the shape of what moves.</summary>
    /// <exception cref="ArgumentException">It has another.</exception>
    public static void TangentShape(string method, string name, bool isMissing, Shape own, string of, Shape expected)
    {
        if (!isMissing && own != expected) throw new ArgumentException($"{method}: '{name}' is {own} but '{of}' is {expected}", name);
    }

    /// <summary>A tangent: as <see cref="Spread"/>, and zeros where it is missing.</summary>
    /// <param name="scope">Owns the rented memory.</param>
    /// <param name="tangent">One value or a batch, or missing.</param>
    /// <param name="pinned">Its first element.</param>
    /// <param name="own">The shape of one value.</param>
    /// <param name="rows">The batch size; 1 for a tangent that all samples share.</param>
    public static T* Tangent<T>(in Scope scope, scoped in Argument<T> tangent, T* pinned, Shape own, int rows) where T : unmanaged
    {
        if (!tangent.IsMissing) return Spread(scope, tangent, pinned, rows);
        nint count = checked((nint)(rows * own.Elements));
        if (count == 0) return pinned;
        T* zeros = scope.Rent<T>(count);
        NativeMemory.Clear(zeros, checked((nuint)count * (nuint)Unsafe.SizeOf<T>()));
        return zeros;
    }

    /// <summary>A copy of what an output holds, for a core that reads it while it writes the output.</summary>
    /// <param name="scope">Owns the rented memory.</param>
    /// <param name="contents">One value or a batch.</param>
    /// <param name="pinned">Its first element.</param>
    public static T* Copy<T>(in Scope scope, scoped in Argument<T> contents, T* pinned) where T : unmanaged
    {
        nint count = checked((nint)(contents.Own.Elements * (contents.IsBatch ? contents.Rows : 1)));
        if (count == 0) return pinned;
        T* copy = scope.Rent<T>(count);
        Buffer.MemoryCopy(pinned, copy, count * Unsafe.SizeOf<T>(), count * Unsafe.SizeOf<T>());
        return copy;
    }

    /// <summary>
    /// One value per sample: the argument itself where it is a batch, else the value repeated in rented memory. Cores read
    /// batches only: a function compiled for every mix of both would be a function per subset of its parameters.
    /// </summary>
    /// <param name="scope">Owns the rented memory.</param>
    /// <param name="argument">One value or a batch.</param>
    /// <param name="pinned">Its first element.</param>
    /// <param name="rows">The batch size.</param>
    public static T* Spread<T>(in Scope scope, scoped in Argument<T> argument, T* pinned, int rows) where T : unmanaged
    {
        if (argument.IsBatch || rows <= 1) return pinned;
        nint size = checked((nint)argument.Own.Elements);
        if (size == 0) return pinned;
        T* all = scope.Rent<T>(checked(rows * size));
        if (size == 1)
        {
            new Span<T>(all, rows).Fill(*pinned);
            return all;
        }
        for (int b = 0; b < rows; b++)
            Buffer.MemoryCopy(pinned, all + b * size, size * Unsafe.SizeOf<T>(), size * Unsafe.SizeOf<T>());
        return all;
    }
}
