using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using AutoVec.Generator.Lowering;
using AutoVec.Generator.Pipeline;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Contract;

/// <summary>
/// An annotated method is its own specification, hence runs as plain C#, its calls of Ad too. A method that is [Differentiable] registers
/// its derivative itself; for a lambda, a local function or any other method a derivative is generated beside, found by the place of the call.
/// Its members take the function's first argument as it is, and all else (what it captures, too) leaf by leaf.
/// </summary>
internal static class DerivativeCalls
{
    /// <summary>The most arguments that Ad passes.</summary>
    private const int MostArguments = 8;

    /// <summary>How Ad calls the derivative of an annotated method; null where it has no gradient by its first parameter.</summary>
    public static Registration? Of(IMethodSymbol method, Purpose purpose)
    {
        if (!purpose.Differentiable || method.Parameters.Length is 0 or > MostArguments || method.Parameters[0].Type is not { } first) return null;
        if (Attributes.Has(method.Parameters[0], Attributes.NoGrad) || !Holds(first)) return null;
        if (!purpose.Forward && Shapes.Of(method.ReturnType, out _) is not ScalarShape { Scalar: Scalar.F32 or Scalar.F64 }) return null;
        if (method.Parameters.Any(p => Shapes.Of(p.Type, out _) is ArrayShape { Storage: not Storage.Value })) return null;
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
            if (type.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal)) return null;
        var types = method.Parameters.Select(p => Leaves.NameOf(p.Type)).ToList();
        return new Registration($"global::System.Func<{string.Join(", ", types.Append(Leaves.NameOf(method.ReturnType)))}>",
            types.Select((t, k) => new Access(k, t, [])).ToSeq());
    }

    private static bool Holds(ITypeSymbol type) => Shapes.Of(type, out _) is { } shape && Floats(shape);

    private static bool Floats(Shape shape) => shape switch
    {
        ScalarShape s => s.Scalar is Scalar.F32 or Scalar.F64,
        ArrayShape a => a.Scalar is Scalar.F32 or Scalar.F64,
        AggregateShape g => g.Fields.Any(f => Floats(f.Shape)),
        _ => false,
    };

    /// <summary>What is generated for a method's calls; those that repeat one another, or stand where nothing outside can name their types, are left out.</summary>
    public static Seq<DerivativeSource> Of(IMethodSymbol method, IReadOnlyList<DerivativeCall> calls, Compilation compilation, CancellationToken cancel)
    {
        var sources = new List<DerivativeSource>();
        foreach (var call in calls)
        {
            // Registered by itself; of one number, the gradient serves both modes.
            if (Attributes.Has(call.Function, Attributes.Differentiable) && Of(call.Function, Purpose.Of(call.Function)) is not null) continue;
            if (Source(method, sources.Count + 1, call, compilation, cancel) is { } source) sources.Add(source);
        }
        // Two calls on one line that read alike are one, if they mean the same; else Ad could not tell which is called.
        return sources.GroupBy(Key).Where(g => g.All(s => s.Function == g.First().Function)).Select(g => g.First()).ToSeq();
    }

    private static (string, string, int, string, string) Key(DerivativeSource source) =>
        (source.Place.Type, source.Place.Member, source.Place.Line, source.Place.Text, source.Model.Registration!.Delegate);

    /// <summary>Do its numbers cross the border of a generated member?</summary>
    private static bool IsBasic(Shape shape) => shape switch
    {
        ScalarShape s => s.Number.IsBasic(),
        ArrayShape a => a.Number.IsBasic(),
        AggregateShape g => g.Fields.All(f => IsBasic(f.Shape)),
        _ => false,
    };

    private static DerivativeSource? Source(IMethodSymbol method, int number, DerivativeCall call, Compilation compilation, CancellationToken cancel)
    {
        if (Place(call) is not var (type, member, line, text)) return null;
        var captured = call.Captured(compilation, cancel);
        if (captured.Select(c => c.Symbol.Name).Distinct().Count() < captured.Count) return null;
        var variables = call.Function.Parameters.Select(p => ((ISymbol)p, p.Type)).Concat(captured).ToList();
        if (variables.Any(v => !compilation.IsSymbolAccessibleWithin(v.Item2, compilation.Assembly))) return null;

        var shapes = variables.Select((v, k) => (Name: $"x{k + 1}", Shape: Shapes.Of(v.Item2, out _))).ToList();
        if (shapes.Any(s => s.Shape is null || !IsBasic(s.Shape))) return null;
        var leaves = new Leaves(shapes.Select(s => (s.Name, s.Shape!))).All;
        int next = 0;
        var parameters = new List<ParameterModel>();
        var accesses = new List<Access>();
        for (int k = 0; k < variables.Count; k++)
        {
            var variable = variables[k].Item2;
            var value = Leaves.Describe(variable, shapes[k].Shape!, () => leaves[next++].Name);
            if (value is TupleValue && k == 0) return null;
            foreach (var (leaf, path) in k == 0 ? [(value, [])] : Parts(value, []))
            {
                parameters.Add(new ParameterModel(leaf is ArrayValue a && k > 0 ? a.Leaf : shapes[k].Name, leaf, false, NoGrad: k > 0, null));
                accesses.Add(new Access(k, Leaves.NameOf(variable), path));
            }
        }
        try
        {
            FunctionIr Lower(bool parts) => new MethodLowering(compilation, cancel, parts).Lower(call.Function, call.Body, variables, leaves);
            FunctionIr function;
            try
            {
                function = Lower(parts: false);
            }
            catch (MethodLowering.NeedsParts)
            {
                function = Lower(parts: true);
            }
            function = function with { Budget = Attributes.Budget(method) };
            int element = 0;
            var result = Leaves.Describe(call.Function.ReturnType, Shapes.Of(call.Function.ReturnType, out _)!, () => $"{element++}");
            var model = new MethodModel(CompiledCore.Namespace, [new TypeModel("internal static class", $"{NameOf(method)}_{number}")], "internal", "Function", "",
                parameters.ToSeq(), result, false, Reduction.None, Differentiable: true)
            {
                IsCalledByAd = true,
                // Of one number, the gradient serves both modes.
                Forward = result is not ArrayValue { Rank: 0, Scalar: Scalar.F32 or Scalar.F64 },
                Registration = new Registration(Leaves.NameOf(call.Call.Arguments.First(a => a.Parameter!.Name == "f").Parameter!.Type), accesses.ToSeq()),
            };
            return new DerivativeSource(model, function, new CallPlace(type, member, line, text, captured.Select(c => c.Symbol.Name).ToSeq()));
        }
        catch (Rejection)
        {
            // In place it was compiled; on its own it is not (an array that it returns as it got it, say): Ad says so when it is called.
            return null;
        }
    }

    private static IEnumerable<(ValueModel Leaf, Seq<string> Path)> Parts(ValueModel value, Seq<string> path) => value switch
    {
        TreeValue t => t.Fields.SelectMany(f => Parts(f.Value, path.Add(f.Property))),
        TupleValue t => t.Elements.SelectMany(f => Parts(f.Value, path.Add(f.Property))),
        _ => [(value, path)],
    };

    /// <summary>The method's name in the names of types and files.</summary>
    public static string NameOf(IMethodSymbol method) =>
        new([.. (method.GetDocumentationCommentId() ?? method.ToDisplayString()).Skip(2).Select(c => char.IsLetterOrDigit(c) ? c : '_')]);

    /// <summary>What the compiler fills in for the call.</summary>
    private static (string Type, string Member, int Line, string Text)? Place(DerivativeCall call)
    {
        object? Of(string parameter) => call.Call.Arguments.FirstOrDefault(a => a.Parameter!.Name == parameter)?.Value.ConstantValue is { HasValue: true } c ? c.Value : null;
        var around = call.Function.MethodKind == MethodKind.Ordinary ? call.Function.ContainingType
            : call.Call.SemanticModel?.GetEnclosingSymbol(call.Call.Syntax.SpanStart)?.ContainingType;
        return around is not null && Of("function") is string text && Of("member") is string member && Of("line") is int line
            ? (MetadataName(around), member, line, text) : null;
    }

    private static string MetadataName(INamedTypeSymbol type)
    {
        string name = type.MetadataName;
        for (var outer = type.ContainingType; outer is not null; outer = outer.ContainingType) name = outer.MetadataName + "+" + name;
        return type.ContainingNamespace is { IsGlobalNamespace: false } ns ? ns.ToDisplayString() + "." + name : name;
    }
}
