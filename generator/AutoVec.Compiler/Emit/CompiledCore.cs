using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Extents;

namespace AutoVec.Compiler.Emit;

/// <summary>What is computed: the batch function, its gradient (the cotangent is 1), its vector-Jacobian or its Jacobian-vector product.</summary>
public enum CoreKind { Batch, Gradient, Vjp, Jvp }

/// <summary>A compiled function and its text.</summary>
/// <param name="ClassName">The class that <paramref name="Text"/> declares in the namespace of the method, with the static method <c>Run</c>.</param>
/// <param name="Function">Its parameters, sizes and results.</param>
/// <param name="InPlace">Reads each element before it writes the same element, and no other.</param>
public sealed record CompiledCore(string ClassName, FunctionIr Function, string Text, bool InPlace, Seq<string> Explain)
{
    /// <summary>What is generated and nobody's own lies below it.</summary>
    public const string Namespace = "AutoVec.Generated";

    /// <summary>
    /// The namespace of a method's hosts and cores: <c>AutoVec.Generated.Finance_Pricing_Discount</c>. Its own, so that its classes can be internal: in those that are
    /// visible in their file only, the C# compiler hashes the file's path for each name that it looks up.
    /// </summary>
    public static string NamespaceOf(MethodModel method) => Namespace + "." + Identifiers.Of(string.Join("_",
        new[] { method.Namespace.Replace("_", "__").Replace('.', '_') }.Concat(method.Types.Map(t => t.Name.Replace("_", "__"))).Append(method.Name.Replace("_", "__")).Where(s => s.Length > 0)));

    /// <summary>What must hold of the arguments beside equal extents: the method <c>Holds</c> of the class tests it.</summary>
    public Assumption? Assumes { get; init; }

    /// <summary>
    /// The same function as kernels, in the class <see cref="KernelsClass"/>: <c>Run(IlgpuDevice device, parameters, sizes, outs)</c>, arrays
    /// as views. Null: none, and the text says why on a GPU.
    /// </summary>
    public string? Kernels { get; init; }

    /// <summary><see cref="InPlace"/> on a GPU, where a kernel may also run more than once.</summary>
    public bool KernelsInPlace { get; init; }

    /// <summary>Why there are no kernels.</summary>
    public string NoKernels { get; init; } = "no kernels were compiled";

    public string KernelsClass => ClassName + "Kernels";

    /// <summary>
    /// The version that assumes no extents equal; null if this one assumes none. It means exactly what the plain method means.
    /// </summary>
    public CompiledCore? Guarded { get; init; }

    /// <summary>The version whose results have extents that hold for every argument.</summary>
    public CompiledCore General => Guarded ?? this;
}
