using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using AutoVec.Generator.Lowering;
using AutoVec.Generator.Pipeline;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoVec.Generator.Contract;

/// <summary>What an annotated method must look like before its body is read.</summary>
internal static class MethodContract
{
    public static List<DiagnosticInfo> Check(IMethodSymbol method, Purpose purpose)
    {
        var found = new List<DiagnosticInfo>();
        var here = method.Locations[0];
        void Report(DiagnosticDescriptor rule, Location where, params string[] args) => found.Add(DiagnosticInfo.Of(rule, where, args));

        if (!method.IsStatic) Report(MethodRules.NotStatic, here, method.Name);
        if (method.IsGenericMethod) Report(MethodRules.Generic, here, method.Name);
        if (method.MethodKind != MethodKind.Ordinary) Report(MethodRules.BadBody, here, method.Name, "is not an ordinary method");
        if (method.IsAsync) Report(MethodRules.BadBody, here, method.Name, "is async: batched code does not wait; await before the call");
        if (method.IsExtern) Report(MethodRules.BadBody, here, method.Name, "is extern: there is no body to compile");
        if (method.IsAbstract || method.IsVirtual) Report(MethodRules.BadBody, here, method.Name, "is abstract or virtual: there is not one body to compile");
        if (purpose.Generates && method.ContainingType.GetMembers(method.Name).Length > 1 && !method.IsPartialDefinition && method.PartialDefinitionPart is null)
            Report(MethodRules.Overloaded, here, method.Name);
        if (purpose.Generates) found.AddRange(Containers.Check(method.ContainingType));
        if (found.Count > 0) return found;

        foreach (var p in method.Parameters) found.AddRange(Check(p, purpose));
        found.AddRange(CheckResult(method, purpose));
        if (found.Count > 0) return found;

        if (purpose.Vectorize && method.Parameters.All(p => Attributes.Has(p, Attributes.Shared)))
            Report(MethodRules.AllShared, here, method.Name);
        if (purpose.Differentiable && !method.Parameters.Any(p => !Attributes.Has(p, Attributes.NoGrad) && Shapes.Of(p.Type, out _) is { } s && HasFloat(s)))
            Report(MethodRules.NothingToDifferentiate, here, method.Name, "no parameter without [NoGrad] holds floats");
        if (purpose.Differentiable && (method.ReturnsVoid || !HasFloat(Shapes.Of(method.ReturnType, out _)!)) && !method.Parameters.Any(p => Shapes.IsOutput(p) && HasFloat(Shapes.Of(p.Type, out _)!)))
            Report(MethodRules.NothingToDifferentiate, here, method.Name, method.Parameters.Any(Shapes.IsOutput) ? "neither its result nor an output holds floats" : "its result holds no floats");
        found.AddRange(CheckAttributes(method));
        found.AddRange(CheckBudget(method));
        return found;
    }

