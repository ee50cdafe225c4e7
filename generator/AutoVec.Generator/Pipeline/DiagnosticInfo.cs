using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace AutoVec.Generator.Pipeline;

/// <summary>A diagnostic without symbols or syntax trees, so that it may stand in the incremental pipeline.</summary>
public sealed record DiagnosticInfo(DiagnosticDescriptor Rule, Position Where, Seq<string> Args)
{
    public static DiagnosticInfo Of(DiagnosticDescriptor rule, Location where, params string[] args) =>
        new(rule, Position.Of(where), args.ToSeq());

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Rule, Where.ToLocation(), Args.Map(a => (object)a).ToArray());
}

/// <summary>A location as plain numbers.</summary>
public sealed record Position(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static Position Of(Location location)
    {
        var span = location.GetLineSpan();
        return new(span.Path ?? "", location.SourceSpan, span.Span);
    }

    /// <summary>The file's name, and the line counted from 1.</summary>
    public DebugInfo ForDebug() => new(System.IO.Path.GetFileName(Path), Lines.Start.Line + 1);

    public Location ToLocation() => Path.Length == 0 ? Location.None : Location.Create(Path, Span, Lines);
}
