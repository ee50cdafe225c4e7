using System.Globalization;
using System.Text;

namespace AutoVec.Tests.Random;

/// <summary>
/// Writes a random program as C#, in all of the language's ways to say one thing: a loop is a for, a while, a do or a foreach, a branch an
/// if or a switch, an assignment compound or to a tuple; a local may be a part of a tuple or a struct, a product a call, a function passed to
/// another; an array may hold tuples, a matrix be an array of rows, a counter a long.
/// </summary>
public sealed class CSharp
{
    private readonly System.Random _style;
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, int> _ranks = [];
    private readonly Dictionary<string, string> _locals = [];

    /// <summary>The part of each element that is the number, <c>.V</c>, by array or view.</summary>
    private readonly Dictionary<string, string> _parts = [];

    /// <summary>How long the rows are, by array of rows.</summary>
    private readonly Dictionary<string, string> _rows = [];
    private readonly HashSet<string> _longs = [];
    private bool _multiplies, _applies;
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
        if (_applies) _text.Append("    static double Apply(Func<double, double> f, double p) => f(p);\n");
        return _text.Append("}\n").ToString();
    }

    private void Write(Step step, string indent)
    {
        switch (step)
        {
            case Declare d: Declare(d, indent); break;
            case NewArray n: Declare(n, indent); break;
            case Slice s:
                if (_parts.TryGetValue(s.Array, out string? part)) _parts[s.Name] = part;
                string start = Text(s.Start), count = Text(s.Count);
                // A slice of a span is not written where the span is used.
                string view = s.Array[0] == 'h' ? $".AsSpan({start}, {count})" : _style.Next(4) switch
                {
                    0 => $".AsSpan()[{start}..({start} + {count})]",
                    1 => $".AsSpan({start}).Slice(0, {count})",
                    _ => $".AsSpan({start}, {count})",
                };
                _text.Append($"{indent}var {s.Name} = {s.Array}{view};\n");
                break;
            case Assign a: Assign(Name(a.Name), a.Value, a.Value is Bin { Left: Local own } && own.Name == a.Name, indent); break;
            case DeclareInt d:
                if (Chance(0.1)) _longs.Add(d.Name);
                _text.Append($"{indent}{(_longs.Contains(d.Name) ? "long" : "int")} {d.Name} = {Text(d.Value)};\n");
                break;
            case AssignInt { Value: IntBin { Op: "+", Left: IntVar counted, Right: IntConst { Value: 1 } } } a when counted.Name == a.Name && Chance(0.6): _text.Append($"{indent}{a.Name}++;\n"); break;
            case AssignInt a: _text.Append($"{indent}{a.Name} = {Text(a.Value)};\n"); break;
            case Store s:
                string element = Element(s.Array, s.Index);
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

    private void Declare(NewArray n, string indent)
    {
        string[] extents = [.. n.Extents.Select(Text)];
        _ranks[n.Name] = extents.Length;
        if (extents.Length == 1 && Chance(0.15))
        {
            _parts[n.Name] = ".V";
            _text.Append($"{indent}var {n.Name} = new (int K, double V)[{extents[0]}];\n");
        }
        else if (extents.Length == 2 && Chance(0.3))
        {
            _rows[n.Name] = extents[1];
            string r = Fresh("r");
            _text.Append($"{indent}var {n.Name} = new double[{extents[0]}][];\n{indent}for (int {r} = 0; {r} < {extents[0]}; {r}++) {n.Name}[{r}] = new double[{extents[1]}];\n");
        }
        else _text.Append($"{indent}var {n.Name} = new double[{string.Join(", ", extents)}];\n");
    }

    private string Element(string array, Int[] index)
    {
        string at = string.Join(_rows.ContainsKey(array) ? "][" : ", ", index.Select(Text));
        return $"{array}[{at}]{_parts.GetValueOrDefault(array)}";
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
        string i = l.Counter, n = Text(l.Extent);
        if (Chance(0.05)) _longs.Add(i);
        string? stop = l.Break is { } condition ? $"if ({Text(condition)}) break;" : null;
        string type = _longs.Contains(i) ? "long" : "int";
        switch (_style.Next(8))
        {
            case 0:
                Braces($"for ({type} {i} = 0; {i} < {n}; {i} += 1)", l.Body, indent, stop);
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
                Declared(i, () => Braces($"foreach (var {Fresh("e")} in {all.Array})", l.Body, indent, $"{stop} {i}++;"), indent);
                break;
            default:
                Braces($"for ({type} {i} = 0; {i} < {n}; {i}++)", l.Body, indent, stop);
                break;
        }
    }

    private void Declared(string counter, Action loop, string indent)
    {
        _text.Append($"{indent}{{\n{indent}{(_longs.Contains(counter) ? "long" : "int")} {counter} = 0;\n");
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
            case Elem a: return Element(a.Array, a.Index);
            case Bin { Op: "*" } b when Chance(0.1):
                _multiplies = true;
                return $"Times({Text(b.Left)}, q: {Text(b.Right)})";
            case Bin b: return $"({Text(b.Left)} {b.Op} {Text(b.Right)})";
            case Fn { Args.Length: 1 } f when Chance(0.07):
                _applies = true;
                string p = Fresh("p");
                return $"Apply({(Chance(0.5) ? $"Math.{f.Name}" : $"{p} => Math.{f.Name}({p})")}, {Text(f.Args[0])})";
            case Fn f: return $"Math.{f.Name}({string.Join(", ", f.Args.Select(Text))})";
            case Choose c when Chance(0.3): return $"(({Text(c.If)}) switch {{ true => {Text(c.Then)}, _ => {Text(c.Else)} }})";
            case Choose c: return $"({Text(c.If)} ? {Text(c.Then)} : {Text(c.Else)})";
            default: throw new InvalidOperationException(e.ToString());
        }
    }

    private string Text(Int i) => i switch
    {
        IntConst c => c.Value.ToString(CultureInfo.InvariantCulture),
        IntVar v => _longs.Contains(v.Name) ? $"(int){v.Name}" : v.Name,
        Truncate t => $"(int){Text(t.Value)}",
        Length l when l.Array[0] == 'v' => $"{l.Array}.Length",
        Length l when _rows.TryGetValue(l.Array, out string? row) => l.Dim == 0 ? $"{l.Array}.Length" : row,
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
