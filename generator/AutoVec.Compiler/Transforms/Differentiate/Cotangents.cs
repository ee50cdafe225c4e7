using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// The parameters that bring the results' adjoints: <c>value_bar</c> for a result called value. One has the result's extents where
/// they are sizes; an extent that the body computes gets a size of its own, and of such a dimension the window of the computed extent is read, which is
/// all of it: whoever calls the derivative compares the two.
/// </summary>
internal sealed class Cotangents(FunctionIr function, Builder builder)
{
    private readonly HashSet<Var> _sizes = new(function.Sizes);
    private readonly HashSet<string> _taken = new(
        function.Params.Concat(function.Sizes).Concat(function.Body.AllBinders()).Select(v => v.Name));

    public List<Var> Parameters { get; } = [];

    public Atom For(Atom result, string name)
    {
        name = Free(name + "_bar");
        var extents = result.Type.Extents;
        var own = extents.Select((e, d) => e is Const || _sizes.Contains((Var)e) ? e : new Var(Free($"{name}_{d}"), IrType.I32)).ToSeq();
        var parameter = new Var(name, new IrType(result.Type.Scalar, own));
        Parameters.Add(parameter);
        if (own == extents) return parameter;
        return builder.Read(parameter, own.Select((e, d) => e.Equals(extents[d]) ? All.Dimension : (Atom)new Window(Const.I32(0), [extents[d]])).ToSeq(), name);
    }

    private string Free(string name)
    {
        while (!_taken.Add(name)) name += "_";
        return name;
    }
}
