using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Api;

/// <summary>
/// The class around a core: reads extents and the batch size, makes room for results, pins, and runs the core, or the guarded
/// one where extents that should be equal are not.
/// </summary>
internal sealed class HostEmitter
{
    private readonly CallModel _call;
    private readonly Identifiers _names;
    private readonly CodeWriter _code;
    private readonly string _engine = "engine", _single = "single", _scope, _inputs, _batch, _lead;
    private readonly Dictionary<string, string> _pinned = [], _pointer = [], _out = [];
    private readonly Dictionary<(string Variable, int Dimension), string> _extents = [];

    private HostEmitter(CallModel call, CodeWriter code)
    {
        _call = call;
        _code = code;
        _names = new Identifiers([_engine, _single, .. call.AllArguments.Select(a => a.Name), .. call.Results.Select(r => r.Name)]);
        _scope = _names.Fresh("scope");
        _inputs = _names.Fresh("inputs");
        _batch = _names.Fresh("B");
        _lead = _names.Fresh("lead");
    }

    public static void Emit(CallModel call, CodeWriter code) => new HostEmitter(call, code).Class();

    private string Method => Literals.Quote(_call.Method.Name);
    private bool MayBeSingle => _call.IsSingle && _call.IsBatched;

    private void Class()
    {
        _code.Open($"file static unsafe class {_call.HostName}");
        var parameters = new List<string> { $"CpuEngine {_engine}" };
        if (MayBeSingle) parameters.Add($"bool {_single}");
        parameters.AddRange(_call.AllArguments.Select(a => a.IsScalar ? $"{a.Leaf.Element} {a.Name}" : $"scoped Argument<{a.Leaf.Element}> {a.Name}"));
        parameters.AddRange(_call.Results.Select(r => $"ref Result<{r.Element}> {r.Name}"));
        _code.List("public static void Run(", parameters, ")");
        _code.Open();
        Body();
        _code.Close();
        _code.Close();
    }

    private IEnumerable<CallArgument> Arrays => _call.AllArguments.Where(a => !a.IsScalar);

    private void Body()
    {
        var code = _code;
        Extents(code);
        foreach (var a in Arrays) _pinned[a.Variable] = _names.Fresh(a.Name + "At");
        int depth = 0;
        foreach (var group in Arrays.GroupBy(a => a.Leaf.Element))
        {
            code.List($"fixed ({group.Key}* ", group.Select(a => $"{_pinned[a.Variable]} = {a.Name}"), ")");
            depth++;
        }
        // Nested fixed statements stand at one depth; the block belongs to the last.
        if (depth > 0) code.Open();
        Sizes(code);
        Spread(code);
        Fit(code);
        Outs(code);
        if (depth > 0) code.Close();
    }

    /// <summary>One local for each extent of each argument, without the leading one.</summary>
    private void Extents(CodeWriter code)
    {
        foreach (var a in Arrays.Where(a => a.Leaf.Rank > 0))
        {
            var locals = new List<string>();
            for (int d = 0; d < a.Leaf.Rank; d++)
            {
                string name = _names.Fresh($"{a.Name}_{d}");
                _extents[(a.Variable, d)] = name;
                locals.Add($"{name} = {a.Name}.Extent({d})");
            }
            code.List("int ", locals, ";");
        }
    }

    private void Sizes(CodeWriter code)
    {
        code.List($"ReadOnlySpan<ArgumentInfo> {_inputs} = [", Arrays.Select(a => $"{a.Name}.{(a.Shared ? "Shared" : "Batched")}({Literals.Quote(a.Label)})"), "];");
        string single = MayBeSingle ? _single : _call.IsBatched ? "false" : "true";
        var destinations = !_call.IsBatched ? [] : _call.Values.Where(r => r.HasLead)
            .Select(r => $"{r.Name}.Destination({Literals.Quote(r.Label)}, {r.Leaf.Rank})");
        code.List($"int {_batch} = Call.Rows(", [Method, $"single: {single}", _inputs, .. destinations], ");");
        if (_call.Results.Any(r => r.HasLead))
            code.Lines($"int {_lead} = {(MayBeSingle ? $"Call.Lead({_single}, {_batch})" : _call.IsBatched ? _batch : "Call.NoLead")};");
    }

