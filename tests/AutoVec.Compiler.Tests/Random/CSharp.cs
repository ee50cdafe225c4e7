using System.Globalization;
using System.Text;

namespace AutoVec.Tests.Random;

/// <summary>
/// Writes a random program as C#, in all of the language's ways to say one thing: a loop is a for, a while, a do or a foreach, a branch an
/// if or a switch, an assignment compound or to a tuple; a local may be a part of a tuple or a struct, a product a call.
/// </summary>
public sealed class CSharp
{
    private readonly System.Random _style;
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, int> _ranks = [];
    private readonly Dictionary<string, string> _locals = [];
    private bool _multiplies;
    private int _next;

    private CSharp(int style) => _style = new(style);

    /// <summary>The method's text, <c>public static double NAME(...)</c>. The same for the same program.</summary>
    public static string Write(RandomProgram program, string name) =>
        new CSharp(program.Body.Sum(s => s.ToString()!.Sum(c => c))).Method(program, name);

    private bool Chance(double p) => _style.NextDouble() < p;
    private string Fresh(string like) => $"{like}_{++_next}";

    private string Method(RandomProgram program, string name)
    {
        foreach (var p in program.Parameters) _ranks[p.Name] = p.Rank;
        var parameters = program.Parameters.Select(p => $"double{(p.Rank == 0 ? "" : p.Rank == 1 ? "[]" : "[,]")} {p.Name}");
        _text.Append($"public static double {name}({string.Join(", ", parameters)})\n{{\n");
        foreach (var step in program.Body) Write(step, "    ");
        _text.Append($"    return {Text(program.Result)};\n");
        if (_multiplies) _text.Append("    static double Times(in double p, double q) { if (p == 0 && q == 0) return p * q; return p * q; }\n");
        return _text.Append("}\n").ToString();
    }

    private void Write(Step step, string indent)
    {
        switch (step)
        {
            case Declare d: Declare(d, indent); break;
            case NewArray n:
                _ranks[n.Name] = n.Extents.Length;
                _text.Append($"{indent}var {n.Name} = new double[{string.Join(", ", n.Extents.Select(Text))}];\n");
                break;
            case Slice s: _text.Append($"{indent}var {s.Name} = {s.Array}.AsSpan({Text(s.Start)}, {Text(s.Count)});\n"); break;
            case Assign a: Assign(Name(a.Name), a.Value, a.Value is Bin { Left: Local own } && own.Name == a.Name, indent); break;
            case Store s:
                string element = $"{s.Array}[{string.Join(", ", s.Index.Select(Text))}]";
                Assign(element, s.Value, s.Value is Bin { Left: Elem e } && e.Array == s.Array && e.Index.SequenceEqual(s.Index), indent);
                break;
            case Branch b: Write(b, indent); break;
            case Loop l: Write(l, indent); break;
            case Repeat r:
                _text.Append($"{indent}int {r.Counter} = 0;\n");
                Braces($"while ({r.Counter} < {r.Limit} && {Text(r.Go)})", r.Body, indent, $"{r.Counter}++;");
                break;
            default: throw new InvalidOperationException(step.ToString());
        }
    }

    // ---- locals

    private string Name(string local) => _locals.TryGetValue(local, out string? text) ? text : local;

    private void Declare(Declare d, string indent)
    {
        string value = Text(d.Value);
        switch (_style.Next(8))
        {
            case 0:
                _locals[d.Name] = $"{d.Name}.V";
                _text.Append($"{indent}(double V, int K) {d.Name} = ({value}, 0);\n");
                break;
            case 1:
                _locals[d.Name] = $"{d.Name}.Key.V";
                _text.Append($"{indent}((double V, bool B) Key, double W) {d.Name} = default;\n{indent}{d.Name}.Key.V = {value};\n");
                break;
            case 2: _text.Append($"{indent}var ({d.Name}, _) = ({value}, 1);\n"); break;
            case 3:
                string other = Fresh("r");
                _locals[d.Name] = other;
                _text.Append($"{indent}double {d.Name} = {value};\n{indent}ref double {other} = ref {d.Name};\n");
                break;
            default: _text.Append($"{indent}double {d.Name} = {value};\n"); break;
        }
    }

    private void Assign(string target, Expr value, bool toItself, string indent)
    {
        if (toItself && value is Bin b && Chance(0.6)) _text.Append($"{indent}{target} {b.Op}= {Text(b.Right)};\n");
        else if (Chance(0.15)) _text.Append($"{indent}({target}, _) = ({Text(value)}, 2);\n");
        else _text.Append($"{indent}{target} = {Text(value)};\n");
    }