    private static IEnumerable<DiagnosticInfo> Check(IParameterSymbol parameter, Purpose purpose)
    {
        var where = parameter.Locations[0];
        if (parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ParameterSyntax { Type: { } syntax }) where = syntax.GetLocation();
        if (parameter.RefKind != RefKind.None) yield return DiagnosticInfo.Of(MethodRules.ByReference, where, parameter.Name);
        else if (IsNullable(parameter.Type)) yield return DiagnosticInfo.Of(MethodRules.Nullable, where, $"Parameter '{parameter.Name}'");
        else if (parameter.IsParams) yield return DiagnosticInfo.Of(MethodRules.BadType, where, $"Parameter '{parameter.Name}'", "params", "remove 'params' and pass an array");
        else if (Shapes.Of(parameter.Type, out string reason) is not { } shape)
            yield return DiagnosticInfo.Of(MethodRules.BadType, where, $"Parameter '{parameter.Name}'", parameter.Type.ToDisplayString(), reason);
        else if (Shapes.Inner(shape) is { } inner)
            yield return DiagnosticInfo.Of(MethodRules.BadType, where, $"Parameter '{parameter.Name}'", parameter.Type.ToDisplayString(), inner);
        else if (Held(shape).Any(n => !n.IsBasic()))
            yield return DiagnosticInfo.Of(MethodRules.BadType, where, $"Parameter '{parameter.Name}'", parameter.Type.ToDisplayString(), Inside);
        else if (shape is TreeArrayShape)
            yield return DiagnosticInfo.Of(MethodRules.BadType, where, $"Parameter '{parameter.Name}'", parameter.Type.ToDisplayString(), "put the array into a [Tree] record");
        else if (HoldsTreeArray(shape) && purpose.Vectorize && !Attributes.Has(parameter, Attributes.Shared))
            yield return DiagnosticInfo.Of(MethodRules.NotYet, where, $"A batch of '{parameter.Type.Name}', which holds an array of trees,", "mark the parameter with [Shared]");
        else if (Shapes.IsOutput(parameter) && purpose.Vectorize && Attributes.Has(parameter, Attributes.Shared))
            yield return DiagnosticInfo.Of(MethodRules.BadOutput, where, parameter.Name, "[Shared], so all samples would write to one place; remove [Shared], or take a ReadOnlySpan<T> if it is only read");
        else if (Shapes.IsOutput(parameter) && purpose.Reduce != Reduction.None)
            yield return DiagnosticInfo.Of(MethodRules.BadOutput, where, parameter.Name,
                $"written by each sample, but Reduce = {purpose.Reduce} makes one value of the batch; return it beside the value from a method without Reduce, or remove Reduce and add up what is returned");
        else if (Shapes.IsOutput(parameter) && Attributes.Has(parameter.ContainingSymbol, Attributes.CustomGrad))
            yield return DiagnosticInfo.Of(MethodRules.BadOutput, where, parameter.Name, "written, but the rule of a [CustomGrad] has no cotangent for it; take a ReadOnlySpan<T> and return an array");
        else if (shape is AggregateShape { Type.IsTupleType: true } && (purpose.Vectorize || purpose.Differentiable))
            yield return DiagnosticInfo.Of(MethodRules.TupleParameter, where, parameter.Name);
        else if (shape is AggregateShape { Type.IsTupleType: false } a && !Shapes.IsTree(a.Type))
            yield return DiagnosticInfo.Of(MethodRules.BadType, where, $"Parameter '{parameter.Name}'", parameter.Type.ToDisplayString(), "make it a positional record and mark it with [Tree]");
    }

    private static IEnumerable<DiagnosticInfo> CheckResult(IMethodSymbol method, Purpose purpose)
    {
        var where = (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as MethodDeclarationSyntax)?.ReturnType.GetLocation() ?? method.Locations[0];
        if (method.ReturnsByRef || method.ReturnsByRefReadonly) yield return DiagnosticInfo.Of(MethodRules.ByReference, where, method.Name);
        else if (method.ReturnsVoid && method.Parameters.Any(Shapes.IsOutput)) yield break;
        else if (method.ReturnsVoid) yield return DiagnosticInfo.Of(MethodRules.BadType, where, "The result", "void", "return what the method computes, or write it to a Span<T> parameter");
        else if (IsNullable(method.ReturnType)) yield return DiagnosticInfo.Of(MethodRules.Nullable, where, "The result");
        else if (Shapes.Of(method.ReturnType, out string reason) is not { } shape)
            yield return DiagnosticInfo.Of(MethodRules.BadType, where, "The result", method.ReturnType.ToDisplayString(), reason);
        else if (Shapes.Inner(shape) is { } inner)
            yield return DiagnosticInfo.Of(MethodRules.BadType, where, "The result", method.ReturnType.ToDisplayString(), inner);
        else if (Held(shape).Any(n => !n.IsBasic()))
            yield return DiagnosticInfo.Of(MethodRules.BadType, where, "The result", method.ReturnType.ToDisplayString(), Inside);
        else if (HoldsTreeArray(shape))
            yield return DiagnosticInfo.Of(MethodRules.BadType, where, "The result", method.ReturnType.ToDisplayString(), "return numbers and arrays; an array of trees is a parameter only");
        else if (shape is ArrayShape { Storage: not Storage.Value })
            yield return DiagnosticInfo.Of(MethodRules.BadType, where, "The result", method.ReturnType.ToDisplayString(), "return an array");
        else if (shape is AggregateShape { Type.IsTupleType: false } a && !Shapes.IsTree(a.Type))
            yield return DiagnosticInfo.Of(MethodRules.BadType, where, "The result", method.ReturnType.ToDisplayString(), "return a tuple or a [Tree] record");
        else if (purpose.Reduce != Reduction.None && Scalars(shape).Any(s => s == Scalar.Bool))
            yield return DiagnosticInfo.Of(MethodRules.BadReduction, where, method.Name, purpose.Reduce.ToString(), "its result holds bools; return 1 or 0");
        else if (purpose.Reduce == Reduction.Mean && Scalars(shape).Any(s => s is Scalar.I32 or Scalar.I64))
            yield return DiagnosticInfo.Of(MethodRules.BadReduction, where, method.Name, purpose.Reduce.ToString(), "its result holds integers; return float or double");
    }

