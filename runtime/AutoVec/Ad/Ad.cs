namespace AutoVec;

/// <summary>
/// Derivatives inside of methods: Newton steps, Hessian-vector products, forces from a potential. In an annotated method, and in what it calls,
/// they are part of what is compiled, and have derivatives of their own. Called from plain C#, they run what was generated: the
/// derivative of a method marked <see cref="DifferentiableAttribute"/>, or of the very lambda that an annotated method holds.
/// </summary>
public static partial class Ad
{
    /// <summary>The number itself; as far as derivatives go, a constant.</summary>
    public static float StopGradient(float x) => x;

    /// <inheritdoc cref="StopGradient(float)"/>
    public static double StopGradient(double x) => x;

    /// <summary>A copy of the array; as far as derivatives go, a constant.</summary>
    public static T[] StopGradient<T>(T[] x) where T : unmanaged => (T[])x.Clone();

    /// <inheritdoc cref="StopGradient{T}(T[])"/>
    public static T[,] StopGradient<T>(T[,] x) where T : unmanaged => (T[,])x.Clone();

    /// <inheritdoc cref="StopGradient{T}(T[])"/>
    public static T[,,] StopGradient<T>(T[,,] x) where T : unmanaged => (T[,,])x.Clone();
}
