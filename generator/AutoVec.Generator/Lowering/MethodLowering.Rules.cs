using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Contract;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Methods with <c>[CustomGrad]</c>. Their calls stay calls until a derivative is taken, and method and rule are callees, each lowered alone.
/// The rule's form in the IR: the method's leaves and an adjoint for each result, to an adjoint for each float leaf.
/// </summary>
internal sealed partial class MethodLowering
{
    /// <summary>What is shared by a method and the functions that are lowered for it: a rule may call the method that it belongs to.</summary>
    private sealed class Rules
    {
        /// <summary>Methods with rules by name, and their rules. A method's rule comes after it.</summary>
        public Dictionary<string, FunctionIr> Known { get; } = [];

        private readonly HashSet<IMethodSymbol> _inside = new(SymbolEqualityComparer.Default);

        /// <summary>Is the method's own body being lowered?</summary>
        public bool IsInside(IMethodSymbol method) => _inside.Contains(method);

        public bool Enter(IMethodSymbol method) => _inside.Add(method);
        public void Leave(IMethodSymbol method) => _inside.Remove(method);
    }

    private readonly Rules _rules;

    /// <summary>The method as a callee that names its rule.</summary>
    private FunctionIr WithRule(IMethodSymbol method, IOperation where)
    {
        string name = $"{method.ContainingType.Name}.{method.Name}";
        string rule = name + ".rule";
        if (!_rules.Known.ContainsKey(name))
        {
            var found = CustomRule.Check(method, out var diagnostic) ?? throw new Rejection(diagnostic!.Rule, diagnostic.Where.ToLocation(), diagnostic.Args.ToArray());
            if (!_rules.Enter(method)) throw new Rejection(CallRules.Recursion, where, method.Name);
            if (method.Parameters.FirstOrDefault(p => Shapes.Inner(ShapeOf(p.Type, where)) is not null) is { } p0)
                throw new Rejection(MethodRules.BadType, p0.Locations[0], $"Parameter '{p0.Name}'", p0.Type.ToDisplayString(), Shapes.Inner(ShapeOf(p0.Type, where))!);
            var leaves = new Leaves(method.Parameters.Select(p => (p.Name, ShapeOf(p.Type, where)))).All;
            var function = Alone(method, leaves) with { Name = name, Rule = rule };
            _rules.Leave(method);
            if (function.Body.Results.SelectMany(r => r.Type.Extents).OfType<Var>().Any(e => !function.Sizes.Contains(e)))
                throw new Rejection(MethodRules.BadRule, method.Locations[0], found.Name, method.Name, "the length of the result is that of a parameter");
            if (function.Body.Results.Any(r => r is Var { Type.IsArray: true } v && function.Params.Contains(v)))
                throw new Rejection(MethodRules.BadRule, method.Locations[0], found.Name, method.Name, "the method returns a new array, not a parameter");
            _rules.Known[name] = function;
            _rules.Known[rule] = RuleOf(method, found, function) with { Name = rule };
        }
        foreach (string key in new[] { name, rule })
            if (_rules.Known.TryGetValue(key, out var known) && !_callees.ContainsKey(key)) _callees[key] = Joined(known, f => _rules.Known.ContainsKey(f) ? f : $"{key}.{f}");
        return _callees[name];
    }

    private FunctionIr Alone(IMethodSymbol method, Seq<Var> leaves)
    {
        try
        {
            return new MethodLowering(_compilation, _cancel, _rules, parts: false).Lower(method, leaves);
        }
        catch (NeedsParts)
        {
            return new MethodLowering(_compilation, _cancel, _rules, parts: true).Lower(method, leaves);
        }
    }

    /// <summary>The rule with the parameters and results that the IR's form has.</summary>
    private FunctionIr RuleOf(IMethodSymbol method, IMethodSymbol rule, FunctionIr function)
    {
        var leaves = new Leaves(rule.Parameters.Select(p => (p.Name, Shapes.Of(p.Type, out _)!))).All;
        var body = Alone(rule, leaves);
        var b = new Builder(new Names(body));
        body = body with { Body = WithHalves(rule, body, b) };
        b.Append(body.Body.Stmts);
        int given = 0, leaf = 0;
        var results = new List<Atom>();
        foreach (var p in method.Parameters)
        {
            bool has = CustomRule.IsDifferentiable(p);
            for (int n = CountLeaves(Shapes.Of(p.Type, out _)!); n > 0; n--, leaf++)
            {
                var like = leaves[leaf];
                var gradient = has ? body.Body.Results[given++] : null;
                if (like.Type.IsFloat) results.Add(gradient is null ? b.Zeros(like.Type) : OfLength(b, gradient, like.Type));
            }
        }
        return body with { Body = b.Block(results) };
    }

    /// <summary>The gradient over its parameter's extents; one of another length is read where it has no element, which throws.</summary>
    private static Atom OfLength(Builder b, Atom gradient, IrType type)
    {
        if (gradient.Type == type) return gradient;
        return b.Build(type.Extents, (e, at) => e.Read((Var)gradient, at.Select((i, d) => (Atom)e.Compute(OpTable.Select,
            e.Compute(OpTable.Eq, gradient.Type.Extents[d], type.Extents[d]), i, Const.I32(-1))), "bar"), "bar");
    }
}
