using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Diagnostics;

/// <summary>What a [Tree] record must look like.</summary>
internal static class TreeRules
{
    public static readonly DiagnosticDescriptor NotPositional = new(
        "AV0020", "Trees are positional records",
        "'{0}' cannot be a tree: {1}; write 'public partial record {0}(float[] A, float[,] B)'",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0020");

    public static readonly DiagnosticDescriptor BadLeaf = new(
        "AV0021", "Leaves of trees",
        "'{0}.{1}' has type '{2}': {3}",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0021");
}
