using AutoVec.Compiler.Ir;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Where a derivative is lost: casts to integers, roundings and comparisons that a float flows into which depends on an argument with a
/// gradient. Each is noted as it is lowered; which values are active is known at the end.
/// </summary>
internal sealed partial class MethodLowering
{
    private readonly List<(Var Operand, string What, Location Where, string Text)> _steps = [];
    private readonly Dictionary<Var, Atom> _pruned = [];
    private readonly List<(ISymbol Parameter, Var Leaf)> _leaves = [];

    /// <summary>Notes that nothing flows back from here into the operand.</summary>
    private void Steps(string what, IOperation where, params Atom[] operands)
    {
        foreach (var v in operands.OfType<Var>())
            if (v.Type.IsFloat) _steps.Add((v, what, where.Syntax.GetLocation(), Sources.TextOf(where.Syntax)));
    }

    /// <summary>What was noted and is active, once for each place.</summary>
    public IEnumerable<(string What, Location Where, string Text)> Lost(FunctionIr function)
    {
        var active = Active(function);
        bool IsActive(Var v) => _pruned.TryGetValue(v, out var init) ? init is Var w && IsActive(w) : active.Contains(v);
        return _steps.Where(s => IsActive(s.Operand)).GroupBy(s => s.Where).Select(g => (g.First().What, g.Key, g.First().Text));
    }

    private HashSet<Var> Active(FunctionIr function)
    {
        var active = new HashSet<Var>(_leaves.Where(l => l.Leaf.Type.IsFloat && !Attributes.Has(l.Parameter, Attributes.NoGrad)).Select(l => l.Leaf));
        var statements = function.Body.Walk().ToList();
        bool changed = true;
        bool Is(Atom a) => a is Var v && active.Contains(v);
        void Mark(Var v, bool isActive) => changed |= isActive && v.Type.IsFloat && active.Add(v);
        void State(Seq<Carry> state, Seq<Var> results, Block body)
        {
            for (int k = 0; k < state.Count; k++)
            {
                Mark(state[k].Param, Is(state[k].Init) || Is(body.Results[k]));
                Mark(results[k], Is(state[k].Param));
            }
        }
        while (changed)
        {
            changed = false;
            foreach (var stmt in statements)
                switch (stmt)
                {
                    case Compute c: Mark(c.Out, c.Op.Adjoint is not null && c.Args.Any(Is)); break;
                    case Read r: Mark(r.Out, Is(r.Array)); break;
                    case Write w: Mark(w.Out, Is(w.Array) || Is(w.Value)); break;
                    case Accumulate a: Mark(a.Out, Is(a.Array) || Is(a.Value)); break;
                    case For f: State(f.State, f.Results, f.Body); break;
                    case While w: State(w.State, w.Results, w.Body); break;
                    case If i:
                        for (int k = 0; k < i.Results.Count; k++) Mark(i.Results[k], Is(i.Then.Results[k]) || Is(i.Else.Results[k]));
                        break;
                    case Call c:
                        foreach (var o in c.Results) Mark(o, c.Args.Any(Is));
                        break;
                    default:
                        foreach (var o in stmt.Outs) Mark(o, stmt.Blocks.Any(b => b.Results.Any(Is)));
                        break;
                }
        }
        return active;
    }
}
