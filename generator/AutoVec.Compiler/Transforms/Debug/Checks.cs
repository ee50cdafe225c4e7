using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms.Debug;

/// <summary>
/// Debug mode. Takes a function as it was lowered; gives the same function, in which every float that is computed is checked where it is computed, and
/// the places of the source that the checks count.
/// <code>
/// y = log x        ⇒        y.1 = log x
///                           t = x * 0.0
///                           y = finite 6.0 t y.1
/// </code>
/// The derivative of a check is a check of the derivative. An infinity that comes of an infinity is none that is looked for: a maximum starts at −∞.
/// </summary>
public static class Checks
{
    public static (FunctionIr Function, Seq<string> Places) Run(FunctionIr function, DebugInfo debug)
    {
        var origins = new Dictionary<string, Origin>();
        foreach (var o in function.Origins) origins[o.Name] = o;
        var numbers = new Dictionary<string, int>();
        var places = new List<string>();

        int Number(Origin o)
        {
            string place = o.Method == function.Name ? $"'{o.Text}' at {debug.File}:{debug.Line + o.Line}" : $"'{o.Text}' at line {o.Line + 1} of '{o.Method}'";
            if (numbers.TryGetValue(place, out int known)) return known;
            places.Add(place);
            return numbers[place] = places.Count - 1;
        }

        FunctionIr Checked(FunctionIr f)
        {
            var names = new Names(f);
            Block Inside(Block block) => new(block.Stmts.SelectMany(One).ToSeq(), block.Results);
            IEnumerable<Stmt> One(Stmt stmt)
            {
                stmt = stmt.Map(v => v, a => a, Inside);
                if (stmt is Call call) return OfCall(call);
                if (stmt is not Compute { Out.Type.IsFloat: true } c || !origins.TryGetValue(c.Out.Name, out var origin)) return [stmt];
                var b = new Builder(names);
                var value = b.Compute(c.Op, [.. c.Args], c.Out.Base);
                b.Append(new Compute(c.Out, OpTable.Finite, [Const.Of(value.Type.Scalar, 2 * Number(origin)), Mark(b, c), value]));
                return b.Stmts;
            }
            // What a library computes is checked where it comes back, numbers only.
            IEnumerable<Stmt> OfCall(Call call)
            {
                var b = new Builder(names);
                var outs = call.Outs.Map(o => origins.ContainsKey(o.Name) ? names.Fresh(o.Base, o.Type) : o);
                b.Append(call.Map(o => outs[call.Outs.ToList().IndexOf(o)], a => a, x => x));
                for (int k = 0; k < outs.Count; k++)
                    if (!outs[k].Equals(call.Outs[k]))
                        b.Append(new Compute(call.Outs[k], OpTable.Finite, [Const.Of(outs[k].Type.Scalar, 2 * Number(origins[call.Outs[k].Name])), Const.Of(outs[k].Type.Scalar, 0), outs[k]]));
                return b.Stmts;
            }
            return f with { Body = Inside(f.Body), Callees = f.Callees.Map(Checked) };
        }
        var result = Verifier.Check(Checked(function), "checks");
        return (result, places.ToSeq());
    }

    /// <summary>0 where all operands are finite, else NaN.</summary>
    private static Atom Mark(Builder b, Compute c)
    {
        var zero = Const.Of(c.Out.Type.Scalar, 0);
        Atom mark = zero;
        foreach (var a in c.Args.Where(a => a.Type == c.Out.Type).Distinct())
        {
            if (a is Const k && !double.IsInfinity(k.AsDouble) && !double.IsNaN(k.AsDouble)) continue;
            Atom term = b.Compute(OpTable.Mul, a, zero, "mark");
            mark = mark.Equals(zero) ? term : b.Compute(OpTable.Add, mark, term, "mark");
        }
        return mark;
    }
}
