using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Pipeline;

/// <summary>What lowering makes of one annotated method. No symbols, no syntax: equal inputs give equal values.</summary>
/// <param name="Source">What code is generated from; null if it was rejected, or nothing is generated.</param>
/// <param name="Export">What other assemblies need to call it; null if it is not visible to them.</param>
public sealed record LoweredMethod(MethodSource? Source, ExportedFunction? Export, Seq<DiagnosticInfo> Diagnostics)
{
    /// <summary>The derivatives that its calls of Ad need when it runs as plain C#.</summary>
    public DerivativeSources? Derivatives { get; init; }
}

/// <param name="Name">Of the method, for names of files.</param>
public sealed record DerivativeSources(string Name, Seq<DerivativeSource> Sources);

/// <summary>The function in a call of Ad: code is generated from the first two, whatever line it stands on.</summary>
public sealed record DerivativeSource(MethodModel Model, FunctionIr Function, CallPlace Place);

/// <summary>The method's description and its IR.</summary>
/// <param name="Lines">Where its lines (counted from the method's own) begin.</param>
public sealed record MethodSource(MethodModel Model, FunctionIr Function, Position Where, Seq<LinePosition> Lines);

public sealed record LinePosition(int Line, Position Where);

/// <param name="Key">The method's documentation id.</param>
public sealed record ExportedFunction(string HintName, string Key, string Text);

/// <summary>What is made of one [Tree] record.</summary>
public sealed record LoweredTree(TreeModel? Model, Seq<DiagnosticInfo> Diagnostics);
