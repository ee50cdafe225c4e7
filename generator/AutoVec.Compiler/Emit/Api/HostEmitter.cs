using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Api;

/// <summary>
/// The method around a core: reads extents and the batch size, makes room for results, and runs the core, or the guarded one where
/// extents that should be equal are not. How memory is reached is the subclass's.
/// </summary>
internal abstract class HostEmitter
{
    private readonly Dictionary<(string Variable, int Dimension), string> _extents = [];
    private readonly string _lead;

    protected HostEmitter(CallModel call, CodeWriter code)
    {
        Call = call;
        Code = code;
        Names = new Identifiers([Engine, "device", "on", "single", .. call.AllArguments.Select(a => a.Name), .. call.Results.Select(r => r.Name)]);
        Scope = Names.Fresh("scope");
        Inputs = Names.Fresh("inputs");
        Batch = Names.Fresh("B");
        _lead = Names.Fresh("lead");
    }

    protected CallModel Call { get; }
    protected CodeWriter Code { get; }
    protected Identifiers Names { get; }
    protected string Scope { get; }
    protected string Inputs { get; }
    protected string Batch { get; }

    /// <summary>The leading dimension of results with one value per sample.</summary>
    private string Lead => MayBeSingle ? _lead : Batch;

    protected abstract string Engine { get; }

    /// <summary>Is there a parameter that says whether this is one sample?</summary>
    protected abstract bool MayBeSingle { get; }

    /// <summary>May results lie in arguments, each element in its own place?</summary>
    protected abstract bool InPlace { get; }

    protected abstract void Outs();
    protected abstract string ClassOf(CompiledCore core);

    /// <summary>The memory of an argument that is an array of the core.</summary>
    protected abstract string Pointer(CallArgument argument);

    protected abstract string Out(CallResult result);

    /// <summary>One value per sample, where one may have been passed for the whole batch.</summary>
    protected abstract string SpreadText(CallArgument argument);

    /// <summary>A copy of what an output holds at the start.</summary>
    protected abstract string CopyText(CallArgument output);

    /// <summary>As <see cref="SpreadText"/>, of a tangent: zeros of the shape of what it is the tangent of, if it is missing.</summary>
    protected abstract string TangentText(CallArgument tangent, CallArgument of);

    protected string RowsOf(CallArgument argument) => argument.Shared ? "1" : Batch;

    protected Dictionary<string, string> Rows { get; } = [];
    protected string Method => Literals.Quote(Call.Method.Name);
    protected IEnumerable<CallArgument> Arrays => Call.AllArguments.Where(a => !a.IsScalar);

    /// <summary>One local for each extent of each argument, without the leading one.</summary>
    protected void Extents()
    {
        foreach (var a in Arrays.Where(a => a.Leaf.Rank > 0 && a.TangentOf is null))
        {
            var locals = new List<string>();
            for (int d = 0; d < a.Leaf.Rank; d++)
            {
                string name = Names.Fresh($"{a.Name}_{d}");
                _extents[(a.Variable, d)] = name;
                locals.Add($"{name} = {a.Name}.Extent({d})");
            }
            Code.List("int ", locals, ";");
        }
    }

    protected void Sizes()
    {
        Code.List($"ReadOnlySpan<ArgumentInfo> {Inputs} = [", Arrays.Select(a => IsContents(a) ? $"{a.Name}.Contents({Literals.Quote(a.Label)})" : a.TangentOf is null
            ? $"{a.Name}.{(a.Shared ? "Shared" : "Batched")}({Literals.Quote(a.Label)})"
            : $"{a.Name}.Tangent({Literals.Quote(a.Label)}, shared: {(a.Shared ? "true" : "false")})"), "];");
        if (Call.Method.Debug is not null) Code.Lines($"Call.Disjoint({Method}, {Inputs});");
        if (!Call.IsBatched)
        {
            Code.Lines($"Call.Rows({Method}, single: true, {Inputs});");
            return;
        }
        string single = MayBeSingle ? "single" : "false";
        var destinations = Call.Results.Where(r => r.HasLead && r.Role != ResultRole.Gradient)
            .Select(r => $"{r.Name}.Destination({Literals.Quote(r.Label)}, {r.Leaf.Rank})");
        Code.List($"int {Batch} = Call.Rows(", [Method, $"single: {single}", Inputs, .. destinations], ");");
        if (MayBeSingle && Call.Results.Any(r => r.HasLead)) Code.Lines($"int {_lead} = Call.Lead(single, {Batch});");
    }

