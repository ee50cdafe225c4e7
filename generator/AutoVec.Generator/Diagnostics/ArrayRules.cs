using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Diagnostics;

/// <summary>Arrays: who may write, and which array a name means.</summary>
internal static class ArrayRules
{
    public static readonly DiagnosticDescriptor ReadOnlyArray = new(
        "AV0160", "Array parameters are read-only",
        "'{0}' is a parameter (or may be one) and is written: copy it first, var copy = (T[]){0}.Clone(), or take a Span<T> to make it an output",
        Help.Arrays, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0160");

    public static readonly DiagnosticDescriptor Alias = new(
        "AV0161", "Two names may mean one array",
        "'{0}' is written, but {1}: use one name for one array, or copy its elements",
        Help.Arrays, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0161");

    public static readonly DiagnosticDescriptor ShapesDiffer = new(
        "AV0162", "Array has one shape on every path",
        "'{0}' {1}",
        Help.Arrays, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0162");

    public static readonly DiagnosticDescriptor Slice = new(
        "AV0164", "A span and its slice in one loop",
        "A loop writes through '{0}' and uses the span it is cut from: use one of the two there, or copy",
        Help.Arrays, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0164");

    public static readonly DiagnosticDescriptor Row = new(
        "AV0166", "A row of a jagged array has one place",
        "'{0}' {1}",
        Help.Arrays, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0166");

    public static readonly DiagnosticDescriptor ArrayLoop = new(
        "AV0165", "Array reference changes in a loop",
        "'{0}' {1}",
        Help.Arrays, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0165");
}
