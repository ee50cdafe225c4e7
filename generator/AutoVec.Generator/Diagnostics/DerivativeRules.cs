using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Diagnostics;

/// <summary>Where a derivative ends, though the method is fine.</summary>
internal static class DerivativeRules
{
    public static readonly DiagnosticDescriptor Lost = new(
        "AV0150", "The derivative ends here",
        "{0} has no derivative: what '{1}' depends on gets none through it",
        Help.Language, DiagnosticSeverity.Info, true, helpLinkUri: Help.Page + "av0150");
}