    private static IEnumerable<DiagnosticInfo> CheckAttributes(IMethodSymbol method)
    {
        if (Attributes.Has(method, Attributes.CustomGrad) && CustomRule.Check(method, out var wrong) is null) yield return wrong!;
    }

    private static IEnumerable<DiagnosticInfo> CheckBudget(IMethodSymbol method)
    {
        if (Attributes.Find(method, Attributes.Differentiable) is not { } d || Attributes.Argument(d, "MemoryBudget") is not string text) yield break;
        if (MemoryBudget.Parse(text) is not null) yield break;
        var argument = (d.ApplicationSyntaxReference?.GetSyntax() as AttributeSyntax)?.ArgumentList?.Arguments
            .FirstOrDefault(a => a.NameEquals?.Name.Identifier.ValueText == "MemoryBudget");
        yield return DiagnosticInfo.Of(MethodRules.BadBudget, argument?.Expression.GetLocation() ?? At(d, method), text);
    }

    private static Location At(AttributeData attribute, IMethodSymbol method) =>
        attribute.ApplicationSyntaxReference is { } r ? r.SyntaxTree.GetLocation(r.Span) : method.Locations[0];

    private static bool IsNullable(ITypeSymbol type) =>
        type.NullableAnnotation == NullableAnnotation.Annotated || type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    private static bool HoldsTreeArray(Shape shape) => shape is TreeArrayShape || shape is AggregateShape a && a.Fields.Any(f => HoldsTreeArray(f.Shape));

    public static bool HasFloat(Shape shape) => Scalars(shape).Any(s => s is Scalar.F32 or Scalar.F64);

    private static IEnumerable<Scalar> Scalars(Shape shape) => Held(shape).Select(n => n.Held());

    private const string Inside = "small and unsigned integers live inside a method; pass int or long and cast";

    /// <summary>The number types of all leaves.</summary>
    public static IEnumerable<Number> Held(Shape shape) => shape switch
    {
        ScalarShape s => [s.Number],
        ArrayShape a => [a.Number],
        TreeArrayShape t => Held(t.Element),
        AggregateShape g => g.Fields.SelectMany(f => Held(f.Shape)),
        _ => [],
    };
}

/// <summary>What the method's attributes ask for.</summary>
internal sealed record Purpose(bool Vectorize, Reduction Reduce, bool Differentiable, bool Composable)
{
    /// <summary>Are members generated? ([Composable] alone only exports the method's IR.)</summary>
    public bool Generates => Vectorize || Differentiable;

    /// <summary>Forward mode too.</summary>
    public bool Forward { get; init; }

    public static Purpose Of(IMethodSymbol method)
    {
        var vectorize = Attributes.Find(method, Attributes.Vectorize);
        var reduce = vectorize is not null && Attributes.Argument(vectorize, "Reduce") is int r ? (Reduction)r : Reduction.None;
        var differentiable = Attributes.Find(method, Attributes.Differentiable);
        return new(vectorize is not null, reduce, differentiable is not null, Attributes.Has(method, Attributes.Composable))
        {
            Forward = differentiable is not null && Attributes.Argument(differentiable, "Forward") is true,
        };
    }
}
