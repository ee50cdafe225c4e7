using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoVec.Generator.Tests.Robustness;

/// <summary>
/// Small changes of a source, as slips of the hand make them: tokens lost, doubled, exchanged; statements lost, doubled, moved; another
/// name, number, type or operator of the same file. About a third still compile.
/// </summary>
internal sealed class Mutation(Random random)
{
    private static readonly string[] s_types = ["float", "double", "int", "long", "bool", "float[]", "double[,]", "var", "uint", "decimal", "string", "Span<float>", "(int, float)"];
    private static readonly string[] s_numbers = ["0", "1", "-1", "2.5", "1e300", "int.MaxValue", "int.MinValue", "float.NaN", "0f", "3L", "true", "null", "default"];
    private static readonly string[] s_operators = ["+", "-", "*", "/", "%", "<", ">", "<=", ">=", "==", "!=", "&", "|", "^", "<<", ">>>", "&&", "||"];
    private static readonly string[] s_assignments = ["=", "+=", "-=", "*=", "/=", "%=", "<<=", "??="];

    public string Of(CompilationUnitSyntax unit)
    {
        string text = unit.ToFullString();
        int changes = random.Next(4) == 0 ? 2 : 1;
        for (int k = 0; k < changes; k++)
        {
            var root = CSharpSyntaxTree.ParseText(text, new(LanguageVersion.Preview)).GetCompilationUnitRoot();
            var methods = root.DescendantNodes().OfType<MethodDeclarationSyntax>().ToList();
            if (methods.Count == 0) return text;
            var annotated = methods.FirstOrDefault(m => m.AttributeLists.Count > 0) ?? methods[0];
            text = Change(text, random.Next(8) == 0 ? methods[random.Next(methods.Count)] : annotated);
        }
        return text;
    }

    private T Pick<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    private string Change(string text, MethodDeclarationSyntax method)
    {
        var statements = method.DescendantNodes().OfType<StatementSyntax>().Where(s => s.Parent is not MethodDeclarationSyntax).ToList();
        if (statements.Count > 0 && random.Next(3) == 0)
        {
            var (a, b) = (Pick(statements), Pick(statements));
            return random.Next(4) switch
            {
                0 => Replace(text, a.FullSpan.Start, a.FullSpan.Length, ""),
                1 => Replace(text, a.FullSpan.End, 0, a.ToFullString()),
                2 => Replace(text, a.FullSpan.End, 0, b.ToFullString()),
                _ => Replace(text, a.Span.Start, a.Span.Length, Pick(["for (int q = 0; q < 3; q++) ", "if (1 < 2) ", "while (true) "]) + (a is BlockSyntax ? a.ToString() : $"{{ {a} }}")),
            };
        }
        var tokens = method.DescendantTokens().ToList();
        var token = Pick(tokens);
        if (random.Next(3) > 0 && Alternative(token, tokens) is { } other) return Replace(text, token.SpanStart, token.Span.Length, other);
        int at = random.Next(tokens.Count - 1);
        var (first, second) = (tokens[at], tokens[at + 1]);
        return random.Next(4) switch
        {
            0 => Replace(text, token.SpanStart, token.Span.Length, ""),
            1 => Replace(text, token.Span.End, 0, " " + token.Text),
            2 => Replace(text, first.SpanStart, second.Span.End - first.SpanStart, $"{second.Text} {first.Text}"),
            _ => Replace(text, token.SpanStart, token.Span.Length, Pick(tokens).Text),
        };
    }

    /// <summary>Something else of the same kind.</summary>
    private string? Alternative(SyntaxToken token, List<SyntaxToken> tokens) => token.Kind() switch
    {
        SyntaxKind.IdentifierToken => Pick(tokens.Where(t => t.IsKind(SyntaxKind.IdentifierToken)).ToList()).Text,
        SyntaxKind.NumericLiteralToken => random.Next(2) == 0 ? Pick(s_numbers) : Pick(tokens.Where(t => t.IsKind(SyntaxKind.NumericLiteralToken)).ToList()).Text,
        _ when token.Parent is PredefinedTypeSyntax => Pick(s_types),
        _ when token.Parent is BinaryExpressionSyntax => Pick(s_operators),
        _ when token.Parent is AssignmentExpressionSyntax => Pick(s_assignments),
        SyntaxKind.PlusPlusToken => "--",
        SyntaxKind.BreakKeyword => "continue",
        SyntaxKind.ContinueKeyword => "break",
        _ => null,
    };

    private static string Replace(string text, int at, int length, string by) => text[..at] + by + text[(at + length)..];
}
