using System.Text;

namespace AutoVec.Compiler.Emit.Api;

/// <summary>Indented text: one raw block per construct, braces that open and close.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _fresh = true;

    /// <summary>Lines at the current depth; an empty text is an empty line.</summary>
    public void Lines(string text)
    {
        for (int start = 0, next; start <= text.Length; start = next + 1)
        {
            next = text.IndexOf('\n', start);
            if (next < 0) next = text.Length;
            int end = next;
            while (end > start && char.IsWhiteSpace(text[end - 1])) end--;
            if (end > start) _text.Append(' ', 4 * _depth).Append(text, start, end - start);
            _text.Append('\n');
        }
        _fresh = false;
    }

    /// <summary>An empty line between members, none after an opening brace.</summary>
    public void Separate()
    {
        if (!_fresh) _text.Append('\n');
        _fresh = true;
    }

    public void Open(string head)
    {
        Lines(head);
        Open();
    }

    public void Open()
    {
        Lines("{");
        _depth++;
        _fresh = true;
    }

    public void Close()
    {
        _depth--;
        Lines("}");
    }

    /// <summary>Text that is indented already.</summary>
    public void Raw(string text) => _text.Append(text);

    /// <summary>A list after <paramref name="head"/>, broken into lines of at most 140 characters.</summary>
    public void List(string head, IEnumerable<string> items, string tail)
    {
        const int Width = 140;
        var list = items.ToList();
        string all = string.Join(", ", list);
        if (4 * _depth + head.Length + all.Length + tail.Length <= Width)
        {
            Lines(head + all + tail);
            return;
        }
        var line = new StringBuilder(head);
        string indent = "";
        int room = Width - 4 * _depth;
        for (int k = 0; k < list.Count; k++)
        {
            string item = list[k] + (k + 1 < list.Count ? ", " : tail);
            if (line.Length > indent.Length && line.Length + item.TrimEnd().Length > room)
            {
                Lines(line.ToString());
                indent = new string(' ', head.Length - head.TrimStart().Length + 4);
                line.Clear().Append(indent);
            }
            line.Append(item);
        }
        Lines(line.ToString());
    }

    public override string ToString() => _text.ToString();
}
