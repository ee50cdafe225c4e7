namespace AutoVec.Compiler.Emit.Text;

/// <summary>How tightly C# expressions bind, tightest last.</summary>
public static class Precedence
{
    public const int Lowest = 0, Conditional = 1, OrElse = 2, AndAlso = 3, Or = 4, Xor = 5, And = 6, Equality = 7, Relational = 8,
        Shift = 9, Additive = 10, Multiplicative = 11, Unary = 12, Primary = 13;

    public static int OfInfix(string symbol) => symbol switch
    {
        "?" => Conditional,
        "||" => OrElse,
        "&&" => AndAlso,
        "|" => Or,
        "^" => Xor,
        "&" => And,
        "==" or "!=" => Equality,
        "<" or ">" or "<=" or ">=" => Relational,
        "<<" or ">>" or ">>>" => Shift,
        "+" or "-" => Additive,
        "*" or "/" or "%" => Multiplicative,
        _ => Lowest,
    };
}

/// <summary>A C# expression and how tightly it binds. Of an infix expression the parts are kept, so that <c>s = s + x</c> can become <c>s += x</c>.</summary>
public readonly record struct Expr(string Text, int Binds, string? Left = null, string? Symbol = null, string? Right = null)
{
    public static Expr Name(string name) => new(name, Precedence.Primary);
    public static Expr Number(string literal) => new(literal, literal[0] is '-' or '(' ? Precedence.Unary : Precedence.Primary);

    /// <summary>As an operand where only what binds at least this tightly may stand bare.</summary>
    public string At(int precedence) => Binds < precedence ? $"({Text})" : Text;

    public static Expr Infix(Expr left, string symbol, Expr right)
    {
        int p = Precedence.OfInfix(symbol);
        string l = left.At(p), r = right.At(p + 1);
        return new($"{l} {symbol} {r}", p, l, symbol, r);
    }

    public override string ToString() => Text;
}
