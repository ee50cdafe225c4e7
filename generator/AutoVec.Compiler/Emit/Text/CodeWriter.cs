using System.Text;

namespace AutoVec.Compiler.Emit.Text;

/// <summary>Lines of C# with their indentation. Writers nest: a loop's body is written apart, so that what it needs can go before it.</summary>
public sealed class CodeWriter
{
    private readonly List<(int Indent, string Text)> _lines = [];
    private int _indent;

    public bool IsEmpty => _lines.Count == 0;

    public bool Mentions(string text) => _lines.Any(l => l.Text.Contains(text));

    /// <summary>Declares a local at its own level; C# does not allow that as the only statement of a loop without braces.</summary>
    private bool _declares;

    public void Line(string text) => _lines.Add((_indent, text));

    public void Line() => _lines.Add((0, ""));

    /// <summary>A blank line, unless at the start of a block.</summary>
    public void Space()
    {
        if (_lines.Count > 0 && _lines[_lines.Count - 1].Text is not ("" or "{")) Line();
    }

    public void Declare(string text)
    {
        _declares = true;
        Line(text);
    }

    public void Comment(string text)
    {
        foreach (string line in text.Split('\n'))
            if (line.Trim().Length > 0) Line("// " + line.TrimEnd());
    }

    public void Open(string? header = null)
    {
        if (header is not null) Line(header);
        Line("{");
        _indent++;
    }

    public void Close(string end = "}")
    {
        _indent--;
        Line(end);
    }

    public void Append(CodeWriter other)
    {
        _declares |= other._declares;
        foreach (var (indent, text) in other._lines) _lines.Add((text.Length == 0 ? 0 : _indent + indent, text));
    }

    public void Prepend(string text) => _lines.Insert(0, (0, text));

    /// <summary>A header with its body, in braces unless the body is one plain statement.</summary>
    public void Nest(string header, CodeWriter body)
    {
        Line(header);
        // An if inside an if would take the else that follows.
        bool plain = body._lines.Count == 1 && !body._declares && !body._lines[0].Text.StartsWith("//", StringComparison.Ordinal)
            && !body._lines[0].Text.StartsWith("if", StringComparison.Ordinal);
        if (plain)
        {
            _indent++;
            Line(body._lines[0].Text);
            _indent--;
            return;
        }
        Open();
        bool declares = _declares;
        Append(body);
        _declares = declares;
        Close();
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (indent, line) in _lines) text.Append(' ', 4 * indent).Append(line).Append('\n');
        return text.ToString();
    }
}
