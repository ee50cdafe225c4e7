using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Tests.Ops;

/// <summary>Ops and their derivatives as functions that tests can run.</summary>
internal static class OpCases
{
    public static readonly IrType[] Scalars = [IrType.F32, IrType.F64, IrType.I32, IrType.I64, IrType.Bool];

    /// <summary>Every list of operand types the op takes.</summary>
    public static IEnumerable<Seq<IrType>> Signatures(Op op)
    {
        int count = (int)Math.Pow(Scalars.Length, op.Arity);
        for (int n = 0; n < count; n++)
        {
            var types = Enumerable.Range(0, op.Arity).Select(k => Scalars[n / (int)Math.Pow(Scalars.Length, k) % Scalars.Length]).ToSeq();
            if (Fits(op, types)) yield return types;
        }
    }

    public static bool Fits(Op op, Seq<IrType> types)
    {
        try
        {
            op.TypeOf(types);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>The op's operands as parameters: float ones are called x0, x1, ...</summary>
    private static Seq<Var> Operands(Seq<IrType> types) => types.Select((t, k) => new Var("x" + k, t)).ToSeq();

    /// <summary>
    /// (x0, x1, ..., bar) to one contribution per operand; 0 for operands that are not active.
    /// </summary>
    public static FunctionIr Reverse(Op op, Seq<IrType> types, Seq<bool> active)
    {
        var names = new Names();
        var builder = new Builder(names);
        var args = Operands(types);
        var result = builder.Compute(op, args.Map(a => (Atom)a), "out");
        var bar = new Var("bar", result.Type);
        var scope = new AdjointScope(builder, bar, result, args.Map(a => (Atom)a), active);
        var contributions = args.Select((a, k) => active[k] ? op.Adjoint!(scope, k) : Const.Of(a.Type.Scalar, 0)).ToSeq();
        return Verifier.Check(new FunctionIr("Reverse", args.Add(bar), builder.Block(contributions)), op.Name);
    }

    /// <summary>(x0, x1, ..., one tangent per active operand) to the tangent of the result.</summary>
    public static FunctionIr Forward(Op op, Seq<IrType> types, Seq<bool> active)
    {
        var builder = new Builder(new Names());
        var args = Operands(types);
        var tangents = args.Select((a, k) => active[k] ? new Var("d" + k, a.Type) : null).ToSeq();
        var result = builder.Compute(op, args.Map(a => (Atom)a), "out");
        var dot = Tangent.Of(op, builder, result, args.Map(a => (Atom)a), tangents.Map(t => (Atom?)t)) ?? Const.Of(result.Type.Scalar, 0);
        return Verifier.Check(new FunctionIr("Forward", [.. args, .. tangents.OfType<Var>()], builder.Block(dot)), op.Name);
    }

    public static double[] Run(FunctionIr f, params double[] args) =>
        Interpreter.Run(f, f.Params.Select((p, k) => Value.Of(Const.Of(p.Type.Scalar, args[k]))).ToArray()).Select(v => v.AsDouble).ToArray();

    /// <summary>∂op/∂x_k of f64 operands for an output adjoint of one, the given operands active.</summary>
    public static double[] Derivative(Op op, double[] x, params bool[] active)
    {
        var types = Doubles(op);
        return Run(Reverse(op, types, active.ToSeq()), [.. x, 1.0]);
    }

    /// <summary>All operands f64; a select's condition is a bool.</summary>
    public static Seq<IrType> Doubles(Op op) =>
        Enumerable.Range(0, op.Arity).Select(k => op == OpTable.Select && k == 0 ? IrType.Bool : IrType.F64).ToSeq();

    public static double Evaluate(Op op, params double[] x)
    {
        var types = Doubles(op);
        return op.Evaluate(x.Select((v, k) => Const.Of(types[k].Scalar, v)).ToSeq()).AsDouble;
    }

    /// <summary>A point of the op's domain.</summary>
    public static double[] Sample(Op op, Random random) =>
        op.Domain.Select((d, k) => op == OpTable.Select && k == 0 ? random.Next(2) : d.Low + random.NextDouble() * (d.High - d.Low)).ToArray();
}
