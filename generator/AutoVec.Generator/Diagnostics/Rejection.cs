using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Diagnostics;

/// <summary>
/// Thrown where a construct cannot be compiled; ends the lowering of the method and becomes its diagnostic. One at a time:
/// what follows a rejected statement would be judged by guesses.
/// </summary>
internal sealed class Rejection(DiagnosticDescriptor rule, Location where, params string[] args) : Exception
{
    public DiagnosticDescriptor Rule { get; } = rule;
    public Location Where { get; } = where;
    public string[] Args { get; } = args;

    public Rejection(DiagnosticDescriptor rule, IOperation where, params string[] args)
        : this(rule, where.Syntax.GetLocation(), args) { }
}
