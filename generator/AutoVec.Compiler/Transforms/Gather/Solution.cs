using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Gather;

/// <summary>
/// Which variable each dimension of a scatter is solved for. <c>Pivots</c>: in the order of solving, a dimension and its variable.
/// <c>Fixed</c>: dimensions without a variable left, hence an equality. <c>Summed</c>: variables that are nobody's pivot.
/// </summary>
internal sealed record Solution(Seq<Affine> Forms, Seq<(int Dimension, Var Variable)> Pivots, Seq<int> Fixed, Seq<Dim> Summed, string Note)
{
    public bool IsSolved => !Forms.IsEmpty;

    private static Solution Unsolved(string note) => new([], [], [], [], note);

    public static Solution Of(Scatter s, Dependence dependence)
    {
        var variables = s.Dims.Map(d => d.Index);
        var inside = new HashSet<Var>(s.Body.AllBinders());
        var forms = new List<Affine>();
        foreach (var index in s.Body.Results.Take(s.Extents.Count))
        {
            var form = Affine.In(index, dependence, variables.ToList());
            // A name that only the body binds could not be used outside it.
            if (form is null || form.Terms.Any(t => inside.Contains(t.Name)))
                return Unsolved($"stays a scatter, summed in a fixed order: its index {Describe(index)} depends on data");
            forms.Add(form);
        }

        var todo = Enumerable.Range(0, forms.Count).ToList();
        var pivots = new List<(int Dimension, Var Variable)>();
        List<Var> Open(int d) => variables.Where(v => forms[d].Mentions(v) && pivots.All(p => !p.Variable.Equals(v))).ToList();
        // Dimensions with the fewest open variables first: what they fix, the others need not solve.
        while (todo.Where(d => Open(d).Count > 0).OrderBy(d => Open(d).Count).ToList() is { Count: > 0 } ready)
        {
            int d = ready[0];
            var pivot = Open(d).OrderBy(v => forms[d][v] is 1 or -1 ? 0 : 1).First();
            if (pivots.Any(p => forms[p.Dimension].Mentions(pivot)))
                return Unsolved("stays a scatter, summed in a fixed order: its indices share variables");
            if (forms[d][pivot] == int.MinValue) return Unsolved("stays a scatter, summed in a fixed order: its stride overflows");
            pivots.Add((d, pivot));
            todo.Remove(d);
        }
        var summed = s.Dims.Where(d => pivots.All(p => !p.Variable.Equals(d.Index))).ToSeq();
        string at = string.Join(", ", forms.Select(Text));
        string over = summed.IsEmpty ? "no sum" : "sum over " + string.Join(", ", summed.Select(d => d.Index.Base));
        return new(forms.ToSeq(), pivots.ToSeq(), todo.ToSeq(), summed, $"gather at [{at}], {over}");
    }

    private static string Describe(Atom index) => index is Var v ? $"'{v.Base}'" : index.ToString();

    private static string Text(Affine form) =>
        new Affine(form.Terms.Map(t => t with { Name = new Var(t.Name.Base, t.Name.Type) }), form.Constant).ToString();
}
