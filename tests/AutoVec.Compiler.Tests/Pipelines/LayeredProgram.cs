using System.Text;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Tests.Pipelines;

/// <summary>
/// Random programs of what models are made of: dense layers, softmax, recurrences, gathers and scatters, convolutions, early
/// stops, all as sequential scalar loops over <c>h: f64[n]</c>. They make the passes meet contractions, host loops and sums over
/// the batch inside them, which programs of random statements rarely do.
/// </summary>
internal sealed class LayeredProgram
{
    private readonly System.Random _random;
    private readonly StringBuilder _text = new();
    private int _next;
    private int _depth = 1;

    private LayeredProgram(int seed) => _random = new System.Random(seed);

    /// <param name="loss">Yield a sum of squares; else the last layer itself.</param>
    public static FunctionIr Make(int seed, bool loss = true) => Parser.Parse(new LayeredProgram(seed).Program(loss));

    /// <summary>All extents n, but k and t; at holds indices in range.</summary>
    public static Value[] Arguments(int seed, int n)
    {
        var random = new System.Random(seed);
        Value floats(params int[] shape) => Value.Of(Scalar.F64, shape.ToSeq(), Enumerable.Range(0, shape.Aggregate(1, (x, y) => x * y)).Select(_ => random.NextDouble() * 2 - 1));
        return
        [
            floats(n, n), floats(n), floats(2), floats(n), floats(n, n),
            Value.Of(Scalar.I32, [n], Enumerable.Range(0, n).Select(_ => (double)random.Next(n))),
            Value.Of(Scalar.I32, [], [random.Next(n)]), Value.Of(Scalar.I32, [], [random.Next(4)]),
        ];
    }

    private string Fresh(string like) => $"{like}{++_next}";
    private void Line(string text) => _text.Append(' ', 2 * _depth).AppendLine(text);

    private string Program(bool scalar)
    {
        _text.AppendLine("fun F(W: f64[n, n], v: f64[n], c: f64[k], x: f64[n], M: f64[n, n], at: i32[n], label: i32, t: i32) {");
        string h = "x", w = "W";
        string loss = "0.0";
        for (int k = 0, steps = 1 + _random.Next(4); k < steps; k++)
        {
            if (_random.Next(4) == 0) w = _random.Next(2) == 0 ? Matrix(h, w) : Product(w);
            h = Step(h, w, 0);
            if (_random.Next(3) == 0) loss = Sum(loss, h);
        }
        loss = Sum(loss, h);
        Line($"yield {(scalar ? loss : h)}");
        _text.AppendLine("}");
        return _text.ToString();
    }

    private string Step(string h, string w, int nesting) => _random.Next(nesting < 2 ? 17 : 9) switch
    {
        0 or 1 => Dense(h, w),
        2 => Elementwise(h),
        3 => Softmax(h),
        4 => Gather(h),
        5 => Scatter(h),
        6 => Convolve(h),
        7 => Element(h),
        8 => Ragged(h),
        9 or 10 or 11 or 12 => Recurrence(h, w, nesting),
        13 => Branch(h, w, nesting),
        14 => While(h, w, nesting),
        _ => Scan(h),
    };

    private string Sum(string start, string h)
    {
        string s = Fresh("s"), s0 = Fresh("s"), s1 = Fresh("s"), i = Fresh("i"), e = Fresh("e"), q = Fresh("q");
        Line($"{s} = loop ({s0}: f64 = {start}) for {i}<n {{");
        Line($"  {e} = {h}[{i}]");
        Line($"  {q} = {e} * {e}");
        Line($"  {s1} = {s0} + {q}");
        Line($"  yield {s1}");
        Line("}");
        return s;
    }

    /// <summary>out = build by a loop of writes; body yields the element's name.</summary>
    private string Fill(string like, Func<string, string> element)
    {
        string z = Fresh("z"), o = Fresh(like), o0 = Fresh(like), o1 = Fresh(like), j = Fresh("j"), f = Fresh("f");
        Line($"{z} = build {f}<n {{ yield 0.0 }}");
        Line($"{o} = loop ({o0}: f64[n] = {z}) for {j}<n {{");
        _depth++;
        string e = element(j);
        Line($"{o1} = {o0} with [{j}] = {e}");
        Line($"yield {o1}");
        _depth--;
        Line("}");
        return o;
    }

    private string Define(string like, string text)
    {
        string name = Fresh(like);
        Line($"{name} = {text}");
        return name;
    }

    private string Dot(string start, Func<string, (string, string)> factors, string extent = "n")
    {
        string r = Fresh("r"), r0 = Fresh("r"), i = Fresh("i");
        Line($"{r} = loop ({r0}: f64 = {start}) for {i}<{extent} {{");
        _depth++;
        var (a, b) = factors(i);
        string p = Define("p", $"{a} * {b}");
        string r1 = Define("r", $"{r0} + {p}");
        Line($"yield {r1}");
        _depth--;
        Line("}");
        return r;
    }

