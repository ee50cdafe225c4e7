using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Diagnostics;

/// <summary>What an annotated method must look like (design, the contract).</summary>
internal static class MethodRules
{
    public static readonly DiagnosticDescriptor NotStatic = new(
        "AV0001", "Annotated methods are static",
        "'{0}' is not static: an annotated method has no 'this'; make it static and pass what it needs as parameters",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0001");

    public static readonly DiagnosticDescriptor Generic = new(
        "AV0002", "Annotated methods are not generic",
        "'{0}' is generic: generated code needs the types; write it for float or double",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0002");

    public static readonly DiagnosticDescriptor Overloaded = new(
        "AV0003", "Annotated methods are not overloaded",
        "'{0}' is overloaded: the generated names would collide; give each annotated method its own name",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0003");

    public static readonly DiagnosticDescriptor NotPartial = new(
        "AV0004", "Containing types are partial",
        "'{0}' is not partial: generated members are added to it; write 'partial {1} {0}'",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0004");

    public static readonly DiagnosticDescriptor BadContainer = new(
        "AV0005", "Containing types can be extended",
        "'{0}' cannot hold generated members: {1}",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0005");

    public static readonly DiagnosticDescriptor ByReference = new(
        "AV0006", "Parameters are passed by value",
        "Parameter '{0}' is passed by reference: remove 'in', 'ref' or 'out'; return what the method computes, several values as a tuple",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0006");

    public static readonly DiagnosticDescriptor Nullable = new(
        "AV0007", "Parameters and results are not nullable",
        "{0} is nullable: batched code has no null; remove the '?'",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0007");

    public static readonly DiagnosticDescriptor BadType = new(
        "AV0008", "Types of parameters and results",
        "{0} has type '{1}': {2}",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0008");

    public static readonly DiagnosticDescriptor TupleParameter = new(
        "AV0009", "Tuples are not batched as parameters",
        "Parameter '{0}' is a tuple: take its elements as parameters of their own, or a [Tree] record",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0009");

    public static readonly DiagnosticDescriptor AllShared = new(
        "AV0010", "Something must be batched",
        "Every parameter of '{0}' is [Shared]: there is nothing to batch; remove [Shared] from one, or remove [Vectorize]",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0010");

    public static readonly DiagnosticDescriptor BadReduction = new(
        "AV0011", "Reductions need numbers",
        "'{0}' cannot be reduced by {1}: {2}",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0011");

    public static readonly DiagnosticDescriptor BadBody = new(
        "AV0012", "Annotated methods have a plain body",
        "'{0}' {1}",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0012");

    public static readonly DiagnosticDescriptor NothingToDifferentiate = new(
        "AV0013", "A derivative needs a float in and a float out",
        "'{0}' has no derivative: {1}",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0013");

    public static readonly DiagnosticDescriptor NotYet = new(
        "AV0014", "Not supported yet",
        "{0} is not supported yet: {1}",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0014");

    public static readonly DiagnosticDescriptor BadBudget = new(
        "AV0015", "A memory budget is a number of bytes",
        "'{0}' is no memory budget: write a number and a unit, as in \"64 MB\", \"1.5 GB\" or \"512 kB\", or \"unlimited\"",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0015");

    public static readonly DiagnosticDescriptor BadOutput = new(
        "AV0017", "Span parameters are outputs",
        "'{0}' is a Span<T>, hence an output; it is {1}",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0017");

    public static readonly DiagnosticDescriptor BadRule = new(
        "AV0016", "Custom derivative rule",
        "'{0}' is no derivative rule of '{1}'; expected: {2}",
        Help.Contract, DiagnosticSeverity.Error, true, helpLinkUri: Help.Page + "av0016");
}
