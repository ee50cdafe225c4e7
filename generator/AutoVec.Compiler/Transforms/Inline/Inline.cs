using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Inline;

/// <summary>
/// Takes a function with calls and its callees, gives one without: each call becomes a copy of the callee's body with fresh names, the callee's
/// size names bound to the extents of the arguments. Callees call callees; all stand in the outermost function's list.
/// A call of a derivative becomes a copy of the derivative (<see cref="Derive.Derive"/>).
/// <code>
/// fun F(x: f64[n]) {                               fun F(x: f64[n]) {
///   h: f64[n] = call Twice x                          h.1 = build i.1&lt;n { v.1 = x[i.1] ... yield e.1 }
///   yield h                                  ⇒        yield h.1
/// }                                                 }
/// fun Twice(a: f64[m]) { h = build i&lt;m { ... } yield h }
/// </code>
/// An extent of a result that is computed inside the callee is named by the call: the callee yields it too, as an i32, and the
/// call's array types mention that result (<c>n: i32, h: f64[n] = call F x</c>).
/// </summary>
public static class Inline
{
    public static FunctionIr Run(FunctionIr function) => Run(function, Keep.None, []);

    /// <summary>Which calls of functions that have a derivative rule stay, for a derivative to see: users' rules, or all, those that compute again what they need too.</summary>
    internal enum Keep { None, Rules, All }

    /// <summary>Calls of functions that have a derivative rule stay.</summary>
    public static FunctionIr KeepRules(FunctionIr function) => Run(function, Keep.All, []);

    /// <param name="keep">Which calls stay.</param>
    /// <param name="calling">The functions that are being inlined around this one: a call of one of them is recursion.</param>
    internal static FunctionIr Run(FunctionIr function, Keep keep, IEnumerable<string> calling)
    {
        var inliner = new Inliner(function, keep, [.. calling, function.Name]);
        var body = inliner.Block(function.Body);
        return function with { Body = body, Callees = body.Walk().Any(s => s is Call) ? function.Callees : [] };
    }

    private sealed class Inliner(FunctionIr root, Keep keep, IEnumerable<string> calling)
    {
        private readonly Names _names = new(root);
        private readonly Substitution _known = new();
        /// <summary>Any number of derivatives may have undo logs at the same time.</summary>
        private readonly MemoryBudget _share = root.Budget.Among(root.Callees.Map(c => c.Body).Add(root.Body).Sum(b => b.Walk().Count(s => s is Call { Derivation: not null })));
        private readonly Stack<string> _calling = new(calling);
        private readonly Dictionary<(string, Derivation), FunctionIr> _derivatives = [];

        public Block Block(Block block)
        {
            var stmts = new List<Stmt>();
            foreach (var stmt in block.Stmts)
            {
                var s = stmt.Map(v => v.Type.IsArray ? new Var(v.Name, _known.Apply(v.Type)) : v, _known.Apply, Block);
                if (s is Call call && !Stays(call)) stmts.AddRange(Body(call));
                else stmts.Add(s);
            }
            return new(stmts.ToSeq(), block.Results.Map(_known.Apply));
        }

        private bool Stays(Call call) =>
            keep != Keep.None && call.Derivation is null && Callee(call).Rule is { } rule && (keep == Keep.All || rule != FunctionIr.Recompute);

        private FunctionIr Callee(Call call) => root.Callees.FirstOrDefault(f => f.Name == call.Function)
            ?? throw new InvalidOperationException($"{root.Name} calls {call.Function}, whose code it does not carry");

        /// <summary>The callee's statements; its results take the place of the call's.</summary>
        private Seq<Stmt> Body(Call call)
        {
            var callee = Callee(call);
            if (_calling.Contains(callee.Name))
                throw new InvalidOperationException($"{string.Join(" → ", _calling.Reverse())} → {callee.Name}: recursion cannot be inlined");
            if (call.Derivation is { } derivation) callee = Derivative(callee, derivation);
            callee = Apart(callee);
            var copy = Arguments(callee, call).Apply(callee.Body);
            _calling.Push(callee.Name);
            var body = Block(copy);
            _calling.Pop();
            Results(call, body.Results);
            return body.Stmts;
        }

        private FunctionIr Derivative(FunctionIr callee, Derivation derivation) =>
            _derivatives.TryGetValue((callee.Name, derivation), out var known) ? known
                : _derivatives[(callee.Name, derivation)] = Derive.Derive.Run(callee with { Callees = root.Callees, Budget = _share }, derivation, _calling.Reverse());

        /// <summary>
        /// The callee under names that neither function has: substitutions follow chains, and <c>Swap b a</c> of
        /// <c>fun Swap(a, b)</c> would chase its tail.
        /// </summary>
        private FunctionIr Apart(FunctionIr callee)
        {
            _names.Avoid(callee);
            var fresh = new Substitution();
            foreach (var size in callee.Sizes) fresh[size] = _names.Fresh(size);
            var parameters = callee.Params.Map(p => _names.Fresh(p.Name, fresh.Apply(p.Type)));
            for (int k = 0; k < parameters.Count; k++) fresh[callee.Params[k]] = parameters[k];
            return callee with { Params = parameters, Body = fresh.Copy(callee.Body, _names) };
        }

        private static Substitution Arguments(FunctionIr callee, Call call)
        {
            var bound = new Substitution();
            for (int k = 0; k < callee.Params.Count; k++)
            {
                var (param, arg) = (callee.Params[k], call.Args[k]);
                bound[param] = arg;
                for (int d = 0; d < param.Type.Rank; d++)
                {
                    var (extent, actual) = (param.Type.Extents[d], arg.Type.Extents[d]);
                    if (extent is Var size && !bound.Contains(size)) bound[size] = actual;
                    else if (!bound.Apply(extent).Equals(actual))
                        throw new InvalidOperationException(
                            $"{callee.Name} wants dimension {d} of '{param}' to be {bound.Apply(extent)}; it is {actual}");
                }
            }
            return bound;
        }

        private void Results(Call call, Seq<Atom> values)
        {
            // Scalars first: they name extents.
            foreach (bool arrays in new[] { false, true })
                for (int k = 0; k < values.Count; k++)
                {
                    var result = call.Results[k];
                    if (result.Type.IsArray != arrays) continue;
                    if (arrays && _known.Apply(result.Type) != values[k].Type)
                        throw new InvalidOperationException(
                            $"{call.Function} returns '{result}' as {values[k].Type}; the call expects {_known.Apply(result.Type)}");
                    _known[result] = values[k];
                }
        }
    }
}