    private string Dense(string h, string w)
    {
        bool transposed = _random.Next(2) == 0, bias = _random.Next(2) == 0;
        int activation = _random.Next(3);
        return Fill("h", j =>
        {
            string b = bias ? Define("b", $"v[{j}]") : "0.0";
            string r = Dot(b, i => (Define("a", $"{h}[{i}]"), Define("w", transposed ? $"{w}[{j}, {i}]" : $"{w}[{i}, {j}]")));
            return activation switch { 0 => Define("e", $"max {r} 0.0"), 1 => Define("e", $"tanh {r}"), _ => Define("e", $"{r} * 0.5") };
        });
    }

    private string Elementwise(string h) => Fill("h", j =>
    {
        string a = Define("a", $"{h}[{j}]"), s = Define("s", $"sin {a}"), v = Define("v", _random.Next(2) == 0 ? $"v[{j}]" : $"M[{j}, {j}]");
        return Define("e", $"{s} * {v}");
    });

    private string Softmax(string h)
    {
        string t = Fresh("t"), t0 = Fresh("t"), i = Fresh("i");
        Line($"{t} = loop ({t0}: f64 = 0.0) for {i}<n {{");
        _depth++;
        string e = Define("e", $"exp {Define("a", $"{h}[{i}]")}");
        string t1 = Define("t", $"{t0} + {e}");
        Line($"yield {t1}");
        _depth--;
        Line("}");
        return Fill("h", j => Define("e", $"{Define("x", $"exp {Define("a", $"{h}[{j}]")}")} / {t}"));
    }

    private string Gather(string h) => Fill("h", j => Define("e", $"{h}[{Define("g", $"at[{j}]")}]"));

    private string Scatter(string h)
    {
        string z = Fresh("z"), o = Fresh("h"), o0 = Fresh("h"), o1 = Fresh("h"), i = Fresh("i"), f = Fresh("f");
        Line($"{z} = build {f}<n {{ yield 0.0 }}");
        Line($"{o} = loop ({o0}: f64[n] = {z}) for {i}<n {{");
        _depth++;
        string e = Define("a", $"{h}[{i}]"), g = Define("g", $"at[{i}]"), old = Define("b", $"{o0}[{g}]"), s = Define("s", $"{old} + {e}");
        Line($"{o1} = {o0} with [{g}] = {s}");
        Line($"yield {o1}");
        _depth--;
        Line("}");
        return o;
    }

    private string Convolve(string h) => Fill("h", j => Dot("0.0", i =>
        (Define("a", $"{h}[{Define("m", $"irem {Define("o", $"{j} + {i}")} n")}]"), Define("w", $"c[{i}]")), "k"));

    private string Element(string h)
    {
        string at = _random.Next(3) switch { 0 => "0", 1 => "label", _ => Define("last", "n - 1") };
        string a = Define("a", $"{h}[{at}]"), e = Define("e", $"cos {a}");
        return Define("h", _random.Next(2) == 0 ? $"{h} with [{at}] = {e}" : $"{h} at [{at}] += {e}");
    }

    /// <summary>An array whose length differs from sample to sample, filled, changed and summed.</summary>
    private string Ragged(string h)
    {
        string a = Fresh("u"), a1 = Fresh("u"), b = Fresh("b"), i = Fresh("i"), m = Define("m", "t + 1"), q = Fresh("q"), q0 = Fresh("q"), e = Fresh("e"), o = Fresh("o");
        Line($"{a} = build {i}<{m} {{");
        _depth++;
        string x = Define("x", $"{h}[0]"), f = Define("f", $"f64 {i}"), y = Define("y", $"{x} * {f}");
        Line($"yield {Define("y", $"sin {y}")}");
        _depth--;
        Line("}");
        Line($"{b} = {h}[0]");
        Line($"{a1} = {a} with [t] = {b}");
        Line($"{q} = loop ({q0}: f64 = 0.0) for {o}<{m} {{");
        Line($"  {e} = {a1}[{o}]");
        _depth++;
        string d = Define("d", $"{q0} * {e}");
        Line($"yield {Define("q", $"{d} + {e}")}");
        _depth--;
        Line("}");
        return Fill("h", j => Define("e", $"tanh {Define("s", $"{Define("c", $"{h}[{j}]")} + {q}")}"));
    }

