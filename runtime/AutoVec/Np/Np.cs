namespace AutoVec;

/// <summary>
/// A NumPy-like vocabulary. These are ordinary methods, written with loops; annotated methods may call them, and they are compiled and
/// differentiated like the user's own code. Arrays are rectangular and row-major; results are new arrays.
/// </summary>
public static partial class Np;
