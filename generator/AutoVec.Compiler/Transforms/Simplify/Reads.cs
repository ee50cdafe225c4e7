using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Simplify;

/// <summary>
/// Reads of arrays whose making is known: a slice of a slice, the element just written, an element of a build that has no statement, or only
/// one read. Never a read of the version before a write: that would keep the old version alive and cost a copy.
/// </summary>
internal static class Reads
{
    /// <summary>
    /// What the read is equal to (an atom), or a read of something nearer to the source; null if nothing is known.
    /// </summary>
    public static (Atom? Value, Read? Other) Forward(Read read, Facts facts)
    {
        if (read.Index.All(i => i is All)) return (read.Array, null);
        return facts.Definition(read.Array) switch
        {
            // Never through a window: that would lose the proof that it is inside.
            Read view when !view.Index.HasWindow() => (null, read with { Array = view.Array, Index = Compose(view.Index, read.Index) }),
            Write write => OfWrite(read, write),
            Build build => OfBuild(read, build, facts),
            _ => (null, null),
        };
    }

    /// <summary>The index of a[outer][inner].</summary>
    private static Seq<Atom> Compose(Seq<Atom> outer, Seq<Atom> inner)
    {
        int next = 0;
        return outer.Map(i => i is All ? inner[next++] : i);
    }

    private static (Atom?, Read?) OfWrite(Read read, Write write)
    {
        if (read.Index.HasWindow() || write.Index.HasWindow()) return read.Index == write.Index ? (write.Value, null) : (null, null);
        var rest = new List<Atom>();
        for (int k = 0; k < read.Index.Count; k++)
        {
            if (write.Index[k] is All) rest.Add(read.Index[k]);
            else if (!write.Index[k].Equals(read.Index[k])) return (null, null);
        }
        return Part(read, write.Value, rest);
    }

    private static (Atom?, Read?) OfBuild(Read read, Build build, Facts facts)
    {
        // The element exists only if the index is in range: else the read must stay, and throw.
        for (int d = 0; d < build.Dims.Count; d++)
            if (!read.Index[d].IsPosition() || !facts.Ranges.Inside(read.Index[d], build.Dims[d].Extent)) return (null, null);

        Atom At(Atom a)
        {
            for (int d = 0; d < build.Dims.Count; d++)
                if (build.Dims[d].Index.Equals(a)) return read.Index[d];
            return a;
        }
        var element = build.Body.Results[IndexOf(build.Results, read.Array)];
        var rest = read.Index.Skip(build.Dims.Count).ToList();
        if (build.Body.Stmts.IsEmpty) return Part(read, At(element), rest);
        if (build.Body.Stmts.Count == 1 && build.Body.Stmts[0] is Read source && source.Out.Equals(element))
            return source.Index.HasWindow() ? (null, null) : (null, read with { Array = source.Array, Index = Compose(source.Index.Map(At), rest.ToSeq()) });
        return (null, null);
    }

    private static (Atom?, Read?) Part(Read read, Atom whole, List<Atom> index) =>
        index.Count == 0 || index.All(i => i is All) ? (whole, null) : (null, read with { Array = (Var)whole, Index = index.ToSeq() });

    private static int IndexOf(Seq<Var> names, Var name)
    {
        for (int k = 0; k < names.Count; k++)
            if (names[k].Equals(name)) return k;
        throw new InvalidOperationException($"{name} is not a result");
    }

    /// <summary>The array that <c>build i&lt;n { v = x[i, :]; yield v }</c> copies, if it is the whole of x.</summary>
    public static Var? Copied(Build build, int result)
    {
        if (build.Body.Stmts.Count != 1 || build.Body.Stmts[0] is not Read read || !read.Out.Equals(build.Body.Results[result])) return null;
        for (int k = 0; k < read.Index.Count; k++)
        {
            if (read.Index[k] is Window) return null;
            bool own = k < build.Dims.Count ? read.Index[k].Equals(build.Dims[k].Index) : read.Index[k] is All;
            if (!own) return null;
        }
        return read.Index.Count >= build.Dims.Count && read.Array.Type == build.Results[result].Type ? read.Array : null;
    }
}
