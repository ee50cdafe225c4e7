namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>Where the adjoints start.</summary>
public enum Seed
{
    /// <summary>The function's result 0, a float scalar, has adjoint 1: a gradient.</summary>
    One,

    /// <summary>As <see cref="One"/>, but the adjoint is a parameter, appended: the sample's share of a mean over a batch.</summary>
    Share,

    /// <summary>Each float result brings its adjoint as a parameter: a vector-Jacobian product.</summary>
    Cotangent,
}

/// <summary>A derivative that has no rule. The message is written for the user; it becomes a diagnostic.</summary>
public sealed class UnsupportedDerivativeException(string message) : UnsupportedException(message);
