using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Api;

/// <summary>Where a generated member runs and what it takes: one sample, a batch on the host, a batch on a device.</summary>
internal enum Site { Single, Host, Device }

/// <summary>What becomes of the values: returned, written to destinations, or not wanted.</summary>
internal enum ValueMode { Returned, Destination, Discarded }

/// <summary>What becomes of the gradient.</summary>
internal enum GradientMode { None, Returned, Reused }

/// <summary>One public member: its signature, and a body that hands each leaf to the host.</summary>
internal sealed class FormEmitter
{
    private readonly CallModel _call;
    private readonly Site _site;
    private readonly ValueMode _values;
    private readonly GradientMode _gradient;
    private readonly CodeWriter _code;
    private readonly string _on;

    private FormEmitter(CallModel call, Site site, ValueMode values, GradientMode gradient, CodeWriter code)
    {
        (_call, _site, _values, _gradient, _code) = (call, site, values, gradient, code);
        _on = new Identifiers([.. call.Method.Parameters.Select(p => p.Name), .. call.Results.Select(r => r.Name)]).Fresh("on");
    }

    public static void Emit(CallModel call, Site site, ValueMode values, GradientMode gradient, CodeWriter code) =>
        new FormEmitter(call, site, values, gradient, code).Member();

    private MethodModel Method => _call.Method;
    private bool Single => _site == Site.Single;
    private bool OnDevice => _site == Site.Device;

    /// <summary>Defaults of optional parameters stand only where nothing obligatory follows.</summary>
    private bool HasDefaults => _values != ValueMode.Destination && _gradient != GradientMode.Reused && _call.Kind is CoreKind.Batch or CoreKind.Gradient;

    private string Name => Method.Name + _call.Kind switch
    {
        CoreKind.Batch => "Batch",
        CoreKind.Vjp => Single ? "Vjp" : "VjpBatch",
        CoreKind.Jvp => Single ? "Jvp" : "JvpBatch",
        _ => (_values == ValueMode.Discarded ? "Grad" : "ValueAndGrad") + (Single ? "" : "Batch"),
    };

    private string GradientType => Method.Name + (_site switch { Site.Single => "Gradient", Site.Host => "GradientBatch", _ => "GradientBatch.OnDevice" });

    /// <summary>The results' elements: those of a tuple, else the result itself.</summary>
    private static Seq<TreeField> Elements(ValueModel result) => result is TupleValue t ? t.Elements : [new TreeField("", result)];

    private bool Reduced => Method.Vectorize && Method.Reduce != Reduction.None;

    /// <summary>An element that cannot be written to, because it is held by value: on the host, a reduced scalar or a tree that has one.</summary>
    private bool IsByValue(ValueModel element) => !OnDevice && (Single || Reduced) && Leaf.Of(element).Any(l => l.Rank == 0);

    private bool IsReturned(ValueModel element) =>
        _values == ValueMode.Returned || _values == ValueMode.Destination && IsByValue(element);

    /// <summary>Is there anything to write to a destination?</summary>
    public static bool HasDestinations(CallModel call, Site site) =>
        Elements(call.Method.Result).Any(e => !new FormEmitter(call, site, ValueMode.Destination, GradientMode.None, new()).IsByValue(e.Value));

    private Form ResultForm => OnDevice ? Form.Device : Single || Reduced ? Form.Own : Form.Batch;

    private void Member()
    {
        _code.Separate();
        var parameters = Parameters();
        _code.Lines(Docs.Member(_call, _site, _values, _gradient, parameters.Select(p => p.Name)));
        _code.List($"{Method.Accessibility} static {ReturnType} {Name}(", parameters.Select(p => p.Text), ")");
        _code.Open();
        Body(_code);
        _code.Close();
    }

    private List<(string Name, string Text)> Parameters()
    {
        var all = AllParameters().ToList();
        // An optional parameter must not stand before an obligatory one, and an array on a device has no default.
        bool optional = true;
        for (int k = all.Count - 1; k >= 0; k--)
        {
            optional &= all[k].Default.Length > 0;
            if (!optional) all[k] = (all[k].Name, all[k].Text, "");
        }
        return all.ConvertAll(p => (p.Name, p.Text + p.Default));
    }