    /// <summary>Is it what an output holds at the start? (Its cotangent is an argument like any other.)</summary>
    private static bool IsContents(CallArgument a) => a is { Output: not null, TangentOf: null } && a.Variable == ((ArrayValue)a.Output.Value).Leaf;

    /// <summary>Does a core read the argument? What an output holds may be overwritten before it is read, if it is a copy; most are never read.</summary>
    private bool IsRead(CallArgument a) =>
        new[] { Call.Core, Call.Core.Guarded }.OfType<CompiledCore>().Any(c => c.Function.Body.Free().Any(v => v.Name == a.Variable));

    /// <summary>Cores read batches; one value for the whole batch is repeated. A tangent that is missing is a batch of zeros.</summary>
    protected void Spread()
    {
        var made = Arrays.Where(a => IsContents(a) ? IsRead(a) : a.TangentOf is not null || Call.IsBatched && !a.Shared).ToList();
        if (made.Count == 0 && !Call.IsBatched) return;
        Code.Lines($"using var {Scope} = {Engine}.Begin();");
        foreach (var a in made)
        {
            if (a.TangentOf is { Leaf.Rank: > 0 } of)
                Code.List("Call.TangentShape(", [Method, Literals.Quote(a.Label), a.Name + ".IsMissing", a.Name + ".Own", Literals.Quote(of.Label), of.Name + ".Own"], ");");
            string text = IsContents(a) ? CopyText(a) : a.TangentOf is null ? SpreadText(a) : TangentText(a, a.TangentOf), name = Names.Fresh(a.Name + "Rows");
            Rows[a.Variable] = name;
            Code.Lines($"var {name} = {text};");
        }
    }

    protected void Fit()
    {
        var general = Call.Core.General;
        foreach (var r in Call.Results)
        {
            int lead = r.HasLead ? 1 : 0;
            int like = r.Like < 0 ? r.Index : r.Like;
            var extents = like < 0
                ? Enumerable.Range(0, r.Leaf.Rank).Select(d => _extents[(r.Of!.Variable, d)]).ToList()
                : general.Function.Body.Results[like].Type.Extents.Skip(lead).Select((e, d) => Extent(general, like, d + lead, e)).ToList();
            Code.List($"{r.Name}.Fit(", [Method, Literals.Quote(r.Label), r.HasLead ? Lead : "Call.NoLead", .. extents], ");");
            if (r.IsValue && Call.Cotangents.FirstOrDefault(c => c.Leaf.Value.Leaf == r.Leaf.Value.Leaf) is { Leaf.Rank: > 0 } cotangent)
                Code.List("Call.SameShape(", [Method, Literals.Quote(cotangent.Label), cotangent.Name + ".Own", .. extents], ");");
        }
    }

    /// <summary>An extent of a result: a size, a constant, a parameter, or what the core computes from its arguments.</summary>
    private string Extent(CompiledCore core, int result, int dimension, Atom extent) => extent switch
    {
        Const c => Literals.Of(c.AsInt),
        Var v when core.Function.Sizes.Contains(v) => Size(core.Function, v),
        Var v when core.Function.Params.Contains(v) => Argument(v).Name,
        _ => $"{ClassOf(core)}.Extent_{result}_{dimension}({string.Join(", ", ExtentInputs(core.Function))})",
    };

    protected void Apart() => Code.List("Call.Apart(", [Method, $"inPlace: {(InPlace ? "true" : "false")}", Inputs,
        .. Call.Results.Where(r => r.Index >= 0).Select(r => $"{r.Name}.Region({Literals.Quote(r.Label)})")], ");");

    protected void Zeros()
    {
        foreach (var r in Call.Results.Where(r => r.Index < 0)) Code.Lines($"{r.Name}.Fill(default);");
    }

    /// <summary>The sum of nothing is 0, the mean of nothing NaN, and no gradient comes from it.</summary>
    protected void Empty()
    {
        if (!Call.IsBatched) return;
        var filled = Call.Results.Where(r => !r.HasLead && r.Index >= 0).ToList();
        if (filled.Count == 0)
        {
            Code.Lines($"if ({Batch} == 0) return;");
            return;
        }
        Code.Open($"if ({Batch} == 0)");
        foreach (var r in filled)
            Code.Lines($"{r.Name}.Fill({(r.IsValue && Call.Method.Reduce == Reduction.Mean && r.Leaf.IsFloat ? r.Element + ".NaN" : "default")});");
        Code.Lines("return;");
        Code.Close();
    }