    /// <summary>Cores read batches; one value for the whole batch is repeated.</summary>
    private void Spread(CodeWriter code)
    {
        var batched = Arrays.Where(a => !a.Shared).ToList();
        foreach (var a in Arrays.Where(a => a.Shared)) _pointer[a.Variable] = _pinned[a.Variable];
        if (!_call.IsBatched)
        {
            foreach (var a in batched) _pointer[a.Variable] = _pinned[a.Variable];
            return;
        }
        code.Lines($"using var {_scope} = {_engine}.Begin();");
        foreach (var a in batched)
        {
            string name = _names.Fresh(a.Name + "Rows");
            _pointer[a.Variable] = name;
            code.Lines($"{a.Leaf.Element}* {name} = Call.Spread({_scope}, {a.Name}, {_pinned[a.Variable]}, {_batch});");
        }
    }

    private void Fit(CodeWriter code)
    {
        var types = _call.Core.General.Function.Body.Results;
        foreach (var r in _call.Results)
        {
            IEnumerable<string> own = r.Index < 0
                ? Enumerable.Range(0, r.Leaf.Rank).Select(d => _extents[(r.Of!.Variable, d)])
                : Own(r, types[r.Index].Type);
            var extents = own.ToList();
            code.List($"{r.Name}.Fit(", [Method, Literals.Quote(r.Label), r.HasLead ? _lead : "Call.NoLead", .. extents], ");");
            if (r.IsValue && _call.Cotangents.FirstOrDefault(c => c.Leaf.Value.Leaf == r.Leaf.Value.Leaf) is { Leaf.Rank: > 0 } cotangent)
                code.List("Call.SameShape(", [Method, Literals.Quote(cotangent.Label), cotangent.Name + ".Own", .. extents], ");");
        }

        IEnumerable<string> Own(CallResult r, IrType type)
        {
            int lead = r.HasLead ? 1 : 0;
            return type.Extents.Skip(lead).Select((e, d) => Extent(_call.Core.General, r.Index, d + lead, e));
        }
    }

    /// <summary>An extent of a result: a size, a constant, or what the core computes from its arguments.</summary>
    private string Extent(CompiledCore core, int result, int dimension, Atom extent) => extent switch
    {
        Const c => Literals.Of(c.AsInt),
        Var v when core.Function.Sizes.Contains(v) => Size(core.Function, v),
        _ => $"{core.ClassName}.Extent_{result}_{dimension}({string.Join(", ", Inputs(core.Function))})",
    };

    private void Outs(CodeWriter code)
    {
        int depth = 0;
        foreach (var r in _call.Results) _out[r.Name] = _names.Fresh(r.Name + "Out");
        foreach (var group in _call.Results.Where(r => r.Index >= 0).GroupBy(r => r.Element))
        {
            code.List($"fixed ({group.Key}* ", group.Select(r => $"{_out[r.Name]} = {r.Name}"), ")");
            depth++;
        }
        if (depth == 0) return;
        code.Open();
        foreach (var r in _call.Results.Where(r => r.Index < 0)) code.Lines($"{r.Name}.Fill({Zero(r)});");
        code.List("Call.Apart(", [Method, $"inPlace: {(_call.Core.InPlace ? "true" : "false")}", _inputs,
            .. _call.Results.Where(r => r.Index >= 0).Select(r => $"{r.Name}.Region({Literals.Quote(r.Label)})")], ");");
        if (_call.IsBatched) Empty(code);
        Dispatch(code);
        code.Close();
    }

