using System.Globalization;
using System.Text;

namespace AutoVec.Generator.Tests.Lowering;

/// <summary>
/// Random C# methods full of jumps, side effects in conditions, swaps and element writes; every loop ends. Reproducible from the seed.
/// </summary>
/// <param name="rows">With a jagged array.</param>
internal sealed class RandomMethods(int seed, bool rows)
{
    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private int _names;

    public static string Write(int seed) => new RandomMethods(seed, rows: false).Method($"R{seed}");

    public static string WriteWithRows(int seed) => new RandomMethods(seed, rows: true).Method($"R{seed}");

    private string Method(string name)
    {
        _text.Append(CultureInfo.InvariantCulture, $$"""
            [Vectorize] public static double {{name}}(double x, double y, int n, int m, double[] p)
            {
            double a = x, b = 1, c = y; int k = m, fuel = 12;
            double[] u = new double[4], v = new double[4]; var h = (Half)y; var q = new Half[4];
            var s = new (double V, (int K, double W) In)[4]; s[1] = (y, (m, x));

            """);
        if (rows) Line(Pick("double[][] w = [[x, 1], [y], [2, 3, a]];", "var w = new double[3][]; for (int i = 0; i < 3; i++) { w[i] = new double[3]; w[i][i] = x; }",
            "var w = new double[3][]; for (int i = 0; i < 3; i++) { var r = new double[i + 1]; r[i] = y; w[i] = r; }", "var w = new[] { u, v, new double[4] };"));
        Statements(4, Math.Max(2, _random.Next(7)), false);
        Line("static void Swap(ref double p, ref double q) => (p, q) = (q, p);");
        Line("static double Twice(Func<double, int, double> f, double e) => f(f(e, 1), 2);");
        Line("static uint Mix(uint h, byte b) { h ^= b; h *= 2654435761u; return h ^ h >> 15; }");
        if (rows) Line("for (int i = 0; i < w.Length; i++) { foreach (double e in w[i]) b = 0.5 * b + e; c += w[i].Length; }");
        _text.Append("foreach (var (e, (i, o)) in s) b = 0.5 * b + e - i + 2 * o;\n");
        _text.Append("return a + 2 * b - c + k + u[0] + 3 * u[1] + 5 * u[2] - u[3] + 7 * v[0] + v[k & 3] + (double)h - (float)q[k & 3];\n}\n");
        return _text.ToString();
    }

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private string Real(int depth = 2) => depth == 0 ? Pick("a", "b", "c", "x", "y", "0.5", "-1", "u[k & 3]", "v[1]", "k", "p[0]")
        : _random.Next(9) switch
        {
            0 or 1 => $"({Real(depth - 1)} + {Real(depth - 1)})",
            2 => $"({Real(depth - 1)} - {Real(depth - 1)})",
            3 => $"(0.5 * {Real(depth - 1)})",
            4 => $"Math.Max({Real(depth - 1)}, {Real(depth - 1)})",
            5 => $"({Truth(1)} ? {Real(depth - 1)} : {Real(depth - 1)})",
            6 => Pick($"({Pick("a", "b", "c")} {Pick("=", "+=", "-=")} {Real(depth - 1)})", $"(k switch {{ 0 => {Real(0)}, > 2 and < 5 => {Real(0)}, _ => {Real(0)} }})"),
            _ => Real(0),
        };

    private string Whole() => Pick("k", "n", "m", "1", "2", "3", "(k + 1)", "k++", "(n - m)", "(k = k % 4)");

    private string Truth(int depth) => depth == 0 ? Pick($"{Real(1)} > {Real(1)}", $"{Whole()} < {Whole()}", $"k % 3 == {_random.Next(3)}", $"(k & 1) != 0")
        : _random.Next(5) switch
        {
            0 => $"({Truth(depth - 1)} && {Truth(depth - 1)})",
            1 => $"({Truth(depth - 1)} || {Truth(depth - 1)})",
            2 => $"!({Truth(depth - 1)})",
            _ => Truth(0),
        };

    private string Element() => $"{Pick("u", "v", "u")}[{Pick("k & 3", "0", "1", "(k + 1) & 3", "k++ & 3")}]";

    private void Block(int depth, bool inLoop)
    {
        _text.Append("{\n");
        Statements(depth, _random.Next(1, 4), inLoop);
        _text.Append("}\n");
    }

