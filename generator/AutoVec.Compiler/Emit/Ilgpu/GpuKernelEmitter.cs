using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Core;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Ilgpu;

/// <summary>The body of one thread.</summary>
internal sealed class GpuKernelEmitter(GpuCore core, Identifiers names, Block body, CodeWriter to)
    : BodyEmitter(core.Function.Name, new GpuDialect(core.Sites), names, body, core.Function.Sizes, to)
{
    public string TextOf(Var v) => Scalars[v].Text;

    /// <summary>The thread's point, from its number: the last dimension varies fastest.</summary>
    public void Point(Seq<Dim> dims)
    {
        string rest = "index";
        for (int d = dims.Count - 1; d >= 0; d--)
        {
            string i = Names.Fresh(dims[d].Index.Base), n = Stable(dims[d].Extent).At(Precedence.Unary);
            Out.Declare($"int {i} = {(d == 0 ? rest : $"{rest} % {n}")};");
            rest = $"{rest} / {n}";
            Bind(dims[d].Index, Expr.Name(i));
            Ranges.Enter(dims[d]);
        }
    }

    public void Store(Seq<Dim> dims, Block block, Seq<ArrayPlace> places)
    {
        var results = block.Results.Map(r => new Var("result", r.Type.Under(dims.Map(d => d.Extent))));
        Elements(new Build(results, dims, block), places.Select(p => (ArrayPlace?)p).ToList());
    }

    /// <summary>Whole values, in places of their own.</summary>
    public void Compute(Block block, Seq<ArrayPlace> places)
    {
        for (int k = 0; k < places.Count; k++) Want(block.Stmts, block.Results[k], places[k]);
        Block(block, () => CopyAll(places.Zip(block.Results, (place, r) => (place, ArrayOf(r)))));
    }

    public void Part(Block block, string n, int size, string partial)
    {
        var r = (Reduce)block.Stmts[0];
        string first = Names.Fresh("first"), last = Names.Fresh("last");
        Out.Declare($"int {first} = index * {size}, {last} = {first} + Math.Min({size}, {n} - {first});");
        Between(r.Dims[0], first, last);
        Block(block, () => Out.Line($"{partial}[index] = {Use(r.Out)};"));
    }

    public void Scalar(Block block, string view) => Block(block, () => Out.Line($"{view}[0] = {Use(block.Results[0])};"));

    /// <summary>Where C# throws, a kernel notes the fault and ends.</summary>
    protected override void Compute(Compute c)
    {
        if (c.Op == OpTable.IntDiv || c.Op == OpTable.IntRem)
        {
            var (x, y) = (c.Args[0], c.Args[1]);
            if (y is Const { AsLong: 0 })
            {
                // ILGPU would fold the division, and fail.
                string zero = Names.Fresh("zero");
                Out.Declare($"{CSharp.Of(y.Type.Scalar)} {zero} = 0;");
                Fault($"{zero} == 0", "DivideByZero");
                Bind(c.Out, Expr.Name(zero));
                return;
            }
            if (y is Var) Fault($"{Stable(y).At(Precedence.Shift)} == 0", "DivideByZero");
            if (y is Var or Const { AsLong: -1 } && (x is Var || x is Const k && IsLeast(k)))
                Fault(y is Var ? $"{Stable(y)} == -1 && {Least(x)}" : Least(x), "Overflow");
        }
        else if (c.Op == OpTable.IntAbs && c.Args[0] is Var) Fault(Least(c.Args[0]), "Overflow");
        else if (c.Op == OpTable.Slice)
        {
            var (start, length, extent) = (Stable(c.Args[0]), Stable(c.Args[1]), Stable(c.Args[2]));
            Fault($"GpuMath.IsNoSlice({start}, {length}, {extent})", "Slice", start.Text, extent.Text);
            Bind(c.Out, start);
            return;
        }
        base.Compute(c);
    }

    private static bool IsLeast(Const c) => c.AsLong == (c.Scalar == Ir.Scalar.I32 ? int.MinValue : long.MinValue);

    private string Least(Atom x) => $"{Stable(x).At(Precedence.Shift)} == {CSharp.Of(x.Type.Scalar)}.MinValue";

    private void Fault(string condition, string kind, string index = "0", string extent = "0")
    {
        Out.Open($"if ({condition})");
        Out.Line($"GpuErrors.Report(errors, GpuErrors.{kind}, {index}, {extent}, {Sample});");
        Out.Line("return;");
        Out.Close();
    }

    /// <summary>A thread that asked for more than it has ends; the kernel is run again with more.</summary>
    private protected override string RentText(IrType type, string element) => base.RentText(type, element) + "; if (scratch.IsExceeded(a.memory)) return";
}