    private IEnumerable<(string Name, string Text, string Default)> AllParameters()
    {
        if (OnDevice) yield return ("device", "global::AutoVec.Device device", "");
        foreach (var p in Method.Parameters)
        {
            string name = Identifiers.Of(p.Name);
            if (p.IsOutput)
            {
                yield return (name, $"{OutputType(p)} {name}", "");
                continue;
            }
            bool own = Single || p.Shared && (!OnDevice || p.Value is ArrayValue { Rank: 0 });
            string type = own ? CSharpTypes.Parameter(p.Value)
                : p.Shared ? CSharpTypes.Of(p.Value, Form.Device) : CSharpTypes.Argument(p.Value, OnDevice);
            string optional = p.Default is not { } text || !HasDefaults ? ""
                : own ? " = " + text
                : p.Value is ArrayValue { Rank: 0 } || !OnDevice ? " = default" : "";
            yield return (name, $"{type} {name}", optional);
        }
        foreach (var (name, text) in CotangentParameters()) yield return (name, text, "");
        if (_call.Kind == CoreKind.Jvp)
        {
            yield return ("tangents", $"{(Single ? "" : "in ")}{GradientType} tangents", "");
            foreach (var r in _call.Results.Where(r => r is { Output: not null, Role: ResultRole.Tangent }))
                yield return (r.Label, $"{OutputType(r.Output!)} {r.Label}", "");
        }
        if (_values == ValueMode.Destination)
            foreach (string destination in _call.Kind == CoreKind.Jvp ? new[] { Destination(ResultRole.Value), Destination(ResultRole.Tangent) } : [Destination(ResultRole.Value)])
                foreach (var e in Elements(Method.Result).Where(e => !IsByValue(e.Value)))
                    yield return (destination + e.Property, $"{DestinationType(e.Value)} {destination}{e.Property}", "");
        if (_gradient == GradientMode.Reused) yield return ("gradient", $"ref {GradientType} gradient", "");
    }

    /// <summary>How an output is passed: it is written where it lies.</summary>
    private string OutputType(ParameterModel p) => _site switch
    {
        Site.Single => CSharpTypes.Parameter(p.Value),
        Site.Host => $"Out<{CSharpTypes.Element((ArrayValue)p.Value)}>",
        _ => $"DeviceArray<{CSharpTypes.Element((ArrayValue)p.Value)}>",
    };

    private static string Destination(ResultRole role) => role == ResultRole.Tangent ? "tangentDestination" : "destination";

    private string DestinationType(ValueModel element) =>
        element is ArrayValue a && !OnDevice ? $"Out<{CSharpTypes.Element(a)}>" : CSharpTypes.Of(element, ResultForm);

    private IEnumerable<(string Name, string Text)> CotangentParameters()
    {
        if (_call.Kind != CoreKind.Vjp) yield break;
        if (Single)
        {
            if (Leaf.Of(Method.Result).Any(l => l.IsFloat)) yield return ("cotangent", CSharpTypes.Of(Method.Result, Form.Own) + " cotangent");
        }
        else
            foreach (var e in Elements(Method.Result).Where(e => Leaf.Of(e.Value).Any(l => l.IsFloat)))
            {
                string type = Reduced && !OnDevice ? CSharpTypes.Of(e.Value, Form.Own)
                    : Reduced && e.Value is ArrayValue { Rank: 0 } s ? CSharpTypes.Element(s)
                    : Reduced ? CSharpTypes.Of(e.Value, Form.Device)
                    : CSharpTypes.Argument(e.Value, OnDevice);
                yield return ("cotangent" + e.Property, $"{type} cotangent{e.Property}");
            }
        foreach (var c in _call.Cotangents.Where(c => c.Output is not null))
            yield return (c.Label, $"{(Single ? $"global::System.ReadOnlySpan<{c.Leaf.Element}>" : CSharpTypes.Argument(c.Leaf.Value, OnDevice))} {c.Label}");
    }

