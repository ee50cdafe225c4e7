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

    /// <summary>Those above, one for each element of a result, and those of outputs.</summary>
    private static HashSet<string> Reserved(IMethodSymbol method)
    {
        var reserved = new HashSet<string>(Parameters);
        if (method.ReturnType is INamedTypeSymbol { IsTupleType: true } tuple)
            foreach (var e in tuple.TupleElements) reserved.UnionWith(["destination" + e.Name, "tangentDestination" + e.Name, "cotangent" + e.Name]);
        foreach (var p in method.Parameters.Where(Shapes.IsOutput)) reserved.UnionWith(["cotangent" + Pascal(p.Name), "tangent" + Pascal(p.Name)]);
        return reserved;
    }

    public static IEnumerable<DiagnosticInfo> Check(IMethodSymbol method, Purpose purpose)
    {
        var reserved = Reserved(method);
        foreach (var p in method.Parameters)
            if (reserved.Contains(p.Name) || p.Name.StartsWith("destination", StringComparison.Ordinal) && p.Name.Substring(11).All(char.IsDigit))
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
        var outputs = method.Parameters.Where(Shapes.IsOutput).ToList();
        // Of a void method, and of the outputs.
        var returned = method.ReturnsVoid ? [] : new[] { method.ReturnType };
        var moved = outputs.Where(p => MethodContract.HasFloat(Shapes.Of(p.Type, out _)!)).ToList();
        var batch = method.Parameters.Select(p => Attributes.Has(p, Attributes.Shared) ? p.Type.ToDisplayString() : Shapes.IsOutput(p) ? Destination(p) : Batched(p.Type)).ToList();
        if (purpose.Vectorize) yield return ($"{f}Batch", batch);
        if (!purpose.Differentiable) yield break;
        yield return ($"{f}Gradient", null);
        yield return ($"{f}Grad", plain);
        yield return ($"{f}ValueAndGrad", plain);
        if (DerivativeCalls.Of(method, purpose) is not null) yield return ($"Register{f}Derivative", []);
        yield return ($"{f}Vjp", [.. plain, .. returned.Select(t => t.ToDisplayString()), .. moved.Select(p => $"System.ReadOnlySpan<{ElementOf(p)}>")]);
        if (purpose.Forward) yield return ($"{f}Jvp", [.. plain, $"{f}Gradient", .. moved.Select(p => p.Type.ToDisplayString())]);
        if (!purpose.Vectorize) yield break;
        yield return ($"{f}GradientBatch", null);
        yield return ($"{f}GradBatch", batch);
        yield return ($"{f}ValueAndGradBatch", batch);
        yield return ($"{f}VjpBatch", [.. batch, .. returned.Select(Batched), .. moved.Select(p => Batched(p.Type))]);
        if (purpose.Forward) yield return ($"{f}JvpBatch", [.. batch, $"{f}GradientBatch", .. moved.Select(Destination)]);
    }

    private static string ElementOf(IParameterSymbol span) => ((INamedTypeSymbol)span.Type).TypeArguments[0].ToDisplayString();

    private static string Destination(IParameterSymbol output) => $"AutoVec.Out<{ElementOf(output)}>";

    private static string Batched(ITypeSymbol type) => Shapes.Of(type, out _) switch
    {
        ScalarShape => $"AutoVec.In<{type.ToDisplayString()}>",
        ArrayShape a when type is IArrayTypeSymbol array => $"AutoVec.In{a.Rank}<{array.ElementType.ToDisplayString()}>",
        ArrayShape when type is INamedTypeSymbol span => $"AutoVec.In1<{span.TypeArguments[0].ToDisplayString()}>",
        _ => $"{type.ToDisplayString()}.In",
    };
}
