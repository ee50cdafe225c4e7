using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Diagnostics;

/// <summary>Calls that the compiler cannot follow.</summary>
internal static class CallRules
{
    public static readonly DiagnosticDescriptor NoSource = new(
        "AV0120", "Called method has no source",
        "'{0}' has no source here and is no AutoVec function: {1}",
        Help.Calls, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0120");

    public static readonly DiagnosticDescriptor Recursion = new(
        "AV0121", "Recursion is not supported",
        "'{0}' calls itself: write a loop, with an array as the stack if need be",
        Help.Calls, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0121");

    public static readonly DiagnosticDescriptor NotStaticCall = new(
        "AV0122", "Only static methods are called",
        "'{0}' is not a static method: {1}",
        Help.Calls, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0122");

    public static readonly DiagnosticDescriptor GeneratedMember = new(
        "AV0123", "Generated members are not called in annotated methods",
        "'{0}' is generated from '{1}' and cannot be called here: use Ad.Grad",
        Help.Calls, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0123");

    public static readonly DiagnosticDescriptor NoDerivative = new(
        "AV0125", "Derivative inside a method",
        "There is no derivative here: {0}",
        Help.Calls, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0125");

    public static readonly DiagnosticDescriptor BadLibrary = new(
        "AV0124", "Library function cannot be read",
        "The function '{0}' of '{1}' cannot be read: {2}; build it with the same version of AutoVec",
        Help.Calls, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0124");
}
