using AutoVec.Compiler.Ir;
using AutoVec.Generator.Contract;
using AutoVec.Generator.Diagnostics;
using AutoVec.Generator.Lowering;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Pipeline;

/// <summary>The step that sees symbols: contract, description, IR; nothing it returns holds one.</summary>
internal static class Lower
{
    public static LoweredMethod Method(IMethodSymbol method, Compilation compilation, CancellationToken cancel) => Method(method, compilation, parts: false, cancel);

    private static LoweredMethod Method(IMethodSymbol method, Compilation compilation, bool parts, CancellationToken cancel)
    {
        var lowering = new MethodLowering(compilation, cancel, parts);
        try
        {
            return Checked(method, lowering, compilation, cancel);
        }
        catch (MethodLowering.NeedsParts) when (!parts)
        {
            return Method(method, compilation, parts: true, cancel);
        }
        // An expression without a type: C# says why it has none.
        catch (Rejection r) when (r.Rule == LanguageRules.Type && r.Args[0] is ("?" or "?[]" or "var") && lowering.HasErrors(method))
        {
            return new LoweredMethod(null, null, []);
        }
        catch (Rejection r)
        {
            return Rejected(DiagnosticInfo.Of(r.Rule, r.Where, r.Args));
        }
        catch (InsufficientExecutionStackException)
        {
            return Rejected(DiagnosticInfo.Of(CompilerRules.Unsupported, method.Locations[0], TooDeep(method.Name)));
        }
        // What a body with errors means is undefined, and C# has said so.
        catch (Exception e) when (e is not OperationCanceledException && lowering.HasErrors(method))
        {
            return new LoweredMethod(null, null, []);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Rejected(DiagnosticInfo.Of(CompilerRules.Internal, method.Locations[0], method.Name, OneLine(e)));
        }
    }

    private static LoweredMethod Checked(IMethodSymbol method, MethodLowering lowering, Compilation compilation, CancellationToken cancel)
    {
        // A parameter list with errors; the members would repeat them.
        if (method.Parameters.Select(p => p.Name).Append("").Distinct().Count() <= method.Parameters.Length) return new LoweredMethod(null, null, []);

        var purpose = Purpose.Of(method);
        var found = MethodContract.Check(method, purpose);
        if (found.Count == 0) found.AddRange(Collisions.Check(method, purpose));
        if (found.Count > 0) return new LoweredMethod(null, null, found.ToSeq());

        var leaves = new Leaves(method.Parameters.Select(p => (p.Name, Shapes.Of(p.Type, out _)!))).All;
        var function = lowering.Lower(method, leaves);
        var source = purpose.Generates
            ? new MethodSource(Description.Of(method, purpose, leaves), function, Position.Of(method.Locations[0]),
                lowering.Lines.OrderBy(l => l.Key).Select(l => new LinePosition(l.Key, Position.Of(l.Value))).ToSeq()) : null;
        var derivatives = DerivativeCalls.Of(method, lowering.DerivativeCalls, compilation, cancel);
        var lost = purpose.Differentiable ? lowering.Lost(function).Select(l => DiagnosticInfo.Of(DerivativeRules.Lost, l.Where, l.What, l.Text)) : [];
        return new LoweredMethod(source, Export(method, purpose, function), lost.ToSeq())
        {
            Derivatives = derivatives.IsEmpty ? null : new DerivativeSources(DerivativeCalls.NameOf(method), derivatives),
        };
    }

    private static ExportedFunction? Export(IMethodSymbol method, Purpose purpose, FunctionIr function)
    {
        for (ISymbol? s = method; s is IMethodSymbol or INamedTypeSymbol; s = s.ContainingType)
            if (s.DeclaredAccessibility != Accessibility.Public) return null;
        bool returnsParameter = function.Body.Results.Any(r => r is Var v && v.Type.IsArray && function.Params.Contains(v));
        if (returnsParameter && !purpose.Composable) return null;
        string key = method.GetDocumentationCommentId() ?? method.ToDisplayString();
        return new ExportedFunction($"{Safe(key.Substring(2))}.ir.g.cs", key, Printer.Print(Library.Export(function)));
    }

    private static string Safe(string text) => new([.. text.Select(c => char.IsLetterOrDigit(c) || c is '.' or '_' ? c : '-')]);

    public static LoweredTree Tree(INamedTypeSymbol type)
    {
        try
        {
            var found = TreeContract.Check(type);
            return new LoweredTree(found.Count > 0 ? null : TreeContract.Describe(type), found.ToSeq());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new LoweredTree(null, [DiagnosticInfo.Of(CompilerRules.Internal, type.Locations[0], type.Name, OneLine(e))]);
        }
    }

    private static LoweredMethod Rejected(DiagnosticInfo diagnostic) => new(null, null, [diagnostic]);

    public static string TooDeep(string name) => $"'{name}' nests too deeply; split its expressions, or write inner parts as statements of their own";

    public static string OneLine(Exception e) =>
        $"{e.GetType().Name}: {string.Join(" ", e.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(l => l.Trim()))}";
}