    // ---- blocks

    private void Write(Branch b, string indent)
    {
        if (Chance(0.3))
        {
            _text.Append($"{indent}switch ({Text(b.If)})\n{indent}{{\n");
            void Section(string label, Step[] body)
            {
                _text.Append($"{indent}    {label}\n{indent}    {{\n");
                foreach (var step in body) Write(step, indent + "        ");
                _text.Append($"{indent}        break;\n{indent}    }}\n");
            }
            Section("case true:", b.Then);
            if (b.Else.Length > 0) Section("default:", b.Else);
            _text.Append($"{indent}}}\n");
            return;
        }
        Braces($"if ({Text(b.If)})", b.Then, indent);
        if (b.Else.Length > 0) Braces("else", b.Else, indent);
    }

    private void Write(Loop l, string indent)
    {
        string? stop = l.Break is { } condition ? $"if ({Text(condition)}) break;" : null;
        string i = l.Counter, n = Text(l.Extent);
        switch (_style.Next(8))
        {
            case 0:
                Braces($"for (int {i} = 0; {i} < {n}; {i} += 1)", l.Body, indent, stop);
                break;
            case 1:
                Declared(i, () => Braces($"while ({i} < {n})", l.Body, indent, $"{stop} {i}++;"), indent);
                break;
            case 2:
                // At least one trip would be one too many.
                Declared(i, () =>
                {
                    Braces($"if ({i} < {n}) do", l.Body, indent, $"{stop} {i}++;");
                    _text.Length--;
                    _text.Append($" while ({i} < {n});\n");
                }, indent);
                break;
            case 3 when l.Extent is Length { Dim: 0 } all && _ranks.TryGetValue(all.Array, out int rank) && rank == 1:
                Declared(i, () => Braces($"foreach (double {Fresh("e")} in {all.Array})", l.Body, indent, $"{stop} {i}++;"), indent);
                break;
            default:
                Braces($"for (int {i} = 0; {i} < {n}; {i}++)", l.Body, indent, stop);
                break;
        }
    }

    private void Declared(string counter, Action loop, string indent)
    {
        _text.Append($"{indent}{{\n{indent}int {counter} = 0;\n");
        loop();
        _text.Append($"{indent}}}\n");
    }

    private void Braces(string head, Step[] body, string indent, string? last = null)
    {
        _text.Append($"{indent}{head}\n{indent}{{\n");
        foreach (var step in body) Write(step, indent + "    ");
        if (last is not null) _text.Append($"{indent}    {last}\n");
        _text.Append($"{indent}}}\n");
    }

    // ---- expressions

    private string Text(Expr e)
    {
        switch (e)
        {
            case Num n: return n.Value.ToString("0.0##", CultureInfo.InvariantCulture);
            case Local l: return Name(l.Name);
            case Elem a: return $"{a.Array}[{string.Join(", ", a.Index.Select(Text))}]";
            case Bin { Op: "*" } b when Chance(0.1):
                _multiplies = true;
                return $"Times({Text(b.Left)}, q: {Text(b.Right)})";
            case Bin b: return $"({Text(b.Left)} {b.Op} {Text(b.Right)})";
            case Fn f: return $"Math.{f.Name}({string.Join(", ", f.Args.Select(Text))})";
            case Choose c when Chance(0.3): return $"(({Text(c.If)}) switch {{ true => {Text(c.Then)}, _ => {Text(c.Else)} }})";
            case Choose c: return $"({Text(c.If)} ? {Text(c.Then)} : {Text(c.Else)})";
            default: throw new InvalidOperationException(e.ToString());
        }
    }

    private static string Text(Int i) => i switch
    {
        IntConst c => c.Value.ToString(CultureInfo.InvariantCulture),
        IntVar v => v.Name,
        Length l when l.Array[0] == 'v' => $"{l.Array}.Length",
        Length l => $"{l.Array}.GetLength({l.Dim})",
        IntBin b => $"({Text(b.Left)} {b.Op} {Text(b.Right)})",
        _ => throw new InvalidOperationException(i.ToString()),
    };

    private string Text(Cond c) => c switch
    {
        Compare b => $"{Text(b.Left)} {b.Op} {Text(b.Right)}",
        IntCompare b => $"{Text(b.Left)} {b.Op} {Text(b.Right)}",
        _ => throw new InvalidOperationException(c.ToString()),
    };
}