    private void Statements(int depth, int count, bool inLoop)
    {
        for (int i = 0; i < count; i++) Statement(depth, inLoop);
    }

    private void Line(string text) => _text.Append(text).Append('\n');

    private string Row() => $"w[{Pick("0", "1", "2", "k & 1", "(k + 1) & 1", "n")}]";

    private void Rows(int depth, bool inLoop)
    {
        string r = $"w{_names++}";
        switch (_random.Next(depth <= 0 ? 6 : 12))
        {
            case 0 or 1: Line($"{Row()}[{Pick("0", "0", "k & 1")}] {Pick("=", "+=")} {Real(1)};"); break;
            case 2: Line($"a = 0.5 * a + {Row()}[^1] + {Row()}.Length;"); break;
            case 3: Line(Pick("(w[0], w[k & 1]) = (w[k & 1], w[0]);", "(w[1], w[2]) = (w[2], w[1]);", "{ int i = k & 1; var t = w[i]; w[i] = w[2]; w[2] = t; t[0] += 1; }")); break;
            case 4: Line($"w[{Pick("0", "k & 1", "2")}] = {Pick("new double[2]", "new[] { a, b, 1 }", $"(double[]){Row()}.Clone()", "(double[])u.Clone()", "new double[1 + (k & 1)]")};"); break;
            case 5: Line($"{{ var {r} = {Row()}; {r}[0] = 0.5 * {r}[0] + {Real(1)}; c = {r}[^1]; }}"); break;
            case 6:
                Line($"{{ var {r} = {Row()}; {r}[0] += {Real(0)};");
                Statements(depth - 1, _random.Next(1, 3), inLoop);
                Line($"{(_random.Next(2) == 0 ? $"{r}[0] *= 0.5; " : "")}}}");
                break;
            case 7:
                Line($"foreach (var {r} in w) {{ {r}[0] = 0.5 * {r}[0] + {Real(0)};");
                Statements(depth - 1, 1, true);
                Line("}");
                break;
            case 8: Line($"for (int i = 0; i < {Pick("3", "2", "w.Length")}; i++) {{ w[i] = new double[{Pick("2", "i + 1", "3 - i", "1 + (k & 1)", "m < 2 ? 2 : 3")}]; w[i][0] = {Real(1)}; }}"); break;
            case 11:
                Line($"{{ double[] {r}; if ({Truth(1)}) {r} = new double[1 + ({Pick("k", "n")} & 3)]; else {{ {r} = {Pick("(double[])p.Clone()", "new double[2]", "(double[])u.Clone()")}; {r}[0] = {Real(0)}; }}");
                Line($"for (int i{r} = 0; i{r} < {r}.Length; i{r}++) {r}[i{r}] += a * i{r}; c = {r}[^1] + {r}.Length; {Pick("", $"w[0] = (double[]){r}.Clone(); ")}}}");
                break;
            case 9: Line($"{{ var {r} = new double[{Pick("2", "3", "1 + (k & 1)")}]; {r}[0] = {Real(1)}; {Row()} = {r}; {r}[0] += 1; }}"); break;
            default:
                Line($"{{ var {r} = w[0]; for (int i = 1; i < w.Length; i++) {{ var next = w[i]; next[0] += 0.5 * {r}[0]; {r} = next; }} a = {r}[0]; }}");
                break;
        }
    }

