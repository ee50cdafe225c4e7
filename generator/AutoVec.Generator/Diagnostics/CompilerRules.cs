using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Diagnostics;

/// <summary>What the generator says about itself.</summary>
internal static class CompilerRules
{
    public static readonly DiagnosticDescriptor Internal = new(
        "AV0900", "Internal error",
        "AutoVec could not compile '{0}', which is a defect of AutoVec: {1}",
        Help.Compiler, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0900");

    public static readonly DiagnosticDescriptor Unsupported = new(
        "AV0902", "The transformation does not exist",
        "{0}",
        Help.Compiler, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0902");

    public static readonly DiagnosticDescriptor Explain = new(
        "AV0901", "What a loop became",
        "{0}",
        Help.Compiler, DiagnosticSeverity.Info, true, helpLinkUri: Help.Page + "av0901");
}
