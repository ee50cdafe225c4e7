using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Rooms;

/// <summary>
/// The next state of a host loop that is room with a window written, of which only the window counts, is written into the room that the state has:
/// what it holds there is of no use any more.
/// <code>
/// h = loop (h0 = ..) for host i&lt;n { ..                        h = loop (h0 = ..) for host i&lt;n { ..
///   h1 = build b&lt;B { r = room [d]   v = e[b, :]        ⇒        h1 = h0 with [:, 0:m!] = e
///                    w = r with [0:m!] = v   yield w }            yield h1 }
///   yield h1 }
/// </code>
/// </summary>
public static class Rooms
{
    public static FunctionIr Run(FunctionIr f) => f with { Body = Host(f.Body) };

    private static Block Host(Block block) => block with
    {
        Stmts = block.Stmts.Map(s => s is For or While or If ? InLoop(s.Map(v => v, a => a, Host)) : s),
    };

    private static Stmt InLoop(Stmt s)
    {
        if (s is not For { Place: LoopPlace.Host } loop) return s;
        var stmts = loop.Body.Stmts.ToList();
        for (int k = 0; k < loop.State.Count; k++)
        {
            int at = stmts.FindIndex(t => t is Build { Results.Count: 1 } && t.Outs.Contains(loop.Body.Results[k]));
            if (at >= 0 && Written((Build)stmts[at], loop.State[k].Param) is { } write) stmts[at] = write;
        }
        return loop with { Body = loop.Body with { Stmts = stmts.ToSeq() } };
    }

    private static Write? Written(Build build, Var room)
    {
        if (build.Results[0].Type != room.Type || build.Body.Stmts.Count > 3 || build.Body.Stmts.LastOrDefault() is not Write write) return null;
        if (!build.Body.Results[0].Equals(write.Out) || !write.Index.HoldsAll() || write.Value is not Var value) return null;
        if (!build.Body.Stmts.Any(s => s is Build b && b.Outs.Contains(write.Array) && b.Body.Results.All(r => r is Const { IsUndefined: true }))) return null;
        Seq<Atom> whole = build.Dims.Map(_ => (Atom)All.Dimension);
        Seq<Atom> index = [.. build.Dims.Select(d => d.Index), .. value.Type.Extents.Map(_ => All.Dimension)];
        if (build.Body.Stmts.OfType<Read>().FirstOrDefault(r => r.Out.Equals(value)) is not { } read || read.Index != index) return null;
        if (read.Array.Type.Extents != build.Dims.Map(d => d.Extent).Concat(value.Type.Extents).ToSeq()) return null;
        return new Write(build.Results[0], room, [.. whole, .. write.Index], read.Array);
    }
}
