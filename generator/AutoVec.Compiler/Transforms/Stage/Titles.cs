using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Stage;

/// <summary>One line a stage, for whoever reads the generated file: <c>GEMM h[B×512] = x[B×784]·W1[784×512], + b1, max 0</c>.</summary>
internal sealed class Titles
{
    private readonly Dictionary<Var, string> _results = [];
    private readonly Dictionary<string, int> _lines = [];
    private readonly Dictionary<Var, int> _uses;

    public Titles(FunctionIr f)
    {
        for (int k = 0; k < f.ResultNames.Count; k++)
            if (f.Body.Results[k] is Var v && !f.Params.Contains(v)) _results[v] = Title(f.ResultNames[k]);
        foreach (var s in f.Sources.Reverse()) _lines[s.Base] = s.Line;
        _uses = f.Body.Uses();
    }

    public Stage Titled(Stage stage)
    {
        string where = Scheduler.Statements(stage).SelectMany(s => s.Outs).Select(o => _lines.TryGetValue(Primal(o.Base), out int line) ? line : 0).FirstOrDefault(l => l > 0) is > 0 and var l
            ? $"line {l}: " : "";
        return stage with { Title = where + Text(stage) };
    }

    private static string Title(string result) => result.StartsWith(Jvp.Jvp.ResultPrefix, StringComparison.Ordinal)
        ? result.Substring(Jvp.Jvp.ResultPrefix.Length) + "_dot" : result.Replace("d:", "∂");

    /// <summary>An adjoint or a tangent belongs to the line of what it belongs to.</summary>
    private static string Primal(string name) =>
        name.EndsWith("_bar", StringComparison.Ordinal) || name.EndsWith("_dot", StringComparison.Ordinal) ? name.Substring(0, name.Length - 4) : name;

    private string Text(Stage stage) => stage switch
    {
        ScalarStage s => $"scalars {Names(s.Stmts)}",
        KernelStage k => Kernel(k),
        ContractionStage c => Product(c),
        ReduceStage r => $"{Verb(r.Statement.Kind)} over {Extents(r.Statement.Dims)}: {Name(r.Statement.Out)}",
        ScatterStage s => $"scatter {Shaped(s.Statement.Out)} += over {Extents(s.Statement.Dims)}, in order",
        UpdateStage { Statement: Read r } => $"slice {Shaped(r.Out)} = {Base(r.Array)}[{r.Index}]",
        UpdateStage u => $"update {Shaped(u.Statement.Outs[0])}",
        LoopStage { Loop: For f } => $"loop {f.Dim.Index.Base}<{Base(f.Dim.Extent)}, carries {Carried(f.State)}",
        LoopStage { Loop: While w } => $"loop while, carries {Carried(w.State)}",
        IfStage i => $"branch {Names([i.If])}",
        _ => stage.GetType().Name,
    };

    private string Kernel(KernelStage k)
    {
        var builds = k.Stmts.Cast<Build>().ToList();
        bool loops = builds.Any(b => b.Body.Walk().Any(s => s is For or While));
        if (builds.Any(Rows.SumsColumns) || builds.Count == 1 && builds[0].Body.Stmts.LastOrDefault() is Reduce)
        {
            var sum = builds[0].Body.Walk().OfType<Reduce>().First();
            return $"{Verb(sum.Kind)} over {Extents(sum.Dims)}: {Made(k)}";
        }
        bool rows = builds.Any(b => b.Body.Walk().Any(s => s is Reduce));
        string what = loops ? "each" : rows || builds.Count > 1 ? "rows" : "elements";
        string over = rows || loops || builds.Count > 1 ? $"{Base(k.Extent)}" : Extents(builds[0].Dims);
        return $"{what} of {over}: {Made(k)}";
    }