    private void Statement(int depth, bool inLoop)
    {
        if (rows && _random.Next(4) == 0)
        {
            Rows(depth, inLoop);
            return;
        }
        switch (_random.Next(depth <= 0 ? 7 : 24))
        {
            case 22: Structs(depth, inLoop); break;
            case 23:
                string f = $"f{_names++}";
                Line(Pick($"a = Twice((e, i) => 0.5 * e + {Pick("b", "u[k & 3]", "i", "p[0]")}, {Real(1)});", $"{{ Func<double, double> {f} = e => e > b ? {Pick("0.5 * e", "b", "u[1]")} : e - {Pick("c", "k")}; b -= 1; c = {f}({Real(1)}); }}",
                    $"{{ double {f}(double e, int i) {{ double t = 0; for (int j = 0; j < i; j++) {{ if (t > a) return t; t += 0.25 * e; }} return t; }} b = Twice({f}, {Real(1)}); }}"));
                break;
            case 18: Reference(depth, inLoop); break;
            case 19:
                Line(Pick($"{{ uint h{_names} = (uint)k * 747796405u + (uint){Whole()}; k = (int)(h{_names++} >> 29); }}", $"k = (int)(Mix((uint)({Whole()}), (byte)({Whole()} * 77)) % 5);",
                    $"{{ ulong h{_names} = (ulong){Whole()} * 3935559000370003845UL; c = h{_names} / 7 % 100 * 0.01; k = h{_names} > 9UL << 60 ? 1 : 2; h{_names++}++; }}",
                    $"k = (sbyte)(k * {_random.Next(200)}) & 7;", $"checked {{ k = (k + {_random.Next(9)}) % 5; }}", "a = Math.Clamp(a, Math.Min(b, c), Math.Max(b, c));"));
                break;
            case 21:
                Line(Pick($"h = (Half)({Real(1)});", $"q[k & 3] = {Pick("h", "q[0]", $"(Half)(float)({Real(1)})", "(Half)k")};", "a = 0.5 * a + (double)h;", "c = (float)q[(k + 1) & 3];",
                    $"h = {Truth(0)} ? h : q[2];", "(h, q[1]) = (q[1], h);", "k = (int)h & 3;", "q = (Half[])q.Clone();", $"foreach (Half e{_names} in q) b = 0.5 * b + (double)e{_names++};"));
                break;
            case 20:
                Line($"{{ (double V, (int K, double W) In) s{_names} = (a, (k, {Real(1)})); s{_names}.In.W += s{_names}.V; if ({Truth(1)}) s{_names}.In.K++; b = s{_names}.In.W * 0.25; k = s{_names}.In.K; a = (s{_names}, k) == (s{_names++}, k) ? a : b; }}");
                break;
            case 0 or 1: Line($"{Pick("a", "b", "c")} {Pick("=", "+=", "-=")} {Real()};"); break;
            case 2: Line($"{Element()} {Pick("=", "+=")} {Real()};"); break;
            case 3: Line(Pick($"k = ({Whole()} + {_random.Next(3)}) % 5;", "k++;", "--k;", "k = Math.Abs(k) % 7;")); break;
            case 4: Line(Pick($"(a, b) = (b, {Real(1)});", $"({Element()}, c) = (c, {Real(1)});", $"(a, (b, k)) = ({Real(0)}, (a, {Whole()}));")); break;
            case 5: Line(Pick($"{{ double t{_names} = {Real()}; b = t{_names++} * 0.5; }}", "b *= 0.5;", $"c = {Element()};")); break;
            case 6: Jump(inLoop); break;
            case 7 or 8 or 9: Condition(depth, inLoop); break;
            case 10 or 11: Counted(depth); break;
            case 12: While(depth); break;
            case 13:
                Line("do");
                Block(depth - 1, true);
                Line($"while (fuel-- > 0 && {Truth(0)});");
                break;
            case 14: Switch(depth, inLoop); break;
            case 15:
                Line($"foreach (double e{_names} in {Pick("p", "u")}) {{ a = 0.5 * a + e{_names++};");
                Statements(depth - 1, _random.Next(1, 3), true);
                Line("}");
                break;
            case 16: Line(Pick("(u, v) = (v, u);", "u = new double[4];", "v = (double[])u.Clone();")); break;
            default: Block(depth - 1, inLoop); break;
        }
    }

    /// <summary>Elements of an array of structs, which are variables.</summary>
    private void Structs(int depth, bool inLoop)
    {
        string r = $"s{_names++}", at = Pick("k & 3", "0", "1", "(k + 1) & 3");
        switch (_random.Next(7))
        {
            case 0: Line($"s[{at}] = ({Real(1)}, (k, {Real(0)}));"); break;
            case 1: Line(Pick($"s[{at}].V += {Real(1)};", $"s[{at}].In.K++;", $"s[{at}].In.W = s[{at}].V + {Real(0)};", $"s[{at}].In = s[1].In;")); break;
            case 2: Line(Pick("(s[0], s[k & 3]) = (s[k & 3], s[0]);", $"{{ var {r} = s[{at}]; s[{at}] = s[2]; s[2] = {r}; {r}.V += 1; a = {r}.V; }}")); break;
            case 3:
                Line($"{{ ref var {r} = ref s[{at}]; {r}.V = 0.5 * {r}.In.W + {Real(0)};");
                Statements(depth - 1, 1, inLoop);
                Line($"{r}.In.K = ({r}.In.K + k) & 7; }}");
                break;
            case 4:
                Line($"foreach (var ({r}, (i{r}, _)) in s) {{ a = 0.5 * a + {r} - i{r};");
                Statements(depth - 1, 1, true);
                Line("}");
                break;
            case 5: Line(Pick($"{{ var {r} = s[1..3]; s[{at}] = {r}[0]; {r}[1].V = b; c = {r}[1].V; }}", "s.AsSpan(1).Fill((b, (2, a)));", "Array.Reverse(s);", "s = (((double, (int, double))[])s.Clone())!;")); break;
            default: Line($"for (int i{r} = 0; i{r} < s.Length; i{r}++) {{ if (s[i{r}].V > {Real(0)}) {Pick("break", "continue", "s[i" + r + "].In.K--")}; s[i{r}].V += 0.25 * i{r}; }}"); break;
        }
    }

