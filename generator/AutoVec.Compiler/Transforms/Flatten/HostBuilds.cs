using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Flatten;

internal static class HostBuilds
{
    /// <summary>A build whose results are called after what its body yields, so that names lead back to the source.</summary>
    public static Seq<Var> BuildNamed(this Builder host, Seq<Dim> dims, Block body)
    {
        var extents = dims.Map(d => d.Extent);
        var outs = body.Results.Map(r => host.Fresh(r is Var v ? v.Name : "a", r.Type.Under(extents)));
        host.Append(new Build(outs, dims, body));
        return outs;
    }
}
