using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit;

public enum Reduction { None, Sum, Mean }

/// <summary>The symbol-free description of an annotated method, made by Lowering and read by the emitters.</summary>
/// <param name="Types">The containing types, outermost first.</param>
/// <param name="Summary">The method's own summary text, or empty.</param>
public sealed record MethodModel(
    string Namespace, Seq<TypeModel> Types, string Accessibility, string Name, string Summary,
    Seq<ParameterModel> Parameters, ValueModel Result, bool Vectorize, Reduction Reduce, bool Differentiable)
{
    /// <summary>Forward mode too.</summary>
    public bool Forward { get; init; }

    /// <summary>How <c>Ad</c> in plain C# calls the derivative; null: it does not.</summary>
    public Registration? Registration { get; init; }

    /// <summary>Made for a call of <c>Ad</c> in plain C#, and registered with it: nothing is generated that this does not need.</summary>
    public bool IsCalledByAd { get; init; }

    /// <summary>Debug mode: where the method stands; null: off, and then no code depends on that.</summary>
    public DebugInfo? Debug { get; init; }

    /// <summary>The parameters that the method writes. Their final contents are results of the IR, after those of <see cref="Result"/>.</summary>
    public Seq<ParameterModel> Outputs => Parameters.Where(p => p.IsOutput).ToSeq();
}

/// <param name="File">The name of the source file.</param>
/// <param name="Line">Of the method's name, counted from 1.</param>
public sealed record DebugInfo(string File, int Line);

/// <param name="Keyword">Everything before the name: <c>static partial class</c>.</param>
public sealed record TypeModel(string Keyword, string Name);

/// <param name="Default">The C# text of the default value of an optional parameter.</param>
public sealed record ParameterModel(string Name, ValueModel Value, bool Shared, bool NoGrad, string? Default)
{
    /// <summary>A <c>Span&lt;T&gt;</c>: what it holds goes in, and what the method leaves in it comes out.</summary>
    public bool IsOutput => Value is ArrayValue { Storage: Storage.Span };
}

/// <summary>A parameter's or result's type, down to its leaves.</summary>
public abstract record ValueModel;

/// <summary>
/// A scalar (rank 0), array, or span. <paramref name="Leaf"/> is the IR parameter (of results: "0", "1", …).
/// <paramref name="CSharpType"/> is the type as written in generated code: <c>float</c>, <c>float[,]</c>, <c>global::N.Color</c>,
/// <c>global::System.ReadOnlySpan&lt;float&gt;</c>.
/// </summary>
public sealed record ArrayValue(Scalar Scalar, int Rank, string Leaf, string CSharpType, Storage Storage = Storage.Value) : ValueModel;

/// <summary>How the leaf is held: a scalar or array, a read-only span, or a span that the method writes (an output of the batch).</summary>
public enum Storage { Value, ReadOnlySpan, Span }

/// <param name="TypeName">With <c>global::</c>.</param>
public sealed record TreeValue(string TypeName, Seq<TreeField> Fields) : ValueModel
{
    /// <summary>A record struct, which is never null.</summary>
    public bool IsStruct { get; init; }
}

/// <summary>A property of a tree, or an element of a tuple (its name, or Item1).</summary>
public sealed record TreeField(string Property, ValueModel Value);

/// <summary>
/// An array of trees inside a tree. Generated code sees it through <paramref name="PackName"/>, whose properties are <paramref name="Leaves"/>: for each leaf of the
/// elements all of them in one array, then extents and starts (see <c>Lowering.Leaves</c>).
/// </summary>
/// <param name="PackName">With <c>global::</c>; nested in the tree that holds the array: <c>Mlp.LayersPack</c>.</param>
/// <param name="ElementName">The type of an element, with <c>global::</c>.</param>
/// <param name="Fields">The fields of an element.</param>
public sealed record PackedValue(string PackName, string ElementName, Seq<TreeField> Fields, Seq<TreeField> Leaves) : ValueModel;

/// <summary>Several values; none of them: <c>void</c>.</summary>
public sealed record TupleValue(Seq<TreeField> Elements) : ValueModel;

/// <summary>A record marked [Tree], for which Batch, OnDevice, In and Upload are emitted.</summary>
/// <param name="Types">The containing types, outermost first, and last the record itself: <c>partial record</c>, <c>partial record struct</c>.</param>
public sealed record TreeModel(string Namespace, Seq<TypeModel> Types, string Accessibility, string Name, Seq<TreeField> Fields);

/// <summary>One file of output.</summary>
/// <param name="Explain">The plan's lines, also shown as Info diagnostics.</param>
public sealed record GeneratedSource(string HintName, string Text, Seq<string> Explain);
