using System.Globalization;
using System.Text;

namespace AutoVec.Tests.Random;

/// <summary>Writes a random program as C#.</summary>
public static class CSharp
{
    /// <summary>The method's text, <c>public static double NAME(...)</c>.</summary>
    public static string Write(RandomProgram program, string name)
    {
        var text = new StringBuilder();
        var parameters = program.Parameters.Select(p => $"double{(p.Rank == 0 ? "" : p.Rank == 1 ? "[]" : "[,]")} {p.Name}");
        text.Append($"public static double {name}({string.Join(", ", parameters)})\n{{\n");
        foreach (var step in program.Body) Write(step, text, "    ");
        return text.Append($"    return {Text(program.Result)};\n}}\n").ToString();
    }

    private static void Write(Step step, StringBuilder text, string indent)
    {
        switch (step)
        {
            case Declare d: text.Append($"{indent}double {d.Name} = {Text(d.Value)};\n"); break;
            case NewArray n:
                text.Append($"{indent}var {n.Name} = new double[{string.Join(", ", n.Extents.Select(Text))}];\n");
                break;
            case Slice s: text.Append($"{indent}var {s.Name} = {s.Array}.AsSpan({Text(s.Start)}, {Text(s.Count)});\n"); break;
            case Assign a: text.Append($"{indent}{a.Name} = {Text(a.Value)};\n"); break;
            case Store s: text.Append($"{indent}{s.Array}[{string.Join(", ", s.Index.Select(Text))}] = {Text(s.Value)};\n"); break;
            case Branch b:
                Braces($"if ({Text(b.If)})", b.Then, text, indent);
                if (b.Else.Length > 0) Braces("else", b.Else, text, indent);
                break;
            case Loop l:
                Braces($"for (int {l.Counter} = 0; {l.Counter} < {Text(l.Extent)}; {l.Counter}++)", l.Body, text, indent,
                    l.Break is { } stop ? $"if ({Text(stop)}) break;" : null);
                break;
            case Repeat r:
                text.Append($"{indent}int {r.Counter} = 0;\n");
                Braces($"while ({r.Counter} < {r.Limit} && {Text(r.Go)})", r.Body, text, indent, $"{r.Counter}++;");
                break;
            default: throw new InvalidOperationException(step.ToString());
        }
    }

    private static void Braces(string head, Step[] body, StringBuilder text, string indent, string? last = null)
    {
        text.Append($"{indent}{head}\n{indent}{{\n");
        foreach (var step in body) Write(step, text, indent + "    ");
        if (last is not null) text.Append($"{indent}    {last}\n");
        text.Append($"{indent}}}\n");
    }

    private static string Text(Expr e) => e switch
    {
        Num n => n.Value.ToString("0.0##", CultureInfo.InvariantCulture),
        Local l => l.Name,
        Elem a => $"{a.Array}[{string.Join(", ", a.Index.Select(Text))}]",
        Bin b => $"({Text(b.Left)} {b.Op} {Text(b.Right)})",
        Fn f => $"Math.{f.Name}({string.Join(", ", f.Args.Select(Text))})",
        Choose c => $"({Text(c.If)} ? {Text(c.Then)} : {Text(c.Else)})",
        _ => throw new InvalidOperationException(e.ToString()),
    };

    private static string Text(Int i) => i switch
    {
        IntConst c => c.Value.ToString(CultureInfo.InvariantCulture),
        IntVar v => v.Name,
        Length l when l.Array[0] == 'v' => $"{l.Array}.Length",
        Length l => $"{l.Array}.GetLength({l.Dim})",
        IntBin b => $"({Text(b.Left)} {b.Op} {Text(b.Right)})",
        _ => throw new InvalidOperationException(i.ToString()),
    };

    private static string Text(Cond c) => c switch
    {
        Compare b => $"{Text(b.Left)} {b.Op} {Text(b.Right)}",
        IntCompare b => $"{Text(b.Left)} {b.Op} {Text(b.Right)}",
        _ => throw new InvalidOperationException(c.ToString()),
    };
}