    private string? ValueType
    {
        get
        {
            var returned = Elements(Method.Result).Where(e => IsReturned(e.Value)).ToList();
            if (returned.Count == 0) return null;
            if (returned.Count == Elements(Method.Result).Count) return CSharpTypes.Of(Method.Result, ResultForm);
            return returned.Count == 1 ? CSharpTypes.Of(returned[0].Value, ResultForm) : CSharpTypes.Of(new TupleValue(returned.ToSeq()), ResultForm);
        }
    }

    private string ReturnType => (ValueType, _gradient) switch
    {
        ({ } value, GradientMode.Returned) => $"({value} Value, {GradientType} Gradient)",
        (null, GradientMode.Returned) => GradientType,
        ({ } value, _) => _call.Kind == CoreKind.Jvp ? $"({value} Value, {value} Tangent)" : value,
        _ => "void",
    };

    private void Body(CodeWriter code)
    {
        if (OnDevice) code.Lines($"var {_on} = new DeviceCall(device, {Literals.Quote(Method.Name)});");
        foreach (var r in _call.Results)
            code.Lines(Source(r) is { } source ? $"var {r.Name} = {source};" : $"CallResult<{r.Element}> {r.Name} = default;");

        var arguments = new List<string> { OnDevice ? _on : "CpuEngine.Shared" };
        if (_call.IsSingle && _call.IsBatched && !OnDevice) arguments.Add("single: " + (Single ? "true" : "false"));
        arguments.AddRange(Method.Parameters.SelectMany(p => Leaf.Of(p.Value).Map(l => Argument(p, l))));
        arguments.AddRange(Cotangents());
        arguments.AddRange(_call.Tangents.Select(Tangent));
        arguments.AddRange(_call.Results.Select(r => "ref " + r.Name));
        code.List($"{_call.HostName}.{(OnDevice ? "OnDevice" : "Run")}(", arguments, ");");

        foreach (var r in _call.Values.Where(r => IsDiscarded(r))) code.Lines(r.Name + ".Release();");
        if (_gradient == GradientMode.Reused) code.Lines($"gradient = {Gradient()};");
        string? value = Value(ResultRole.Value);
        if (_call.Kind == CoreKind.Jvp && value is not null) value = $"({value}, {Value(ResultRole.Tangent)})";
        string? returned = (value, _gradient) switch
        {
            ({ } v, GradientMode.Returned) => $"({v}, {Gradient()})",
            (null, GradientMode.Returned) => Gradient(),
            _ => value,
        };
        if (returned is not null) code.Lines($"return {returned};");
    }

    private bool IsDiscarded(CallResult r) => _values == ValueMode.Discarded && r is { IsValue: true, Output: null };

    /// <summary>The element of the result that a value belongs to.</summary>
    private TreeField ElementOf(CallResult r) =>
        Method.Result is TupleValue t ? t.Elements.First(e => e.Property == r.Leaf.Fields[0]) : new TreeField("", Method.Result);

    /// <summary>Where a result goes; null: a new host array.</summary>
    private string? Source(CallResult r)
    {
        if (IsDiscarded(r)) return OnDevice ? $"{_on}.Discarded<{r.Element}>()" : $"CallResult<{r.Element}>.Discarded()";
        if (r.Output is { } output)
        {
            string name = r.IsValue ? Identifiers.Of(output.Name) : r.Label;
            return OnDevice ? $"{_on}.Into({name}, {Literals.Quote(r.Label)})" : $"CallResult<{r.Element}>.Into({name})";
        }
        if (r.Role != ResultRole.Gradient && _values == ValueMode.Destination && !IsByValue(ElementOf(r).Value))
        {
            var element = ElementOf(r);
            string path = Destination(r.Role) + element.Property + Path(r.Leaf, Method.Result is TupleValue ? 1 : 0);
            return OnDevice ? $"{_on}.Into({path}, {Literals.Quote(path)})" : $"CallResult<{r.Element}>.Into({path})";
        }
        if (r.Role == ResultRole.Gradient && _gradient == GradientMode.Reused && (OnDevice || r.Rank(Single) > 0 && !Leaf.IsPacked(ParameterOf(r.Leaf).Value)))
        {
            string path = Held("gradient", r.Leaf);
            return OnDevice ? $"{_on}.Reuse({path})" : $"CallResult<{r.Element}>.Reuse({path})";
        }
        return OnDevice ? $"{_on}.New<{r.Element}>()" : null;
    }