    /// <summary>The sum of nothing is 0, the mean of nothing NaN, and no gradient comes from it.</summary>
    private void Empty(CodeWriter code)
    {
        code.Lines($"if ({_batch} == 0)");
        code.Lines("{");
        foreach (var r in _call.Results.Where(r => !r.HasLead && r.Index >= 0))
            code.Lines($"    {r.Name}.Fill({(r.IsValue && _call.Method.Reduce == Reduction.Mean && r.Leaf.IsFloat ? r.Element + ".NaN" : Zero(r))});");
        code.Lines("    return;");
        code.Lines("}");
    }

    private static string Zero(CallResult r) => r.Leaf.Value.Scalar == Scalar.Bool ? "false" : "default";

    private void Dispatch(CodeWriter code)
    {
        var core = _call.Core;
        var equal = Equalities(core.Function);
        if (core.Guarded is not { } guarded)
        {
            if (equal.Count > 0) throw new InvalidOperationException($"{core.ClassName} assumes {string.Join(", ", equal)} and has no guarded version");
            Run(code, core, "");
            return;
        }
        code.List("if (", [string.Join(" && ", equal)], ")");
        Run(code, core, "    ");
        code.Lines("else");
        Run(code, guarded, "    ");
    }

    private void Run(CodeWriter code, CompiledCore core, string indent) => code.List(
        $"{indent}{core.ClassName}.Run(",
        [_engine, .. Inputs(core.Function), .. core.Function.Body.Results.Select((_, k) => Out(k))], ");");

    private string Out(int index)
    {
        var r = _call.Results.FirstOrDefault(r => r.Index == index)
            ?? throw new InvalidOperationException($"{_call.Core.ClassName}: nobody takes result {index}");
        return Cast(r.Leaf, _out[r.Name]);
    }

    /// <summary>Parameters and sizes of a core, in its order.</summary>
    private IEnumerable<string> Inputs(FunctionIr f) =>
    [
        .. f.Params.Select(p =>
        {
            var a = Argument(p);
            return a.IsScalar ? Enum(a.Leaf) ? $"({Keyword(a.Leaf.Value.Scalar)}){a.Name}" : a.Name : Cast(a.Leaf, _pointer[a.Variable]);
        }),
        .. f.Sizes.Select(s => Size(f, s)),
    ];

    private CallArgument Argument(Var parameter) => _call.AllArguments.First(a => a.Variable == parameter.Name);

    /// <summary>The extents of a core's parameters as this host's locals: the leading one of a batch is the batch size.</summary>
    private IEnumerable<(Atom Extent, string Local)> Dimensions(FunctionIr f) => f.Params.SelectMany(p =>
    {
        var a = Argument(p);
        int lead = a.Shared ? 0 : 1;
        return p.Type.Extents.Select((e, d) => (e, d < lead ? _batch : _extents[(a.Variable, d - lead)]));
    });

    private string Size(FunctionIr f, Var size) => Dimensions(f).First(d => d.Extent.Equals(size)).Local;

    /// <summary>What the core assumes: one name for several extents, or a constant. A cotangent is checked against its result instead.</summary>
    private List<string> Equalities(FunctionIr f)
    {
        var first = new Dictionary<Atom, string>();
        var equal = new List<string>();
        foreach (var (extent, local) in Dimensions(f with { Params = f.Params.Where(p => !_call.Cotangents.Contains(Argument(p))).ToSeq() }))
        {
            string other = extent is Const c ? Literals.Of(c.AsInt) : first.TryGetValue(extent, out string? name) ? name : first[extent] = local;
            string text = $"{local} == {other}";
            if (local != other && !equal.Contains(text)) equal.Add(text);
        }
        return equal;
    }

    private static bool Enum(Leaf leaf) => leaf.Element != Keyword(leaf.Value.Scalar);
    private static string Cast(Leaf leaf, string pointer) => Enum(leaf) ? $"({Keyword(leaf.Value.Scalar)}*){pointer}" : pointer;

    private static string Keyword(Scalar scalar) => scalar switch
    {
        Scalar.F32 => "float",
        Scalar.F64 => "double",
        Scalar.I32 => "int",
        Scalar.I64 => "long",
        _ => "bool",
    };
}
