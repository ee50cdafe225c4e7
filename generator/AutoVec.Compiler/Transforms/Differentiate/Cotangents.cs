using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Differentiate;

/// <summary>
/// The parameters that bring the results' adjoints: <c>value_bar</c> for a result called value. One has the result's extents where
/// they are sizes; an extent that the body computes gets a size of its own, and the elements are read over the computed one.
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
        return own == extents ? parameter : builder.Build(extents, (b, at) => b.Read(parameter, at, name), name);
    }

    private string Free(string name)
    {
        while (!_taken.Add(name)) name += "_";
        return name;
    }
}
