using System.Text;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Ir;

/// <summary>The text form (docs/architecture.md, "The IR"); <see cref="Parser"/> reads it back.</summary>
public static class Printer
{
    /// <summary>The function, then its callees.</summary>
    public static string Print(FunctionIr function)
    {
        var text = new StringBuilder();
        Function(function, text);
        foreach (var callee in function.Callees) Function(callee, text.Append('\n'));
        return text.ToString();
    }

    public static string Print(Stmt stmt)
    {
        var text = new StringBuilder();
        Statement(stmt, text, 0);
        return text.ToString().TrimEnd('\n');
    }

    public static string Print(ReduceKind kind) => kind switch
    {
        ReduceKind.Sum => "+",
        ReduceKind.Product => "*",
        _ => kind.ToString().ToLowerInvariant(),
    };

    internal static bool IsPlain(string name) => name.Length > 0 && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.');

    private static string FunctionName(string name) => IsPlain(name) && Derivation.ByName(name) is null ? name : $"`{name}`";

    private static void Function(FunctionIr f, StringBuilder text)
    {
        text.Append("fun ").Append(FunctionName(f.Name)).Append('(').Append(string.Join(", ", f.Params.Map(Typed))).Append(") ");
        if (f.Rule is { } rule) text.Append("by ").Append(rule == FunctionIr.Recompute ? rule : FunctionName(rule)).Append(' ');
        Block(f.Body, text, 0);
        text.Append('\n');
    }

    private static string Typed(Var v) => $"{v}: {v.Type}";

    private static void Block(Block block, StringBuilder text, int depth)
    {
        text.Append("{\n");
        foreach (var stmt in block.Stmts) Statement(stmt, text, depth + 1);
        text.Append(' ', 2 * depth + 2).Append("yield");
        if (!block.Results.IsEmpty) text.Append(' ').Append(block.Results);
        text.Append('\n').Append(' ', 2 * depth).Append('}');
    }

    private static void Statement(Stmt stmt, StringBuilder text, int depth)
    {
        text.Append(' ', 2 * depth);
        text.Append(stmt is Call call ? string.Join(", ", call.Results.Map(Typed)) : stmt.Outs.ToString()).Append(" = ");
        switch (stmt)
        {
            case Compute c: text.Append(Scalar(c)); break;
            case Read r: text.Append($"{r.Array}[{r.Index}]"); break;
            case Write w: text.Append($"{w.Array} with [{w.Index}] = {w.Value}"); break;
            case Accumulate a: text.Append($"{a.Array} at [{a.Index}] += {a.Value}"); break;
            case Build b: text.Append($"build {b.Dims} "); break;
            case Reduce r: text.Append($"reduce {Print(r.Kind)} {r.Dims} "); break;
            case Scatter s: text.Append($"scatter [{s.Extents}] {s.Dims} "); break;
            case For f: text.Append($"loop ({State(f.State)}) for {Place(f)}{f.Dim} "); break;
            case While w: text.Append($"loop ({State(w.State)}) while "); break;
            case If i: text.Append($"if {i.Condition} "); break;
            case Call c:
                text.Append("call ").Append(c.Derivation is { } d ? $"{d} " : "");
                text.Append(string.Join(" ", new[] { FunctionName(c.Function) }.Concat(c.Args.Select(a => a.ToString()))));
                break;
            default: throw new InvalidOperationException($"no text form for {stmt.GetType().Name}");
        }
        string separator = stmt is If ? " else " : " ";
        bool first = true;
        foreach (var block in stmt.Blocks)
        {
            if (!first) text.Append(separator);
            Block(block, text, depth);
            first = false;
        }
        text.Append('\n');
    }

    private static string Place(For loop) => loop.Place == LoopPlace.Undecided ? "" : loop.Place.ToString().ToLowerInvariant() + " ";

    private static string State(Seq<Carry> state) => string.Join(", ", state.Map(c => $"{Typed(c.Param)} = {c.Init}"));

    private static string Scalar(Compute c) => c.Op.Infix is { } infix
        ? $"{c.Args[0]} {infix} {c.Args[1]}"
        : $"{c.Op.Name} {string.Join(" ", c.Args)}";
}
