using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Diagnostics;

/// <summary>State outside the method.</summary>
internal static class StateRules
{
    public static readonly DiagnosticDescriptor FieldRead = new(
        "AV0140", "Static fields are not read",
        "'{0}' can change between calls, or its value is not known when compiling: {1}",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0140");

    public static readonly DiagnosticDescriptor FieldWrite = new(
        "AV0141", "Static fields are not written",
        "'{0}' lives outside the method: samples of a batch run in any order; return the value instead",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0141");
}
