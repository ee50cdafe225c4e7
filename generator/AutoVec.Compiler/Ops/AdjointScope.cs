using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>What a reverse rule sees: the adjoint of the result, the values of result and operands, and which operands are active.</summary>
public sealed record AdjointScope(Builder Builder, Atom Bar, Atom Out, Seq<Atom> Args, Seq<bool> Active)
{
    /// <summary>What the rule's names are like.</summary>
    public string Name { get; init; } = "bar";

    internal Atom X => Args[0];
    internal Atom Y => Args[1];

    internal Atom Of(Op op, Atom a) => Builder.Compute(op, a, Name);
    internal Atom Of(Op op, Atom a, Atom b) => Builder.Compute(op, a, b, Name);
    internal Atom Of(Op op, Atom a, Atom b, Atom c) => Builder.Compute(op, a, b, c, Name);

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
    /// <summary>The tangent of <paramref name="result"/> = op(args), given one tangent per operand (null: zero); null if it is zero.</summary>
    /// <param name="active">Which operands depend on an input, whatever their tangents: it decides ties. Null: those that have a tangent.</param>
    public static Atom? Of(Op op, Builder builder, Atom result, Seq<Atom> args, Seq<Atom?> tangents, Seq<bool>? active = null)
    {
        if (op.Adjoint is null) return null;
        string name = (result is Var v ? v.Base + "_" : "") + "dot";
        var zero = Const.Of(result.Type.Scalar, 0);
        if (op == OpTable.Select)
            return tangents[1] is null && tangents[2] is null ? null
                : builder.Compute(op, args[0], tangents[1] ?? zero, tangents[2] ?? zero, name);

        if (op == OpTable.Sub && tangents[0] is { } left && tangents[1] is { } right) return builder.Compute(op, left, right, name);

        // (ẋ − z·ẏ) / y for z = x / y: one division.
        if (op == OpTable.Div && tangents[1] is { } yDot)
        {
            var slip = builder.Compute(OpTable.Mul, result, yDot, name);
            var over = tangents[0] is { } moved ? builder.Compute(OpTable.Sub, moved, slip, name) : builder.Compute(OpTable.Neg, slip, name);
            return builder.Compute(OpTable.Div, over, args[1], name);
        }

        Atom? sum = null;
        for (int k = 0; k < args.Count; k++)
        {
            if (tangents[k] is not { } xDot) continue;
            // A cast's adjoint casts back; its tangent casts forth.
            bool cast = args[k].Type != result.Type;
            var term = cast ? builder.Compute(op, xDot, name)
                : op.Adjoint(new AdjointScope(builder, xDot, result, args, active ?? tangents.Map(t => t is not null)) { Name = name }, k);
            if (term is Const c && c.AsDouble == 0) continue;
            sum = sum is null ? term : builder.Compute(OpTable.Add, sum, term, name);
        }
        return sum;
    }
}
