using AutoVec.Compiler.Ir;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>The attributes of the contract, by name.</summary>
internal static class Attributes
{
    public const string Vectorize = "AutoVec.VectorizeAttribute";
    public const string Differentiable = "AutoVec.DifferentiableAttribute";
    public const string Composable = "AutoVec.ComposableAttribute";
    public const string Shared = "AutoVec.SharedAttribute";
    public const string NoGrad = "AutoVec.NoGradAttribute";
    public const string CustomGrad = "AutoVec.CustomGradAttribute";
    public const string Checkpoint = "AutoVec.CheckpointAttribute";
    public const string Tree = "AutoVec.TreeAttribute";
    public const string FunctionIr = "AutoVec.CompilerServices.FunctionIrAttribute";

    public static AttributeData? Find(ISymbol symbol, string attribute) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass?.ToDisplayString() == attribute);

    public static bool Has(ISymbol symbol, string attribute) => Find(symbol, attribute) is not null;

    public static object? Argument(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(a => a.Key == name).Value.Value;

    /// <summary>What the derivatives of a method, and those that it takes, may remember of a sample.</summary>
    public static MemoryBudget Budget(ISymbol method) =>
        (Find(method, Differentiable) is { } d && Argument(d, "MemoryBudget") is string text ? MemoryBudget.Parse(text) : null) ?? MemoryBudget.Default;
}
