using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>What a reverse rule sees: the adjoint of the result, the values of result and operands, and which operands are active.</summary>
public sealed record AdjointScope(Builder Builder, Atom Bar, Atom Out, Seq<Atom> Args, Seq<bool> Active)
{
    internal Atom X => Args[0];
    internal Atom Y => Args[1];

    internal Atom Of(Op op, Atom a) => Builder.Compute(op, a, "bar");
    internal Atom Of(Op op, Atom a, Atom b) => Builder.Compute(op, a, b, "bar");
    internal Atom Of(Op op, Atom a, Atom b, Atom c) => Builder.Compute(op, a, b, c, "bar");

    internal Atom Add(Atom a, Atom b) => Of(OpTable.Add, a, b);
    internal Atom Sub(Atom a, Atom b) => Of(OpTable.Sub, a, b);
    internal Atom Mul(Atom a, Atom b) => Of(OpTable.Mul, a, b);
    internal Atom Div(Atom a, Atom b) => Of(OpTable.Div, a, b);
    internal Atom Neg(Atom a) => Of(OpTable.Neg, a);
    internal Atom Sqrt(Atom a) => Of(OpTable.Sqrt, a);
    internal Atom Exp(Atom a) => Of(OpTable.Exp, a);
    internal Atom Log(Atom a) => Of(OpTable.Log, a);
    internal Atom Pow(Atom a, Atom b) => Of(OpTable.Pow, a, b);
    internal Atom Sin(Atom a) => Of(OpTable.Sin, a);
    internal Atom Cos(Atom a) => Of(OpTable.Cos, a);
    internal Atom Sinh(Atom a) => Of(OpTable.Sinh, a);
    internal Atom Cosh(Atom a) => Of(OpTable.Cosh, a);
    internal Atom Round(Atom a) => Of(OpTable.Round, a);
    internal Atom Less(Atom a, Atom b) => Of(OpTable.Lt, a, b);
    internal Atom Equal(Atom a, Atom b) => Of(OpTable.Eq, a, b);
    internal Atom Select(Atom condition, Atom a, Atom b) => Of(OpTable.Select, condition, a, b);

    /// <summary>A constant of the result's type.</summary>
    internal Const Number(double value) => Const.Of(Out.Type.Scalar, value);
    internal Const Zero => Number(0);
    internal Const One => Number(1);
}

/// <summary>Forward mode, read off the reverse rules: a rule is linear in its adjoint, so Σ rule(k, xDot of k) is the tangent.</summary>
public static class Tangent
{
    /// <summary>The tangent of <paramref name="result"/> = op(args), given one tangent per operand (null: inactive); null if it is zero.</summary>
    public static Atom? Of(Op op, Builder builder, Atom result, Seq<Atom> args, Seq<Atom?> tangents)
    {
        if (op.Adjoint is null) return null;
        var active = tangents.Map(t => t is not null);
        Atom? sum = null;
        for (int k = 0; k < args.Count; k++)
        {
            if (tangents[k] is not { } xDot) continue;
            // A cast's adjoint casts back; its tangent casts forth.
            bool cast = args[k].Type != result.Type;
            var term = cast ? builder.Compute(op, xDot, "dot")
                : op.Adjoint(new AdjointScope(builder, xDot, result, args, active), k);
            if (term is Const c && c.AsDouble == 0) continue;
            sum = sum is null ? term : builder.Compute(OpTable.Add, sum, term, "dot");
        }
        return sum;
    }
}