    protected void Dispatch()
    {
        var core = Call.Core;
        var equal = Equalities(core.Function);
        if (core.Assumes is { } assumed)
            equal.Add($"{ClassOf(core)}.Holds({string.Join(", ", HostInputs.Concat(assumed.Arguments.Select(p => Input(p))).Concat(assumed.Sizes.Select(s => Size(core.Function, s))))})");
        if (core.Guarded is not { } guarded)
        {
            if (equal.Count > 0) throw new InvalidOperationException($"{core.ClassName} assumes {string.Join(", ", equal)} and has no guarded version");
            Run(core, "");
            return;
        }
        Code.List("if (", [string.Join(" && ", equal)], ")");
        Run(core, "    ");
        Code.Lines("else");
        Run(guarded, "    ");
    }

    private void Run(CompiledCore core, string indent) => Code.List(
        $"{indent}{ClassOf(core)}.Run(",
        [Engine, .. CoreInputs(core.Function), .. core.Function.Body.Results.Select((_, k) => Out(ResultAt(k)))], ");");

    private CallResult ResultAt(int index) => Call.Results.FirstOrDefault(r => r.Index == index)
        ?? throw new InvalidOperationException($"{Call.Core.ClassName}: nobody takes result {index}");

    /// <summary>What computes an extent takes.</summary>
    protected abstract IEnumerable<string> ExtentInputs(FunctionIr f);

    /// <summary>Parameters and sizes of a core, in its order.</summary>
    protected IEnumerable<string> CoreInputs(FunctionIr f) =>
    [
        .. f.Params.Select(Input),
        .. f.Sizes.Select(s => Size(f, s)),
    ];

    private string Input(Var parameter)
    {
        var a = Argument(parameter);
        return !a.IsScalar ? Pointer(a) : IsEnum(a.Leaf) ? $"({Keyword(a.Leaf.Value.Scalar)}){a.Name}" : a.Name;
    }

    /// <summary>What a method that runs on the host takes first.</summary>
    protected virtual IEnumerable<string> HostInputs => [];

    private CallArgument Argument(Var parameter) => Call.AllArguments.First(a => a.Variable == parameter.Name);

    /// <summary>
    /// The extents of a core's parameters as this host's locals: the leading one of a batch is the batch size. Those of a tangent
    /// are its parameter's.
    /// </summary>
    private IEnumerable<(Atom Extent, string Local)> Dimensions(FunctionIr f) => f.Params.SelectMany(p =>
    {
        var a = Argument(p);
        int lead = a.Shared ? 0 : 1;
        return p.Type.Extents.Select((e, d) => (e, d < lead ? Batch : _extents[((a.TangentOf ?? a).Variable, d - lead)]));
    });

    private string Size(FunctionIr f, Var size) => Dimensions(f).First(d => d.Extent.Equals(size)).Local;

    /// <summary>What the core assumes: one name for several extents, or a constant. A cotangent is checked against its result instead.</summary>
    private List<string> Equalities(FunctionIr f)
    {
        var first = new Dictionary<Atom, string>();
        var equal = new List<string>();
        foreach (var (extent, local) in Dimensions(f with { Params = f.Params.Where(p => !Call.Cotangents.Contains(Argument(p)) && !Argument(p).Leaf.IsOnePerTree).ToSeq() }))
        {
            string other = extent is Const c ? Literals.Of(c.AsInt) : first.TryGetValue(extent, out string? name) ? name : first[extent] = local;
            string text = $"{local} == {other}";
            if (local != other && !equal.Contains(text)) equal.Add(text);
        }
        return equal;
    }

    protected static bool IsEnum(Leaf leaf) => leaf.Element != Keyword(leaf.Value.Scalar);

    protected static string Keyword(Scalar scalar) => scalar switch
    {
        Scalar.F32 => "float",
        Scalar.F64 => "double",
        Scalar.I32 => "int",
        Scalar.I64 => "long",
        Scalar.F16 => "global::System.Half",
        _ => "bool",
    };
}
