using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit;

/// <summary>What is computed: the batch function, its gradient (the cotangent is 1), or its vector-Jacobian product.</summary>
public enum CoreKind { Batch, Gradient, Vjp }

/// <summary>A compiled function and its text.</summary>
/// <param name="ClassName">The class that <paramref name="Text"/> declares, with the static method <c>Run</c>.</param>
/// <param name="Function">Its parameters, sizes and results.</param>
/// <param name="InPlace">Reads each element before it writes the same element, and no other.</param>
public sealed record CompiledCore(string ClassName, FunctionIr Function, string Text, bool InPlace, Seq<string> Explain)
{
    /// <summary>
    /// The version that assumes no extents equal; null if this one assumes none. It means exactly what the plain method means.
    /// </summary>
    public CompiledCore? Guarded { get; init; }

    /// <summary>The version whose results have extents that hold for every argument.</summary>
    public CompiledCore General => Guarded ?? this;
}
