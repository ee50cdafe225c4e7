using System.Globalization;

namespace AutoVec.Compiler.Ir;

/// <param name="FirstOnLine">Does it open a line? Statements end at line breaks.</param>
internal sealed record Token(string Text, int Line, bool FirstOnLine)
{
    public bool IsName => char.IsLetter(Text[0]) || Text[0] is '_' or '`' or '@';
    public static readonly Token End = new("<end>", 0, true);
}

/// <summary>Splits the IR's text into names, numbers and symbols; <c>#</c> starts a comment.</summary>
internal static class Lexer
{
    private static readonly string[] Symbols = [">>>", "+=", "<<", ">>", "<=", ">=", "==", "!="];

    public static List<Token> Split(string text)
    {
        var tokens = new List<Token>();
        int line = 1, at = 0;
        bool first = true;
        while (at < text.Length)
        {
            char c = text[at];
            if (c == '\n') { line++; first = true; at++; continue; }
            if (char.IsWhiteSpace(c)) { at++; continue; }
            if (c == '#')
            {
                while (at < text.Length && text[at] != '\n') at++;
                continue;
            }
            int length = LengthAt(text, at);
            tokens.Add(new Token(text.Substring(at, length), line, first));
            first = false;
            at += length;
        }
        return tokens;
    }

    private static int LengthAt(string text, int at)
    {
        char c = text[at];
        int end = at;
        if (c == '`')
        {
            end = text.IndexOf('`', at + 1);
            return end < 0 ? throw new FormatException("a quoted name does not end") : end - at + 1;
        }
        if (char.IsLetter(c) || c == '_')
        {
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '.')) end++;
            return end - at;
        }
        bool minus = c == '-' && at + 1 < text.Length && (char.IsDigit(text[at + 1]) || string.CompareOrdinal(text, at + 1, "inf", 0, 3) == 0);
        if (char.IsDigit(c) || minus)
        {
            end++;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '.'
                   || text[end] is '+' or '-' && text[end - 1] is 'E' or 'e')) end++;
            return end - at;
        }
        foreach (string symbol in Symbols)
            if (string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0) return symbol.Length;
        return 1;
    }

    /// <summary>The constant a token spells, or null.</summary>
    public static Const? Constant(string text)
    {
        switch (text)
        {
            case "true": return Const.Bool(true);
            case "false": return Const.Bool(false);
            case "nan": return Const.F64(double.NaN);
            case "nanf": return Const.F32(float.NaN);
            case "undef": return Const.Undefined(Scalar.F64);
            case "undeff": return Const.Undefined(Scalar.F32);
            case "nothing": return Const.Nothing(Scalar.F64);
            case "nothingf": return Const.Nothing(Scalar.F32);
            case "inf": return Const.F64(double.PositiveInfinity);
            case "inff": return Const.F32(float.PositiveInfinity);
            case "-inf": return Const.F64(double.NegativeInfinity);
            case "nanh": return Const.F16(double.NaN);
            case "infh": return Const.F16(double.PositiveInfinity);
            case "-infh": return Const.F16(double.NegativeInfinity);
            case "-inff": return Const.F32(float.NegativeInfinity);
        }
        if (!char.IsDigit(text[0]) && text[0] != '-') return null;
        var culture = CultureInfo.InvariantCulture;
        if (text.EndsWith("L", StringComparison.Ordinal))
            return long.TryParse(text.Substring(0, text.Length - 1), NumberStyles.Integer, culture, out long l) ? Const.I64(l) : null;
        if (text.EndsWith("f", StringComparison.Ordinal))
            return float.TryParse(text.Substring(0, text.Length - 1), NumberStyles.Float, culture, out float f)
                ? Const.F32(f == 0 && text[0] == '-' ? -0.0f : f) : null;
        if (text.EndsWith("h", StringComparison.Ordinal))
            return double.TryParse(text.Substring(0, text.Length - 1), NumberStyles.Float, culture, out double h)
                ? Const.F16(h == 0 && text[0] == '-' ? -0.0 : h) : null;
        if (int.TryParse(text, NumberStyles.Integer, culture, out int i)) return Const.I32(i);
        return double.TryParse(text, NumberStyles.Float, culture, out double d)
            ? Const.F64(d == 0 && text[0] == '-' ? -0.0 : d) : null;
    }
}
