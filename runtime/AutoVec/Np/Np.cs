namespace AutoVec;

/// <summary>
/// A NumPy-like vocabulary. These are ordinary methods, written with loops; annotated methods may call them, and they are compiled and
/// differentiated like the user's own code. Arrays are rectangular and row-major; results are new arrays.
/// </summary>
public static partial class Np
{
    /// <summary>A row of a matrix: the same memory, so that writes through it are writes to the matrix.</summary>
    /// <param name="matrix">Rows × columns.</param>
    /// <param name="row">From 0.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such row.</exception>
    public static Span<T> Row<T>(T[,] matrix, int row)
    {
        int columns = matrix.GetLength(1);
        if ((uint)row >= (uint)matrix.GetLength(0)) throw new IndexOutOfRangeException($"row {row} of {matrix.GetLength(0)}");
        return columns == 0 ? [] : System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref matrix[row, 0], columns);
    }
}
