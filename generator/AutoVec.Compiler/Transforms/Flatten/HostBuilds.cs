using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Flatten;

internal static class HostBuilds
{
    /// <summary>A build whose results are called after names of the source: those given, then what its body yields.</summary>
    public static Seq<Var> BuildNamed(this Builder host, Seq<Dim> dims, Block body, Seq<Var>? like = null)
    {
        var extents = dims.Map(d => d.Extent);
        var outs = body.Results.Select((r, k) => host.Fresh(k < like?.Count ? like.Value[k].Name : r is Var v ? v.Name : "a", r.Type.Under(extents))).ToSeq();
        host.Append(new Build(outs, dims, body));
        return outs;
    }
}