    private string Product(ContractionStage c)
    {
        var last = c.Epilogue.IsEmpty ? c.Statement : c.Epilogue[c.Epilogue.Count - 1];
        string kind = c.Spec.Batch.IsEmpty ? "GEMM" : "batched GEMM";
        string text = $"{kind} {Shaped(last.Results[0])} = {Operand(c.Spec.A.Array)}·{Operand(c.Spec.B.Array)}";
        if (!IsTurned(c.Spec.M, c.Spec.K, x => x.A)) text = text.Replace($"{Operand(c.Spec.A.Array)}·", $"{Base(c.Spec.A.Array)}ᵀ[{Size(c.Spec.M)}×{Size(c.Spec.K)}]·");
        if (!IsTurned(c.Spec.K, c.Spec.N, x => x.B)) text = text.Replace($"·{Operand(c.Spec.B.Array)}", $"·{Base(c.Spec.B.Array)}ᵀ[{Size(c.Spec.K)}×{Size(c.Spec.N)}]");
        return text + string.Concat(c.Epilogue.SelectMany(e => Epilogue(e, [c.Statement.Results[0], .. c.Epilogue.SelectMany(b => b.Results)])));
    }

    /// <summary>Do rows come before columns in memory?</summary>
    private static bool IsTurned(Seq<Axis> rows, Seq<Axis> columns, Func<Axis, Seq<Atom>?> stride) =>
        (stride(rows[rows.Count - 1])?.Count ?? 0) >= (stride(columns[columns.Count - 1])?.Count ?? 0);

    /// <summary>What happens to the sum, op by op: <c>, + b1</c>, <c>, max 0</c>; operands it does not reach as expressions.</summary>
    private static IEnumerable<string> Epilogue(Build build, Seq<Var> own)
    {
        var text = new Dictionary<Var, string?>();
        string? Of(Atom a) => a is Const c ? c.AsDouble.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : text.TryGetValue((Var)a, out var known) ? known : ((Var)a).Base;
        foreach (var s in build.Body.Walk())
        {
            if (s is Read r) text[r.Out] = own.Contains(r.Array) ? null : r.Array.Base;
            if (s is If i)
                foreach (var o in i.Results) text[o] = null;
            if (s is not Compute c) continue;
            var args = c.Args.Map(Of);
            bool reached = args.Any(a => a is null);
            if (reached) yield return $", {c.Op.Infix ?? c.Op.Name} {string.Join(" ", args.Where(a => a is not null))}".TrimEnd();
            text[c.Out] = reached ? null : c.Op.Infix is { } infix ? $"({args[0]} {infix} {args[1]})" : $"{c.Op.Name}({string.Join(", ", args)})";
        }
    }

    /// <summary>What leaves the kernel; names only it reads itself would say nothing.</summary>
    private string Made(KernelStage k)
    {
        var inside = new Block(k.Stmts, []).Uses();
        var outs = k.Stmts.SelectMany(s => s.Outs);
        var leaving = outs.Where(o => _uses.TryGetValue(o, out int all) && all > (inside.TryGetValue(o, out int own) ? own : 0)).ToList();
        return string.Join(", ", leaving.Select(Shaped).Distinct());
    }

    private string Operand(Var v) => Shaped(v);
    private string Name(Var v) => _results.TryGetValue(v, out var name) ? name : v.Base;
    private string Shaped(Var v) => v.Type.IsArray ? $"{Name(v)}[{string.Join("×", v.Type.Extents.Select(Base))}]" : Name(v);
    private string Names(IEnumerable<Stmt> stmts) => string.Join(", ", stmts.SelectMany(s => s.Outs).Select(Name));
    private static string Base(Atom a) => a is Var v ? v.Base : a.ToString();
    private static string Extents(Seq<Dim> dims) => string.Join("×", dims.Select(d => Base(d.Extent)));
    private static string Size(Seq<Axis> axes) => string.Join("·", axes.Select(a => Base(a.Extent)));
    private static string Carried(Seq<Carry> state) => string.Join(", ", state.Select(c => $"'{c.Param.Base}'").Distinct());

    private static string Verb(ReduceKind kind) => kind switch
    {
        ReduceKind.Sum => "sum",
        ReduceKind.Product => "product",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static bool IsScalar(Stage stage) => stage is ScalarStage || stage is IfStage i && i.Then.Concat(i.Else).All(IsScalar);

    /// <summary>The titles, those of nested stages indented.</summary>
    public static IEnumerable<string> Explain(Seq<Stage> stages, string indent = "")
    {
        foreach (var stage in stages)
        {
            if (IsScalar(stage)) continue;
            yield return indent + stage.Title;
            var inner = stage switch
            {
                LoopStage l => l.Condition.Concat(l.Body),
                IfStage i => i.Then.Concat(i.Else),
                _ => [],
            };
            foreach (string line in Explain(inner.ToSeq(), indent + "  ")) yield return line;
        }
    }
}
