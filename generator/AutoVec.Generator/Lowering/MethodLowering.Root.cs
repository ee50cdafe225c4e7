using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// The annotated method itself: its parameters are the function's. Arrays are read-only; of a <c>Span&lt;T&gt;</c> the final contents are
/// a result, after those that are returned.
/// </summary>
internal sealed partial class MethodLowering
{
    /// <summary>The method as a verified function. Throws <see cref="Rejection"/> at what cannot be compiled.</summary>
    public FunctionIr Lower(IMethodSymbol method, Seq<Var> leaves) => Lower(method,
        Sources.BodyOf(method, _compilation, _cancel) ?? throw new Rejection(MethodRules.BadBody, method.Locations[0], method.Name, "has no body"),
        method.Parameters.Select(p => ((ISymbol)p, p.Type)), leaves);

    /// <summary>A body with the variables that it reads from outside, its parameters among them.</summary>
    public FunctionIr Lower(IMethodSymbol method, IBlockOperation body, IEnumerable<(ISymbol Symbol, ITypeSymbol Type)> variables, Seq<Var> leaves)
    {
        _hasRows |= NamesRows(body, new HashSet<ISymbol>(SymbolEqualityComparer.Default));
        _firstLine = method.Locations[0].GetLineSpan().StartLinePosition.Line;
        var sizes = leaves.SelectMany(l => l.Type.Extents).OfType<Var>().ToList();
        _bound.UnionWith(sizes);
        _bound.UnionWith(leaves);
        _notNegative.UnionWith(sizes);
        int next = 0;
        var outputs = new List<(string Name, Val Contents)>();
        foreach (var (variable, type) in variables)
        {
            var shape = ShapeOf(type, body);
            if (shape is ArrayShape { Storage: Storage.Span })
            {
                _leaves.Add((variable, leaves[next]));
                outputs.Add((variable.Name, Incoming(leaves[next++], readOnly: null)));
                Store(Declare(variable, shape), outputs[outputs.Count - 1].Contents, body);
                continue;
            }
            Store(Declare(variable, shape), Incoming(shape, () =>
            {
                _leaves.Add((variable, leaves[next]));
                return leaves[next++];
            }, variable.Name), body);
        }

        // A method with a rule calls itself: what it is, and what its derivative is, are callees.
        var result = Attributes.Has(method, Attributes.CustomGrad) && !_rules.IsInside(method)
            ? CallOf(method, WithRule(method, body), variables.Select(v => Load(PlaceOf(v.Symbol, body), body)).ToSeq(), body, null)
            : Body(method, body, body);
        if (result is NoVal && !method.ReturnsVoid) throw new Rejection(LanguageRules.Unassigned, body, method.Name, "it does not return");
        var called = new HashSet<string>();
        var results = (result is NoVal ? [] : AtomsOf(Own(result), body)).ToList();
        int values = results.Count;
        results.AddRange(outputs.SelectMany(o => AtomsOf(Own(o.Contents), body)));
        var block = _b.Block(results);
        Collect(block, called);
        var function = new FunctionIr(method.Name.Length > 0 ? method.Name : "lambda", leaves, block)
        {
            Callees = _callees.Values.Where(f => called.Contains(f.Name)).ToSeq(),
            Budget = Attributes.Budget(method),
            Sources = _sources.ToSeq(),
            Origins = _origins.Select(o => new Origin(o.Name.Name, o.Method.Name, LineOf(o.Where.Syntax) - LineOf(o.Method), Sources.TextOf(o.Where.Syntax))).ToSeq(),
            ResultNames = outputs.Count == 0 ? [] : ResultNames(values, outputs.Select(o => o.Name)),
        };
        return Verifier.Check(function, "lower");
    }

    private static int LineOf(SyntaxNode syntax) => syntax.GetLocation().GetLineSpan().StartLinePosition.Line;
    private static int LineOf(IMethodSymbol method) => method.Locations[0].GetLineSpan().StartLinePosition.Line;

    private static Seq<string> ResultNames(int values, IEnumerable<string> outputs)
    {
        var names = Enumerable.Range(0, values).Select(k => k == 0 ? "value" : $"value{k}").ToList();
        foreach (string output in outputs)
        {
            string name = output;
            while (names.Contains(name)) name += "_";
            names.Add(name);
        }
        return names.ToSeq();
    }

    /// <summary>Which functions are called, by the block or by one of these.</summary>
    private void Collect(Block block, HashSet<string> called)
    {
        foreach (var call in block.Walk().OfType<Call>())
            Collect(call.Function, called);
    }

    private void Collect(string name, HashSet<string> called)
    {
        // A rule that is being lowered is no callee yet of the method that it calls; nor does it need itself.
        if (_callees.Values.FirstOrDefault(f => f.Name == name) is not { } function || !called.Add(name)) return;
        Collect(function.Body, called);
        if (function.Rule is { } rule) Collect(rule, called);
    }

    /// <summary>
    /// A result that is a parameter's array under another name is the parameter, to callers too; a copy of one, which has the same value, is
    /// made an array of its own.
    /// </summary>
    private Val Own(Val result) => result switch
    {
        ArrayVal { Part: null, Cell: { ReadOnly: null } cell } when _flow.Arrays[cell].Version is { } x && _bound.Contains(x) =>
            Held(_b.Build(x.Type.Extents, (b, at) => b.Read(x, at), cell.Name), cell.Name),
        AggregateVal g => new AggregateVal(g.Shape, g.Fields.Map(Own)),
        _ => result,
    };

    private Val Incoming(Shape shape, Func<Var> next, string parameter)
    {
        if (shape is AggregateShape a) return new AggregateVal(a, a.Fields.Map(f => Incoming(f.Shape, next, parameter)));
        if (shape is not TreeArrayShape trees) return Incoming(next(), parameter);
        var packed = Packing.Leaves(trees).Select(l => (l.IsFlat, Leaf: next())).ToList();
        return new TreeArrayVal(trees, packed.Select(l => l.Leaf).ToSeq(), packed.First(l => !l.IsFlat).Leaf.Type.Extents[0], parameter);
    }

    private Val Incoming(Var leaf, string? readOnly)
    {
        if (!leaf.Type.IsArray) return new ScalarVal(leaf);
        var cell = NewCell(leaf.Name, readOnly);
        _flow.Arrays[cell] = new(leaf);
        return new ArrayVal(cell);
    }
}
