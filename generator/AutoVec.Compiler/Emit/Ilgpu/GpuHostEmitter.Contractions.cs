using AutoVec.Compiler.Emit.Core;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Emit.Ilgpu;

/// <summary>Contractions: the runtime's kernel over strided views, then the epilogue as a kernel of its own.</summary>
internal sealed partial class GpuHostEmitter
{
    private void Contract(ContractionStage stage)
    {
        var result = stage.Statement.Results[0];
        var spec = stage.Spec;
        var (batch, m, n, k) = (MergedAxis.Of(spec.Batch), MergedAxis.Of(spec.M), MergedAxis.Of(spec.N), MergedAxis.Of(spec.K));
        if (!result.Type.IsFloat || batch.Apart > 0 || m.Apart > 0 || n.Apart > 0 || k.Apart > 0)
        {
            // Axes without a common stride: each sum in a thread of its own.
            Kernel(new KernelStage([stage.Statement]) { Title = stage.Title });
        }
        else
        {
            Barrier();
            var c = Place(result);
            string type = CSharp.Of(result.Type.Scalar);
            Out.Open($"device.Contract(new GpuContraction<{type}>");
            Out.Line($"Batch = {Count(batch.Axis)}, M = {Count(m.Axis)}, N = {Count(n.Axis)}, K = {Count(k.Axis)},");
            Out.Line($"A = {Start(spec.A)}, {Strides("A", ("Batch", batch.Axis?.A), ("M", m.Axis?.A), ("K", k.Axis?.A))}");
            Out.Line($"B = {Start(spec.B)}, {Strides("B", ("Batch", batch.Axis?.B), ("K", k.Axis?.B), ("N", n.Axis?.B))}");
            Out.Line($"C = {c.Name}, {Strides("C", ("Batch", batch.Axis?.C), ("M", m.Axis?.C), ("N", n.Axis?.C))}");
            Out.Close("});");
            Bind(result, c);
        }
        if (!stage.Epilogue.IsEmpty) Kernel(new KernelStage(stage.Epilogue.Map(b => (Stmt)b)) { Title = stage.Title });
    }

    private string Strides(string operand, params (string Name, Seq<Atom>? Product)[] strides) =>
        string.Join(" ", strides.Where(s => s.Product is not null).Select(s => $"{operand}{s.Name} = {Product(s.Product!.Value)},"));

    private string Count(MergedAxis? axis) => axis is null ? "1" : Product(axis.Axes.Map(a => a.Extent)).Text;

    private string Start(Operand operand)
    {
        var array = ArrayOf(operand.Array);
        var offset = Zero;
        for (int d = 0; d < operand.Offset.Count; d++)
            if (operand.Offset[d] is not Const { AsLong: 0 })
                offset = Plus(offset, Times(Stable(operand.Offset[d]), Product(array.Strides[d])));
        return offset.Text == "0" ? array.Name : $"{array.Name}.SubView({offset})";
    }
}
