using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Fuse;

/// <summary>Where and how some arrays are read inside statements of the host.</summary>
internal sealed class ReadSites(Seq<Var> arrays)
{
    private readonly List<(Read Read, Block In, Seq<Atom> Around, bool InLoop, Seq<Atom> Tested)> _sites = [];

    public Read First => _sites[0].Read;
    public int Count => _sites.Count;

    /// <summary>False if an array is used in any way but reads of elements inside a parallel statement.</summary>
    public bool Collect(Stmt user)
    {
        if (user is not (Build or Reduce or Scatter)) return false;
        return user.Blocks.All(b => Collect(b, user.Inner.Cast<Atom>().ToSeq(), false, [])) && !user.Reads.Any(IsOne);
    }

    private bool IsOne(Atom a) => a is Var v && arrays.Contains(v);

    private bool Collect(Block block, Seq<Atom> around, bool inLoop, Seq<Atom> tested)
    {
        foreach (var s in block.Stmts)
        {
            if (s is Read r && arrays.Contains(r.Array))
            {
                if (r.Out.Type.IsArray) return false;
                _sites.Add((r, block, around, inLoop, tested));
            }
            else if (s.Reads.Any(IsOne)) return false;
            bool sequential = s is For or While;
            Seq<Atom> inner = s is Build or Reduce or Scatter ? [.. around, .. s.Inner] : around;
            foreach (var b in s.Blocks)
                if (!Collect(b, inner, inLoop || sequential, s is If i && ReferenceEquals(b, i.Then) ? [.. tested, i.Condition] : tested)) return false;
        }
        return !block.Results.Any(IsOne);
    }

    /// <summary>
    /// Does every read find its element in an array over these dims? If not, it throws, and must stay. <c>isInside</c> is told which conditions
    /// hold where the read stands.
    /// </summary>
    public bool AreInside(Seq<Dim> dims, Func<Atom, Atom, Seq<Atom>, bool> isInside) =>
        _sites.All(s => dims.Zip(s.Read.Index, (d, i) => isInside(i, d.Extent, s.Tested)).All(inside => inside));

    /// <summary>Is each element read by one point of the parallel dims around, at one place?</summary>
    public bool IsOnce => _sites.All(s => !s.InLoop && ReferenceEquals(s.In, _sites[0].In) && s.Read.Index == First.Index)
        && First.Index.Count == _sites[0].Around.Count && new HashSet<Atom>(First.Index).SetEquals(_sites[0].Around);
}
