using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Diagnostics;

/// <summary>Constructs that the compiler does not translate.</summary>
internal static class LanguageRules
{
    public static readonly DiagnosticDescriptor Statement = new(
        "AV0100", "Statement is not supported",
        "{0} cannot be compiled here: {1}",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0100");

    public static readonly DiagnosticDescriptor Expression = new(
        "AV0101", "Expression is not supported",
        "{0} cannot be compiled here: {1}",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0101");

    public static readonly DiagnosticDescriptor Type = new(
        "AV0102", "Type is not supported",
        "Type '{0}' cannot be compiled here: {1}",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0102");

    public static readonly DiagnosticDescriptor Exception = new(
        "AV0103", "Exceptions are not supported",
        "{0}: a batch has no exceptions of its own; return a value that says so (NaN, a flag), or check before the call",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0103");

    public static readonly DiagnosticDescriptor Goto = new(
        "AV0104", "goto is not supported",
        "'goto' cannot be compiled here: write a loop with 'break' and 'continue'",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0104");

    public static readonly DiagnosticDescriptor Lambda = new(
        "AV0105", "A function that is passed is known where it is called",
        "{0} cannot be compiled here: pass a lambda, a local function or a static method, and return what it computes",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0105");

    public static readonly DiagnosticDescriptor Checked = new(
        "AV0106", "Checked arithmetic is not supported",
        "Checked arithmetic cannot be compiled here, it may throw: use 'unchecked', or compute in long",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0106");

    public static readonly DiagnosticDescriptor Unsafe = new(
        "AV0107", "Unsafe code is not supported",
        "Unsafe code cannot be compiled here: use arrays and indices",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0107");

    public static readonly DiagnosticDescriptor Pattern = new(
        "AV0108", "Pattern is not supported",
        "This pattern cannot be compiled here: {0}",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0108");

    public static readonly DiagnosticDescriptor NotExhaustive = new(
        "AV0109", "Switch expressions cover every value",
        "This switch expression does not cover every value and could throw: add a last arm '_ => ...'",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0109");

    public static readonly DiagnosticDescriptor Unassigned = new(
        "AV0110", "Value may be unassigned",
        "'{0}' may have no value here that compiled code could carry: {1}",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0110");

    public static readonly DiagnosticDescriptor Half = new(
        "AV0111", "Half is storage",
        "'{0}' computes with Half, which is storage here: cast to float first, (float)h, and the result back, (Half)f",
        Help.Language, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0111");
}
