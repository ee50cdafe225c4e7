namespace AutoVec.Compiler.Ir;

/// <summary>
/// What of a function is called: the gradient of its one float result, its value and gradient, its values and tangents (the tangents
/// of the differentiated parameters are appended to the arguments), or the adjoints of parameters for given ones of the float results (appended).
/// </summary>
public enum DerivationKind { Grad, ValueAndGrad, Jvp, Vjp }

/// <summary>
/// A derivative with respect to those of the first <paramref name="Leaves"/> parameters that are floats: <c>call grad F x a</c>,
/// <c>call jvp 2 F x_W x_B a x_W.dot x_B.dot</c>.
/// </summary>
public sealed record Derivation(DerivationKind Kind, int Leaves)
{
    public Seq<Var> Wrt(FunctionIr function) => function.Params.Take(Leaves).Where(p => p.Type.IsFloat).ToSeq();

    /// <summary>The types of the parameters, before the function's own extents are those of the arguments.</summary>
    public Seq<IrType> Parameters(FunctionIr function)
    {
        var own = function.Params.Map(p => p.Type);
        return Kind switch
        {
            DerivationKind.Jvp => [.. own, .. Wrt(function).Map(p => p.Type)],
            DerivationKind.Vjp => [.. own, .. function.Body.Results.Where(r => r.Type.IsFloat).Select(r => r.Type)],
            _ => own,
        };
    }

    /// <summary>How many results the call has: values, then gradients or tangents; of a tangent, one for each float value.</summary>
    public int Results(FunctionIr function) => Kind switch
    {
        DerivationKind.Grad or DerivationKind.Vjp => Wrt(function).Count,
        DerivationKind.ValueAndGrad => 1 + Wrt(function).Count,
        _ => function.Body.Results.Count + function.Body.Results.Count(r => r.Type.IsFloat),
    };

    /// <summary>Why the function has no such derivative, or null.</summary>
    public string? Objection(FunctionIr function)
    {
        if (Leaves > function.Params.Count || Wrt(function).IsEmpty) return $"'{function.Name}' has no float among its first {Leaves} parameters";
        return Kind is DerivationKind.Grad or DerivationKind.ValueAndGrad && !(function.Body.Results.Count == 1 && function.Body.Results[0].Type is { IsArray: false, IsFloat: true })
            ? $"'{function.Name}' has no gradient: its result is not one float" : null;
    }

    public static DerivationKind? ByName(string name) => name switch
    {
        "grad" => DerivationKind.Grad,
        "valueandgrad" => DerivationKind.ValueAndGrad,
        "jvp" => DerivationKind.Jvp,
        "vjp" => DerivationKind.Vjp,
        _ => null,
    };

    /// <summary>As it stands before the function's name.</summary>
    public override string ToString() => Kind.ToString().ToLowerInvariant() + (Leaves == 1 ? "" : $" {Leaves}");
}