    private void Reference(int depth, bool inLoop)
    {
        string r = $"r{_names++}", place = Pick("a", "b", "u[k & 3]", "v[1]", "u[2]");
        switch (_random.Next(4))
        {
            case 0: Line($"Swap(ref {Pick("a", "c")}, ref {Pick("b", "u[k & 3]", "v[0]")});"); break;
            case 1:
                Line($"foreach (ref double {r} in {Pick("u", "v")}.AsSpan()) {{ {r} = 0.5 * {r} + {Real(0)};");
                Statements(depth - 1, 1, true);
                Line("}");
                break;
            default:
                Line($"{{ ref double {r} = ref {place};");
                Line($"{r} {Pick("=", "+=", "-=")} {Real(1)};");
                Statements(depth - 1, 1, inLoop);
                Line($"{r} *= 0.5; }}");
                break;
        }
    }

    private void Condition(int depth, bool inLoop)
    {
        Line($"if ({Truth(2)})");
        Block(depth - 1, inLoop);
        if (_random.Next(2) == 0) return;
        Line("else");
        Block(depth - 1, inLoop);
    }

    private void Jump(bool inLoop) =>
        Line($"if ({Truth(1)}) {(inLoop ? Pick("break;", "continue;", "break;", $"return {Real(1)};") : $"return {Real(1)};")}");

    private void Counted(int depth)
    {
        string i = $"i{_names++}";
        string bound = Pick("n", "4", "u.Length", "p.Length", "(k & 3)", "m + 1", "p.Length - 1");
        Line(Pick($"for (int {i} = 0; {i} < {bound}; {i}++)", $"for (int {i} = 1; {i} <= {bound}; {i}++)", $"for (int {i} = {bound}; {i} > 0; {i}--)",
            $"for (int {i} = -2; {i} < {bound}; {i} += 2)", $"for (int {i} = 3; {i} >= m; {i} -= 1)", $"for (int {i} = m; {i} + 1 < {bound}; {i}++)"));
        _text.Append("{\n").Append(Pick($"a += 0.25 * {i};", $"u[{i} & 3] += b;", $"k = {i};", $"v[{i} & 3] = u[({i} + 1) & 3];")).Append('\n');
        Statements(depth - 1, _random.Next(0, 3), true);
        Line("}");
    }

    private void While(int depth)
    {
        string g = $"g{_names++}";
        Line(Pick($"int {g} = 0; while ({g} < 5 && {Truth(0)}) {{ {g}++;", $"int {g} = 0; while (fuel-- > 0 && {Truth(0)}) {{ {g} += k;", $"int {g} = 0; while (true) {{ if ({g}++ > 4) break;"));
        Statements(depth - 1, _random.Next(1, 3), true);
        Line($"}} b += {g};");
    }

    private void Switch(int depth, bool inLoop)
    {
        Line($"switch ({Pick("k & 3", "k", "n - m")}) {{ case 0:");
        Statements(depth - 1, 1, inLoop);
        Line(Pick("break;", "break;", inLoop ? "continue;" : "break;"));
        Line(Pick("case 1: case 2:", "case > 3:", $"case 1 when {Truth(0)}:"));
        Statements(depth - 1, 1, inLoop);
        Line(Pick("break;", $"return {Real(0)};"));
        if (_random.Next(2) == 0)
        {
            Line("default:");
            Statements(depth - 1, 1, inLoop);
            Line(Pick("break;", "break;", "goto case 0;"));
        }
        Line("}");
    }
}
