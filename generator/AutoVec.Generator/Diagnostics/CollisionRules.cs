using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Diagnostics;

/// <summary>Names that generated members would collide with.</summary>
internal static class CollisionRules
{
    public static readonly DiagnosticDescriptor MemberExists = new(
        "AV0030", "A generated member exists already",
        "'{0}' has a member '{1}' already, which AutoVec generates for '{2}': rename one of them",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0030");

    public static readonly DiagnosticDescriptor ReservedParameter = new(
        "AV0031", "Parameter names that generated members use",
        "Parameter '{0}' has a name that a generated member uses itself: rename it",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0031");

    public static readonly DiagnosticDescriptor SameProperty = new(
        "AV0032", "Parameters give equal property names",
        "Parameters '{0}' and '{1}' both become property '{2}' of the gradient: rename one",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0032");

    public static readonly DiagnosticDescriptor ReservedLeaf = new(
        "AV0033", "Leaf names that generated members use",
        "'{0}.{1}' has the name of a generated member: rename it",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0033");
}
