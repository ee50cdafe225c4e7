using System.Text;

namespace AutoVec.Compiler.Emit.Text;

/// <summary>
/// Fills a spelling of the op table, <c>{M}.Max({0}, {1})</c> or <c>{0} ? {1} : {2}</c>, with operands, and adds parentheses only
/// where C# needs them.
/// </summary>
public static class Spelling
{
    public static Expr Fill(string template, IReadOnlyList<Expr> operands, Func<string, string> symbol)
    {
        int binds = Binds(template, out string? infix);
        var text = new StringBuilder();
        string? left = null, right = null;
        int depth = 0;
        for (int at = 0; at < template.Length; at++)
        {
            char c = template[at];
            if (c is '(' or '[') depth++;
            if (c is ')' or ']') depth--;
            if (c != '{')
            {
                text.Append(c);
                continue;
            }
            int end = template.IndexOf('}', at);
            string hole = template.Substring(at + 1, end - at - 1);
            at = end;
            if (!char.IsDigit(hole[0]))
            {
                text.Append(symbol(hole));
                continue;
            }
            var operand = operands[hole[0] - '0'];
            bool first = text.Length == 0;
            // Infix operators are left-associative; a conditional's condition must bind tighter, its last part need not.
            int needs = depth > 0 ? Precedence.Lowest
                : infix == "?" ? (first ? Precedence.OrElse : Precedence.Conditional)
                : infix is null ? binds : first ? binds : binds + 1;
            if (end + 1 < template.Length && template[end + 1] == '.') needs = Precedence.Primary;
            string piece = operand.At(needs);
            // A minus behind a minus, and behind a cast to what is no keyword, where it would subtract.
            if (piece[0] == '-' && text.Length > 0 && (text[text.Length - 1] == '-' || text.ToString().EndsWith("(Half)", StringComparison.Ordinal))) piece = $"({piece})";
            if (first) left = piece;
            else right = piece;
            text.Append(piece);
        }
        return infix is null or "?" ? new(text.ToString(), binds) : new(text.ToString(), binds, left, infix, right);
    }

    /// <summary>How tightly the filled template binds, and its infix operator if it is one.</summary>
    private static int Binds(string template, out string? infix)
    {
        infix = null;
        int depth = 0, lowest = Precedence.Primary;
        for (int at = 0; at < template.Length; at++)
        {
            char c = template[at];
            if (c is '(' or '[' or '{') depth++;
            else if (c is ')' or ']' or '}') depth--;
            else if (depth == 0 && c == ' ')
            {
                int end = template.IndexOf(' ', at + 1);
                if (end < 0) break;
                string symbol = template.Substring(at + 1, end - at - 1);
                int p = Precedence.OfInfix(symbol);
                if (p != Precedence.Lowest && p < lowest) (lowest, infix) = (p, symbol);
                at = end - 1;
            }
        }
        // A prefix: -x, !x, ~x or a cast.
        bool cast = template[0] == '(' && template[template.Length - 1] != ')';
        return infix is null && (template[0] is '-' or '!' or '~' || cast) ? Precedence.Unary : lowest;
    }
}
