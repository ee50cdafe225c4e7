using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>The schedule of binomial checkpoints, see <see cref="Revolve"/>.</summary>
public static partial class OpTable
{
    /// <summary><c>restart segments slots last</c>: the segment whose state is kept, and from which on the last is run again.</summary>
    public static readonly Op Restart = new("restart", 3)
    {
        TypeOf = TypeRules.Extents,
        Evaluate = a => Const.I32(Revolve.Start(a[0].AsInt, a[1].AsInt, a[2].AsInt)),
        CSharp = "Lanes.Restart({0}, {1}, {2})", SimdInt = "Lanes.Restart({0}, {1}, {2})", Ilgpu = "GpuMath.Restart({0}, {1}, {2})",
    };

    /// <summary><c>slot segments slots last segment</c>: where the state at entry of a segment is kept on the way to the last; −1: nowhere.</summary>
    public static readonly Op Slot = new("slot", 4)
    {
        TypeOf = TypeRules.Extents,
        Evaluate = a => Const.I32(Revolve.Slot(a[0].AsInt, a[1].AsInt, a[2].AsInt, a[3].AsInt)),
        CSharp = "Lanes.Slot({0}, {1}, {2}, {3})", SimdInt = "Lanes.Slot({0}, {1}, {2}, {3})", Ilgpu = "GpuMath.Slot({0}, {1}, {2}, {3})",
    };
}