    /// <summary>The array that a gradient holds for a leaf of a parameter, or null: <c>gradient.P?.W1</c>.</summary>
    private string Held(string gradient, Leaf leaf)
    {
        var p = ParameterOf(leaf);
        string text = $"{gradient}.{CallModel.Property(p)}";
        ValueModel at = p.Value;
        foreach (string field in leaf.Fields)
        {
            // Batches and trees on a device are classes.
            bool isNull = at is TreeValue t && !(t.IsStruct && GradientForm(p) == Form.Own);
            text += (isNull ? "?." : ".") + Identifiers.Of(field);
            at = (at is TreeValue tree ? tree.Fields : at is PackedValue packed ? packed.Leaves : ((TupleValue)at).Elements)
                .First(f => (f.Value is PackedValue ? f.Property + "Pack" : f.Property) == field).Value;
        }
        return text;
    }

    private ParameterModel ParameterOf(Leaf leaf) =>
        Method.Parameters.First(p => Leaf.Of(p.Value).Any(l => l.Value.Leaf == leaf.Value.Leaf));

    /// <summary>How a gradient holds what belongs to a parameter.</summary>
    private Form GradientForm(ParameterModel p) => OnDevice ? Form.Device : Single || p.Shared ? Form.Own : Form.Batch;

    private static string Path(Leaf leaf, int skip) => string.Concat(leaf.Fields.Skip(skip).Select(f => "." + Identifiers.Of(f)));

    private string Argument(ParameterModel p, Leaf leaf)
    {
        string name = Identifiers.Of(p.Name);
        bool shared = CallModel.IsShared(Method, p);
        string label = Literals.Quote(p.Name + leaf.Path);
        if (OnDevice)
        {
            if (shared) return p.Value is ArrayValue { Rank: 0 } ? name
                : leaf.Rank == 0 ? $"{_on}.Scalar({name}{leaf.Path}, {label})"
                : $"{_on}.Shared({name}{leaf.Path}, {label}, {leaf.Rank})";
            if (p.Value is ArrayValue { Rank: 0 }) return $"{_on}.Batched({name}{Or(p)}, {label})";
            return $"{_on}.Batched({name}{leaf.Path}, {label}, {leaf.Rank})";
        }
        if (p.IsOutput && !Single) return $"Argument<{leaf.Element}>.Contents({name}, {leaf.Rank}, {label})";
        if (Single || shared) return name + leaf.Path;
        return p.Value is TreeValue ? $"{name}.{leaf.FlatName}" : name + Or(p);
    }

    private string Or(ParameterModel p) => p.Default is { } text && HasDefaults ? $".Or({text})" : "";

