using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>Σ coefficient · name + constant over the integers, from i32 arithmetic.</summary>
internal sealed class Affine
{
    public Dictionary<Var, long> Terms { get; } = [];
    public long Constant { get; private set; }

    /// <summary>The form of an atom. Definitions are followed through + − · as long as <paramref name="open"/> allows.</summary>
    public static Affine Of(Atom atom, IReadOnlyDictionary<Var, Stmt> definitions, Func<Var, bool> open)
    {
        var form = new Affine();
        form.Add(atom, 1, definitions, open);
        return form;
    }

    private void Add(Atom atom, long factor, IReadOnlyDictionary<Var, Stmt> definitions, Func<Var, bool> open)
    {
        if (atom is Const c)
        {
            Constant += factor * c.AsLong;
            return;
        }
        var v = (Var)atom;
        if (open(v) && definitions.TryGetValue(v, out var stmt) && stmt is Compute { Out.Type.Scalar: Scalar.I32 } compute)
        {
            var a = compute.Args;
            if (compute.Op == OpTable.Add || compute.Op == OpTable.Sub)
            {
                Add(a[0], factor, definitions, open);
                Add(a[1], compute.Op == OpTable.Add ? factor : -factor, definitions, open);
                return;
            }
            if (compute.Op == OpTable.Length && a[0].Type == IrType.I32)
            {
                // Where it is not its operand, it throws.
                Add(a[0], factor, definitions, open);
                return;
            }
            if (compute.Op == OpTable.Neg)
            {
                Add(a[0], -factor, definitions, open);
                return;
            }
            if (compute.Op == OpTable.Mul && (a[0] is Const || a[1] is Const) && Math.Abs(factor) < 1 << 20)
            {
                var (k, x) = a[0] is Const k0 ? (k0, a[1]) : ((Const)a[1], a[0]);
                if (Math.Abs(k.AsLong) < 1 << 10)
                {
                    Add(x, factor * k.AsLong, definitions, open);
                    return;
                }
            }
        }
        Plus(v, factor);
    }

    public void Plus(Var v, long factor)
    {
        long sum = (Terms.TryGetValue(v, out long old) ? old : 0) + factor;
        if (sum == 0) Terms.Remove(v);
        else Terms[v] = sum;
    }

    public Affine Plus(Affine other, long factor)
    {
        var sum = new Affine { Constant = Constant + factor * other.Constant };
        foreach (var t in Terms) sum.Plus(t.Key, t.Value);
        foreach (var t in other.Terms) sum.Plus(t.Key, factor * t.Value);
        return sum;
    }

    public Affine Plus(long constant) => new Affine { Constant = constant }.Plus(this, 1);
}
