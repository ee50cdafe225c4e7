namespace AutoVec;

/// <summary>
/// The state of random numbers: JAX's key. A value like any other: pass it to whatever draws, one for the whole batch or one a sample,
/// and <see cref="Prng.Split(PrngKey)"/> it or <see cref="Prng.FoldIn"/> for numbers that are independent of those drawn before.
/// </summary>
/// <param name="High">The first of its two 32-bit words.</param>
/// <param name="Low">The second.</param>
[Tree]
public readonly partial record struct PrngKey(int High, int Low);
