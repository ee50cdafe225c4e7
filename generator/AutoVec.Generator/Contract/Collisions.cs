using AutoVec.Compiler.Emit;
using AutoVec.Generator.Diagnostics;
using AutoVec.Generator.Lowering;
using AutoVec.Generator.Pipeline;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Contract;

/// <summary>Names that generated members would share with the user's own.</summary>
internal static class Collisions
{
    private static readonly string[] Parameters = ["device", "destination", "tangentDestination", "cotangent", "tangents", "gradient"];

    public static IEnumerable<DiagnosticInfo> Check(IMethodSymbol method, Purpose purpose)
    {
        foreach (var p in method.Parameters)
            if (Parameters.Contains(p.Name) || p.Name.StartsWith("destination", StringComparison.Ordinal) && p.Name.Substring(11).All(char.IsDigit))
                yield return DiagnosticInfo.Of(CollisionRules.ReservedParameter, p.Locations[0], p.Name);

        if (purpose.Differentiable)
        {
            var seen = new Dictionary<string, string>();
            foreach (var p in method.Parameters.Where(p => !Attributes.Has(p, Attributes.NoGrad)))
            {
                string property = Pascal(p.Name);
                if (seen.TryGetValue(property, out string other))
                    yield return DiagnosticInfo.Of(CollisionRules.SameProperty, p.Locations[0], other, p.Name, property);
                else seen.Add(property, p.Name);
            }
        }

        foreach (var (name, parameters) in Generated(method, purpose))
            foreach (var member in method.ContainingType.GetMembers(name))
                if (member is not IMethodSymbol m || parameters is not null && m.Parameters.Select(p => p.Type.ToDisplayString()).SequenceEqual(parameters))
                {
                    yield return DiagnosticInfo.Of(CollisionRules.MemberExists, method.Locations[0], method.ContainingType.Name, name, method.Name);
                    break;
                }
    }

    public static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary>The generated names, with the parameter types of host methods (null: a type, which nothing may share its name with).</summary>
    private static IEnumerable<(string Name, IReadOnlyList<string>? Parameters)> Generated(IMethodSymbol method, Purpose purpose)
    {
        string f = method.Name;
        var plain = method.Parameters.Select(p => p.Type.ToDisplayString()).ToList();
        var batch = method.Parameters.Select(p => Attributes.Has(p, Attributes.Shared) ? p.Type.ToDisplayString() : Batched(p.Type)).ToList();
        if (purpose.Vectorize) yield return ($"{f}Batch", batch);
        if (!purpose.Differentiable) yield break;
        yield return ($"{f}Gradient", null);
        yield return ($"{f}Grad", plain);
        yield return ($"{f}ValueAndGrad", plain);
        if (DerivativeCalls.Of(method, purpose) is not null) yield return ($"Register{f}Derivative", []);
        yield return ($"{f}Vjp", [.. plain, method.ReturnType.ToDisplayString()]);
        if (purpose.Forward) yield return ($"{f}Jvp", [.. plain, $"{f}Gradient"]);
        if (!purpose.Vectorize) yield break;
        yield return ($"{f}GradientBatch", null);
        yield return ($"{f}GradBatch", batch);
        yield return ($"{f}ValueAndGradBatch", batch);
        yield return ($"{f}VjpBatch", [.. batch, Batched(method.ReturnType)]);
        if (purpose.Forward) yield return ($"{f}JvpBatch", [.. batch, $"{f}GradientBatch"]);
    }

    private static string Batched(ITypeSymbol type) => Shapes.Of(type, out _) switch
    {
        ScalarShape => $"AutoVec.In<{type.ToDisplayString()}>",
        ArrayShape a when type is IArrayTypeSymbol array => $"AutoVec.In{a.Rank}<{array.ElementType.ToDisplayString()}>",
        ArrayShape when type is INamedTypeSymbol span => $"AutoVec.In1<{span.TypeArguments[0].ToDisplayString()}>",
        _ => $"{type.ToDisplayString()}.In",
    };
}
