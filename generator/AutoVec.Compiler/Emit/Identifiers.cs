using System.Text;

namespace AutoVec.Compiler.Emit;

/// <summary>
/// Names of the IR as C# identifiers. <see cref="Of"/> is a pure function; an instance hands out names that are unique in
/// one scope of generated code: <c>h.12</c> becomes <c>h</c>, or <c>h2</c> where <c>h</c> is taken.
/// </summary>
public sealed class Identifiers
{
    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue",
        "decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally",
        "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long",
        "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public",
        "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch",
        "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void",
        "volatile", "while", "nint", "nuint", "var", "field", "record", "scoped", "file", "required", "await", "dynamic",
    ];

    private readonly HashSet<string> _taken;

    /// <summary>All smaller numbers of a name are taken.</summary>
    private readonly Dictionary<string, int> _next;

    public Identifiers(IEnumerable<string>? reserved = null) => (_taken, _next) = (reserved is null ? [] : [.. reserved], []);

    private Identifiers(Identifiers parent) => (_taken, _next) = (new(parent._taken), new(parent._next));

    /// <summary>Names free in another scope too: a child sees what its parent took so far.</summary>
    public Identifiers Child() => new(this);

    /// <summary>The name as an identifier, the same text every time: dots become underscores, keywords get an <c>@</c>.</summary>
    public static string Of(string name)
    {
        string text = Clean(name);
        return Keywords.Contains(text) ? "@" + text : text;
    }

    /// <summary>An identifier not yet used in this scope, as close to the source name as possible.</summary>
    public string Fresh(string like)
    {
        string text = Clean(Ir.Names.BaseOf(like));
        string candidate = text;
        // A digit at the end of the name would run into the counter: x1 becomes x1_2, not x12.
        string stem = char.IsDigit(text[text.Length - 1]) ? text + "_" : text;
        if (!Keywords.Contains(candidate) && _taken.Add(candidate)) return candidate;
        int n = _next.TryGetValue(stem, out int next) ? next : 2;
        while (!_taken.Add(candidate = stem + n)) n++;
        _next[stem] = n + 1;
        return candidate;
    }

    public void Reserve(string name) => _taken.Add(name);

    private static string Clean(string name)
    {
        if (name.Length > 0 && !char.IsDigit(name[0]) && name.All(c => char.IsLetterOrDigit(c) || c == '_')) return name;
        var text = new StringBuilder();
        foreach (char c in name) text.Append(char.IsLetterOrDigit(c) || c == '_' ? c : '_');
        if (text.Length == 0 || char.IsDigit(text[0])) text.Insert(0, '_');
        return text.ToString();
    }
}
