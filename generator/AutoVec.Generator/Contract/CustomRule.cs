using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using AutoVec.Generator.Lowering;
using AutoVec.Generator.Pipeline;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Contract;

/// <summary>
/// The method that <c>[CustomGrad]</c> names: the parameters of the method it belongs to, then the cotangent of the result, to the gradients of
/// the differentiable parameters: one, or a tuple.
/// </summary>
internal static class CustomRule
{
    /// <summary>The rule, or null and what is wrong, at the attribute.</summary>
    public static IMethodSymbol? Check(IMethodSymbol method, out DiagnosticInfo? wrong)
    {
        var attribute = Attributes.Find(method, Attributes.CustomGrad)!;
        string name = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? "";
        wrong = null;
        var where = attribute.ApplicationSyntaxReference is { } r ? r.SyntaxTree.GetLocation(r.Span) : method.Locations[0];
        DiagnosticInfo Wrong(string expected) => DiagnosticInfo.Of(MethodRules.BadRule, where, name, method.Name, expected);

        var gradients = method.Parameters.Where(IsDifferentiable).Select(p => GradientOf(p.Type)).ToList();
        if (method.MethodKind != MethodKind.Ordinary || !method.IsStatic || method.IsGenericMethod || method.ContainingType.IsGenericType)
            wrong = Wrong("the method it belongs to is an ordinary static one");
        else if (method.Parameters.Any(p => p.RefKind != RefKind.None)) wrong = Wrong("the method it belongs to takes its parameters by value");
        else if (method.Parameters.Any(Shapes.IsOutput)) wrong = Wrong("the method it belongs to returns what it computes, and takes a ReadOnlySpan<T> in place of a Span<T>");
        else if (gradients.Count == 0) wrong = Wrong("the method it belongs to has a parameter that holds floats");
        else if (Shapes.Of(method.ReturnType, out _) is not { } result || !IsFloat(result)) wrong = Wrong("the result of the method it belongs to holds only floats");
        if (wrong is not null) return null;

        var types = method.Parameters.Select(p => p.Type.ToDisplayString()).Append(method.ReturnType.ToDisplayString()).ToList();
        string returned = gradients.Count == 1 ? gradients[0] : $"({string.Join(", ", gradients)})";
        foreach (var rule in method.ContainingType.GetMembers(name).OfType<IMethodSymbol>())
            if (rule.IsStatic && !rule.IsGenericMethod && rule.Parameters.All(p => p.RefKind == RefKind.None)
                && rule.Parameters.Select(p => p.Type.ToDisplayString()).SequenceEqual(types) && Unnamed(rule.ReturnType) == returned) return rule;
        var parameters = method.Parameters.Select(p => $"{p.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} {p.Name}")
            .Append($"{method.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} cotangent");
        wrong = Wrong($"static {returned} {(name.Length > 0 ? name : "Rule")}({string.Join(", ", parameters)})");
        return null;
    }

    public static bool IsDifferentiable(IParameterSymbol parameter) =>
        !Attributes.Has(parameter, Attributes.NoGrad) && Shapes.Of(parameter.Type, out _) is { } shape && HasFloat(shape);

    /// <summary>A span's gradient is an array.</summary>
    private static string GradientOf(ITypeSymbol type) => Shapes.Of(type, out _) is ArrayShape { Storage: not AutoVec.Compiler.Emit.Storage.Value }
        ? ((INamedTypeSymbol)type).TypeArguments[0].ToDisplayString() + "[]" : Unnamed(type);

    /// <summary>A tuple type without the names of its elements.</summary>
    private static string Unnamed(ITypeSymbol type) => type is INamedTypeSymbol { IsTupleType: true } tuple
        ? $"({string.Join(", ", tuple.TupleElements.Select(e => Unnamed(e.Type)))})" : type.ToDisplayString();

    private static bool IsFloat(Shape shape) => shape switch
    {
        ScalarShape s => s.Scalar is Scalar.F32 or Scalar.F64,
        ArrayShape a => a.Scalar is Scalar.F32 or Scalar.F64,
        AggregateShape g => g.Fields.All(f => IsFloat(f.Shape)),
        _ => false,
    };

    private static bool HasFloat(Shape shape) => shape is AggregateShape g ? g.Fields.Any(f => HasFloat(f.Shape)) : IsFloat(shape);
}