    private string Matrix(string h, string w)
    {
        string z = Fresh("z"), o = Fresh("m"), o0 = Fresh("m"), o1 = Fresh("m"), p = Fresh("m"), p0 = Fresh("m"), i = Fresh("i"), j = Fresh("j"), f = Fresh("f"), g = Fresh("g");
        Line($"{z} = build {f}<n, {g}<n {{ yield 0.0 }}");
        Line($"{o} = loop ({o0}: f64[n, n] = {z}) for {i}<n {{");
        Line($"  {p} = loop ({p0}: f64[n, n] = {o0}) for {j}<n {{");
        _depth += 2;
        string a = Define("a", $"{h}[{i}]"), b = Define("b", $"v[{j}]"), q = Define("q", $"{a} * {b}"), x = Define("x", $"{w}[{i}, {j}]"), e = Define("e", $"{q} + {x}");
        Line($"{o1} = {p0} with [{i}, {j}] = {e}");
        Line($"yield {o1}");
        _depth -= 2;
        Line("  }");
        Line($"  yield {p}");
        Line("}");
        return o;
    }

    /// <summary>w · M, in the order i, q, j.</summary>
    private string Product(string w)
    {
        string z = Fresh("z"), i = Fresh("i"), q = Fresh("q"), j = Fresh("j"), f = Fresh("f"), g = Fresh("g");
        string[] o = [Fresh("m"), Fresh("m"), Fresh("m")], o0 = [Fresh("m"), Fresh("m"), Fresh("m")];
        Line($"{z} = build {f}<n, {g}<n {{ yield 0.0 }}");
        Line($"{o[0]} = loop ({o0[0]}: f64[n, n] = {z}) for {i}<n {{");
        Line($"  {o[1]} = loop ({o0[1]}: f64[n, n] = {o0[0]}) for {q}<n {{");
        Line($"    {o[2]} = loop ({o0[2]}: f64[n, n] = {o0[1]}) for {j}<n {{");
        _depth += 3;
        string p = Define("p", $"{Define("a", $"{w}[{i}, {q}]")} * {Define("b", $"M[{q}, {j}]")}");
        string e = Define("e", $"{Define("d", $"{o0[2]}[{i}, {j}]")} + {p}");
        Line($"yield {Define("m", $"{o0[2]} with [{i}, {j}] = {e}")}");
        _depth -= 3;
        Line($"    }}\n    yield {o[2]}");
        Line($"  }}\n    yield {o[1]}");
        Line("}");
        return o[0];
    }

    private string Recurrence(string h, string w, int nesting)
    {
        string o = Fresh("h"), o0 = Fresh("h"), i = Fresh("t");
        bool fixedTrips = _random.Next(2) == 0;
        Line($"{o} = loop ({o0}: f64[n] = {h}) for {i}<{(fixedTrips ? _random.Next(1, 4).ToString() : _random.Next(4) > 0 ? "k" : "t")} {{");
        _depth++;
        string e = Step(o0, w, nesting + 1);
        if (_random.Next(2) == 0) e = Step(e, w, nesting + 1);
        Line($"yield {e}");
        _depth--;
        Line("}");
        return o;
    }

    private string Branch(string h, string w, int nesting)
    {
        string o = Fresh("h"), c = Define("c", $"{Define("a", $"{h}[0]")} > {(_random.NextDouble() - 0.5):F2}");
        Line($"{o} = if {c} {{");
        _depth++;
        string e = Step(h, w, nesting + 1);
        Line($"yield {e}");
        _depth--;
        Line("} else {");
        _depth++;
        string g = _random.Next(2) == 0 ? h : Step(h, w, nesting + 1);
        Line($"yield {g}");
        _depth--;
        Line("}");
        return o;
    }

    private string While(string h, string w, int nesting)
    {
        string o = Fresh("h"), o0 = Fresh("h"), q = Fresh("q"), q0 = Fresh("q");
        Line($"{o}, {q} = loop ({o0}: f64[n] = {h}, {q0}: i32 = 0) while {{");
        _depth++;
        string few = Define("c", $"{q0} < 3"), big = Define("c", $"{Define("a", $"{o0}[0]")} > -0.5"), both = Define("c", $"{few} & {big}");
        Line($"yield {both}");
        _depth--;
        Line("} {");
        _depth++;
        string e = Step(o0, w, nesting + 1), q1 = Define("q", $"{q0} + 1");
        Line($"yield {e}, {q1}");
        _depth--;
        Line("}");
        return o;
    }

    /// <summary>A running sum, carried from element to element.</summary>
    private string Scan(string h)
    {
        string z = Fresh("z"), o = Fresh("h"), o0 = Fresh("h"), o1 = Fresh("h"), i = Fresh("i"), f = Fresh("f"), s = Fresh("s"), s0 = Fresh("s");
        Line($"{z} = build {f}<n {{ yield 0.0 }}");
        Line($"{o}, {s} = loop ({o0}: f64[n] = {z}, {s0}: f64 = 0.0) for {i}<n {{");
        _depth++;
        string e = Define("a", $"{h}[{i}]"), d = Define("d", $"{s0} * 0.5"), s1 = Define("s", $"{d} + {e}"), y = Define("y", $"tanh {s1}");
        Line($"{o1} = {o0} with [{i}] = {y}");
        Line($"yield {o1}, {s1}");
        _depth--;
        Line("}");
        return o;
    }
}