    private IEnumerable<string> Cotangents() => _call.Cotangents.Select(c =>
    {
        if (c.Output is not null) return OnDevice ? $"{_on}.Batched({c.Label}, {Literals.Quote(c.Label)}, {c.Leaf.Rank})" : c.Label;
        if (Single) return "cotangent" + c.Leaf.Path;
        int skip = Method.Result is TupleValue ? 1 : 0;
        string name = "cotangent" + (skip == 1 ? c.Leaf.Fields[0] : "");
        var element = skip == 1 ? ((TupleValue)Method.Result).Elements.First(e => e.Property == c.Leaf.Fields[0]).Value : Method.Result;
        string path = name + Path(c.Leaf, skip);
        if (!OnDevice) return Reduced || element is ArrayValue ? path : $"{name}.{string.Join("_", c.Leaf.Fields.Skip(skip))}";
        string label = Literals.Quote(path);
        if (Reduced && element is ArrayValue { Rank: 0 }) return path;
        if (c.IsScalar) return $"{_on}.Scalar({path}, {label})";
        if (c.Shared) return $"{_on}.Shared({path}, {label}, {c.Leaf.Rank})";
        return element is ArrayValue { Rank: 0 } ? $"{_on}.Batched({path}, {label})" : $"{_on}.Batched({path}, {label}, {c.Leaf.Rank})";
    });

    private string Tangent(CallArgument t)
    {
        string held = Held("tangents", t.Leaf);
        var form = GradientForm(ParameterOf(t.Leaf));
        if (form == Form.Batch) return $"Argument<{t.Leaf.Element}>.PerSample({held})";
        if (form == Form.Own) return t.Leaf.Rank == 0 && held.Contains("?.") ? $"({held}).GetValueOrDefault()" : held;
        string of = $"{held}, {Literals.Quote(t.Label)}";
        return t.IsScalar ? $"{_on}.ScalarOrZero({of})" : $"{_on}.{(t.Shared ? "Shared" : "Batched")}({of}, {t.Leaf.Rank})";
    }

    private string Read(CallResult r) => OnDevice ? r.Name + ".OnDevice"
        : r.Rank(Single) == 0 ? r.Name + ".Scalar" : $"{r.Name}.Array{r.Rank(Single)}";

    private string? Value(ResultRole role)
    {
        if (ValueType is null) return null;
        var values = _call.Results.Where(r => r.Role == role && r.Output is null).ToList();
        var returned = Elements(Method.Result).Where(e => IsReturned(e.Value)).ToList();
        int next = 0;
        var parts = new List<string>();
        foreach (var e in Elements(Method.Result))
        {
            int first = next;
            next += Leaf.Of(e.Value).Count;
            if (!returned.Contains(e)) continue;
            string text = CSharpTypes.Construct(e.Value, ResultForm, k => Read(values[first + k]));
            parts.Add(returned.Count == 1 ? text : $"{Identifiers.Of(e.Property)}: {text}");
        }
        return parts.Count == 1 ? parts[0] : $"({string.Join(", ", parts)})";
    }

    /// <summary>The gradient, of its arrays. A tree whose arrays were all reused is kept, so that nothing is allocated.</summary>
    private string Gradient()
    {
        var parts = CallModel.Differentiable(Method).Map(p =>
        {
            var all = Leaf.Of(p.Value);
            CallResult Of(Leaf l) => _call.Results.First(r => r.Role == ResultRole.Gradient && r.Leaf.Value.Leaf == l.Value.Leaf);
            var leaves = all.Where(l => !l.IsLayout).Select(Of).ToSeq();
            var form = GradientForm(p);
            string property = CallModel.Property(p);
            string made = CSharpTypes.Construct(p.Value, form, k => all[k].IsLayout ? Identifiers.Of(p.Name) + all[k].Path : Read(Of(all[k])));
            // An array of trees on the host is unpacked into new trees.
            bool canKeep = _gradient == GradientMode.Reused && p.Value is TreeValue && (OnDevice || !Leaf.IsPacked(p.Value)) && leaves.All(r => OnDevice || r.Rank(Single) > 0);
            // On a device it is kept if it is packed as the parameter's is.
            string isNew = string.Join(" | ", leaves.Map(r => r.Name + ".IsNew").Concat(all.Where(l => l.IsLayout).Select(l =>
                $"!ReferenceEquals({Held("gradient", l)}, {Identifiers.Of(p.Name)}{l.Path})")));
            return canKeep ? $"{property}: {isNew} ? {made} : gradient.{property}!" : $"{property}: {made}";
        });
        return $"new {GradientType}({string.Join(", ", parts)})";
    }
}
