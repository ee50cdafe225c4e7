using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>Finds the body of a method whose source is in the compilation.</summary>
internal static class Sources
{
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<SyntaxTree, SemanticModel>> s_models = new();

    /// <summary>
    /// One model for each file of a compilation: a new one knows nothing, and binds a whole method again for every question about it. It lives as long as its compilation.
    /// </summary>
    public static SemanticModel ModelOf(this Compilation compilation, SyntaxTree tree) =>
        s_models.GetValue(compilation, _ => new()).GetOrAdd(tree, t => compilation.GetSemanticModel(t));

    /// <summary>The body as a block (expression bodies too), or null: no source, or no body.</summary>
    public static IBlockOperation? BodyOf(IMethodSymbol method, Compilation? compilation, CancellationToken cancel = default)
    {
        method = method.PartialImplementationPart ?? method;
        foreach (var reference in method.DeclaringSyntaxReferences)
        {
            var syntax = reference.GetSyntax(cancel);
            if (compilation?.ContainsSyntaxTree(syntax.SyntaxTree) != true) continue;
            switch (compilation.ModelOf(syntax.SyntaxTree).GetOperation(syntax, cancel))
            {
                case IMethodBodyOperation m: return m.BlockBody ?? m.ExpressionBody;
                case IConstructorBodyOperation c: return c.BlockBody ?? c.ExpressionBody;
                case IBlockOperation b: return b;   // of a property: => x
                case ILocalFunctionOperation f: return f.Body ?? f.IgnoredBody;
            }
        }
        return null;
    }

    /// <summary>The section of a switch around it that a <c>goto case</c> goes to, or null.</summary>
    public static ISwitchCaseOperation? SectionOf(IBranchOperation branch)
    {
        for (var op = branch.Parent; op is not null; op = op.Parent)
            if (op is ISwitchOperation s && s.Cases.FirstOrDefault(c => c.Clauses.Any(l => SymbolEqualityComparer.Default.Equals(l.Label, branch.Target))) is { } section) return section;
        return null;
    }

    /// <summary>Is it an accessor with code of its own, not that of an auto-property?</summary>
    public static bool HasBody(IMethodSymbol? accessor) => accessor is not null && accessor.DeclaringSyntaxReferences.Any(r => r.GetSyntax() switch
    {
        ArrowExpressionClauseSyntax => true,
        AccessorDeclarationSyntax a => a.Body is not null || a.ExpressionBody is not null,
        _ => false,
    });

    /// <summary>Does control reach the end of the statement? False only where that is certain not to be.</summary>
    public static bool Completes(IOperation op)
    {
        switch (op)
        {
            case IReturnOperation or IBranchOperation or IThrowOperation: return false;
            case IBlockOperation b: return b.Operations.All(Completes);
            case IConditionalOperation c:
                if (c.Condition.ConstantValue is { HasValue: true, Value: bool known })
                    return known ? Completes(c.WhenTrue) : c.WhenFalse is null || Completes(c.WhenFalse);
                return c.WhenFalse is null || Completes(c.WhenTrue) || Completes(c.WhenFalse);
            case IWhileLoopOperation w: return !IsTrue(w.Condition) || Breaks(w, w.ExitLabel);
            case IForLoopOperation f: return !(f.Condition is null || IsTrue(f.Condition)) || Breaks(f, f.ExitLabel);
            case ISwitchOperation s: return Breaks(s, s.ExitLabel) || !s.Cases.Any(c => c.Clauses.Any(l => l is IDefaultCaseClauseOperation));
            default: return true;
        }
    }

    private static bool IsTrue(IOperation? condition) => condition?.ConstantValue is { HasValue: true, Value: true };

    private static bool Breaks(IOperation construct, ILabelSymbol exit) =>
        construct.Descendants().OfType<IBranchOperation>().Any(b => SymbolEqualityComparer.Default.Equals(b.Target, exit));

    /// <summary>The unsafe statement that the block is, or null.</summary>
    public static SyntaxNode? UnsafeAround(IBlockOperation block) =>
        block.Syntax as UnsafeStatementSyntax ?? block.Syntax.Parent as UnsafeStatementSyntax;

    /// <summary>The first line of the source text, shortened.</summary>
    public static string TextOf(SyntaxNode syntax)
    {
        string text = syntax.ToString();
        int end = text.IndexOfAny(['\r', '\n', '{']);
        if (end == 0) end = Math.Min(1, text.Length);
        if (end > 0) text = text.Substring(0, end).TrimEnd();
        return text.Length > 60 ? text.Substring(0, 57) + "..." : text;
    }
}
