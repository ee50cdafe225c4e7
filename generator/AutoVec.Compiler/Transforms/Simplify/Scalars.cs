using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using static AutoVec.Compiler.Ops.OpTable;

namespace AutoVec.Compiler.Transforms.Simplify;

/// <summary>
/// Scalar ops: folding and identities that hold bit for bit. <c>x + 0.0</c> is none (−0.0 + 0.0 is 0.0) unless x is known not to be −0.0;
/// <c>x - x</c> and <c>x * 0</c> are for integers only (NaN).
/// </summary>
internal static class Scalars
{
    /// <summary>The atom that the computation is equal to, if there is a simpler one.</summary>
    public static Atom? Fold(Compute c, Facts facts)
    {
        if (c.Args.All(a => a is Const)) return Constant(c);
        var form = c.Out.Type.Equals(IrType.I32) && c.Op != Length ? Affine.OfCompute(c, facts.Forms) : null;
        if (form?.AsAtom is { } atom) return atom;
        return c.Args.Count switch
        {
            1 => Unary(c.Op, c.Args[0], c.Out.Type, facts),
            2 => Binary(c.Op, c.Args[0], c.Args[1], facts),
            _ => c.Op == Select ? Choice(c.Args[0], c.Args[1], c.Args[2]) : null,
        };
    }

    /// <summary>A computation with the same value that is cheaper or says more, or the same one.</summary>
    public static Compute Rewrite(Compute c, Facts facts)
    {
        // i + 1 + 2 is one addition.
        if ((c.Op == Add || c.Op == Sub) && c.Args.All(a => a is Var) is false && Affine.OfCompute(c, facts.Forms) is { Terms.Count: 1 } form
            && form.Terms[0].Factor == 1 && !c.Args.Contains(form.Terms[0].Name))
            return c with { Op = Add, Args = [form.Terms[0].Name, Const.I32(form.Constant)] };
        if (c.Op == Mul && c.Out.Type.IsFloat && c.Args.Count(a => Is(a, -1)) == 1) return c with { Op = Neg, Args = [Is(c.Args[0], -1) ? c.Args[1] : c.Args[0]] };
        if (c.Op == Scale && c.Args[0] is Const) return c with { Op = Mul };
        if (c.Op == Not && facts.Definition(c.Args[0]) is Compute test && Negation(test) is { } negated)
            return c with { Op = negated, Args = test.Args };
        if (c.Op == Select && c.Out.Type == IrType.Bool)
        {
            var (p, a, b) = (c.Args[0], c.Args[1], c.Args[2]);
            if (IsBool(a, false) && IsBool(b, true)) return c with { Op = Not, Args = [p] };
            if (IsBool(a, true)) return c with { Op = Or, Args = [p, b] };
            if (IsBool(b, false)) return c with { Op = And, Args = [p, a] };
        }
        return c;
    }

    private static Atom? Constant(Compute c)
    {
        try
        {
            return c.Op.Evaluate(c.Args.Map(a => (Const)a));
        }
        catch (Exception e) when (e is ArithmeticException or ArgumentException)
        {
            // It throws where it runs.
            return null;
        }
    }

    private static bool IsBool(Atom a, bool value) => a is Const { Scalar: Scalar.Bool } c && c.AsBool == value;
    private static bool Is(Atom a, double value) => a is Const c && c.Is(value);

    /// <summary>not (a &lt; b) is a ≥ b where nothing is NaN; == and != negate each other always.</summary>
    private static Op? Negation(Compute test)
    {
        if (test.Op == Eq) return Ne;
        if (test.Op == Ne) return Eq;
        if (test.Args[0].Type.IsFloat) return null;
        return test.Op == Lt ? Ge : test.Op == Ge ? Lt : test.Op == Gt ? Le : test.Op == Le ? Gt : null;
    }

    private static Atom? Unary(Op op, Atom a, IrType result, Facts facts)
    {
        var inner = facts.Definition(a) as Compute;
        if ((op == Neg || op == Not || op == BitNot) && inner?.Op == op) return inner.Args[0];
        if (op == Abs && inner?.Op == Abs && a.Type.IsFloat || op == RoundHalf && inner?.Op == RoundHalf) return a;
        if (op == Length && a.Type == IrType.I32 && facts.Ranges.IsNonNegative(a)) return a;
        if (op == ToF32 || op == ToF64 || op == ToI32 || op == ToI64)
        {
            if (a.Type == result) return a;
            // There and back through a wider type: i32 → i64 or f64 → i32, f32 → f64 → f32.
            bool widening = inner is not null && inner.Args.Count == 1 && inner.Args[0].Type == result
                && (result == IrType.I32 && (inner.Op == ToI64 || inner.Op == ToF64) || result == IrType.F32 && inner.Op == ToF64);
            if (widening) return inner!.Args[0];
        }
        return null;
    }

