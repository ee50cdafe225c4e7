using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Ops;

/// <summary>The schedule of binomial checkpoints, see <see cref="Revolve"/>.</summary>
public static partial class OpTable
{
    /// <summary><c>restart segments slots last</c>: the segment whose state is kept, and from which on the last is run again.</summary>
    public static readonly Op Restart = Schedule("restart", "Restart", Revolve.Restart);

    /// <summary><c>top segments slots last</c>: the slot of that state.</summary>
    public static readonly Op Top = Schedule("top", "Top", Revolve.Top);

    /// <summary><c>slot segments slots segment</c>: where the state at entry of a segment is kept on the way to the last; −1: nowhere.</summary>
    public static readonly Op Slot = Schedule("slot", "Slot", Revolve.Slot);

    private static Op Schedule(string name, string method, Func<int, int, int, int> value) => new(name, 3)
    {
        TypeOf = TypeRules.Extents,
        Evaluate = a => Const.I32(value(a[0].AsInt, a[1].AsInt, a[2].AsInt)),
        CSharp = $"Lanes.{method}({{0}}, {{1}}, {{2}})", SimdInt = $"Lanes.{method}({{0}}, {{1}}, {{2}})", Ilgpu = $"GpuMath.{method}({{0}}, {{1}}, {{2}})",
    };
}