    private static Atom? Choice(Atom condition, Atom then, Atom otherwise)
    {
        if (condition is Const c) return c.AsBool ? then : otherwise;
        if (then.Equals(otherwise)) return then;
        return IsBool(then, true) && IsBool(otherwise, false) ? condition : null;
    }

    private static Atom? Binary(Op op, Atom a, Atom b, Facts facts)
    {
        bool isFloat = a.Type.IsFloat, same = a.Equals(b);
        if (op == Add)
        {
            if (isFloat ? Is(b, -0.0) || Is(b, 0.0) && NeverNegativeZero(a, facts) : Is(b, 0)) return a;
            if (isFloat ? Is(a, -0.0) || Is(a, 0.0) && NeverNegativeZero(b, facts) : Is(a, 0)) return b;
        }
        else if (op == Sub)
        {
            if (Is(b, 0)) return a;
            if (same && !isFloat) return Const.Of(a.Type.Scalar, 0);
        }
        else if (op == Mul)
        {
            if (Is(b, 1)) return a;
            if (Is(a, 1)) return b;
            if (!isFloat && (Is(a, 0) || Is(b, 0))) return Const.Of(a.Type.Scalar, 0);
        }
        else if (op == Scale)
        {
            if (Is(b, 1) || a is Const { AsDouble: 0 }) return a;
            if (Is(a, 1)) return b;
        }
        else if (op == Div || op == IntDiv)
        {
            if (Is(b, 1)) return a;
        }
        else if (op == IntRem)
        {
            if (Is(b, 1)) return Const.Of(a.Type.Scalar, 0);
        }
        else if (op == Min || op == Max)
        {
            if (same) return a;
            var unit = Interpreter.Unit(op == Max ? ReduceKind.Max : ReduceKind.Min, a.Type.Scalar);
            if (b.Equals(unit)) return a;
            if (a.Equals(unit)) return b;
            if (op == Max && a.Type == IrType.I32 && Is(b, 0) && facts.Ranges.IsNonNegative(a)) return a;
        }
        else if (op == And || op == Or)
        {
            if (same) return a;
            if (a.Type == IrType.Bool)
            {
                // The constant that decides, and the one that says nothing.
                bool decides = op == Or;
                if (IsBool(a, !decides)) return b;
                if (IsBool(b, !decides)) return a;
                if (IsBool(a, decides) || IsBool(b, decides)) return Const.Bool(decides);
            }
            else
            {
                if (Is(a, 0)) return op == And ? a : b;
                if (Is(b, 0)) return op == And ? b : a;
            }
        }
        else if (op == Shl || op == Shr || op == UShr)
        {
            if (Is(b, 0)) return a;
        }
        else return Comparison(op, a, b, facts);
        return null;
    }

    private static Atom? Comparison(Op op, Atom a, Atom b, Facts facts)
    {
        bool ordered = op == Lt || op == Gt || op == Le || op == Ge;
        if (!ordered && op != Eq && op != Ne) return null;
        if (a.Equals(b))
        {
            if (op == Lt || op == Gt) return Const.Bool(false);
            if (!a.Type.IsFloat) return Const.Bool(op == Le || op == Ge || op == Eq);
        }
        if (a.Type != IrType.I32 || !ordered) return null;
        // Indices are in their range, extents of parameters are not negative.
        if (op == Gt || op == Le) return Comparison(op == Gt ? Lt : Ge, b, a, facts);
        bool holds = op == Ge;
        if (Is(b, 0) && facts.Ranges.IsNonNegative(a)) return Const.Bool(holds);
        return a is Var v && facts.Extent(v) is { } extent && extent.Equals(b) ? Const.Bool(!holds) : null;
    }

    /// <summary>A sum that starts at 0.0 is never −0.0, and adding anything to such a number keeps it so.</summary>
    private static bool NeverNegativeZero(Atom atom, Facts facts, int depth = 4)
    {
        if (atom is Const c) return !c.Is(-0.0);
        if (depth == 0) return false;
        bool Inner(Atom a) => NeverNegativeZero(a, facts, depth - 1);
        return facts.Definition(atom) switch
        {
            Reduce { Kind: ReduceKind.Sum } => true,
            Read r => facts.Definition(r.Array) is Scatter,
            Compute d when d.Op == Add => Inner(d.Args[0]) || Inner(d.Args[1]),
            Compute d when d.Op == Mul => d.Args[0].Equals(d.Args[1]),
            Compute d when d.Op == Abs || d.Op == Exp || d.Op == Cosh => true,
            Compute d when d.Op == ToF32 || d.Op == ToF64 => !d.Args[0].Type.IsFloat || Inner(d.Args[0]),
            Compute d when d.Op == Select => Inner(d.Args[1]) && Inner(d.Args[2]),
            Compute d when d.Op == Max => d.Args.Any(a => a is Const k && !k.Is(-0.0) && k.AsDouble >= 0),
            _ => false,
        };
    }
}
