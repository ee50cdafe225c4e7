using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Functions of referenced libraries: each library built with AutoVec carries the IR of its public functions in assembly
/// metadata, <c>[assembly: FunctionIr(version, documentation id, text)]</c>. Results are the function's leaves in order, then the
/// extents of array results that only its body knows.
/// </summary>
internal static class Library
{
    /// <summary>Of the text form and of the order of results.</summary>
    public const int Version = 1;

    /// <summary>Null: the method is no AutoVec function.</summary>
    public static FunctionIr? Find(IMethodSymbol method, IOperation where)
    {
        string? key = method.OriginalDefinition.GetDocumentationCommentId();
        foreach (var attribute in method.ContainingAssembly.GetAttributes())
        {
            if (attribute.ConstructorArguments.Length != 3 || attribute.ConstructorArguments[1].Value as string != key
                || attribute.AttributeClass?.ToDisplayString() != Attributes.FunctionIr) continue;
            return Parse(method, attribute.ConstructorArguments[0].Value, attribute.ConstructorArguments[2].Value as string ?? "", where);
        }
        return null;
    }

    private static FunctionIr Parse(IMethodSymbol method, object? version, string text, IOperation where)
    {
        Rejection Bad(string why) => new(CallRules.BadLibrary, where, method.Name, method.ContainingAssembly.Name, why);
        if (!Equals(version, Version)) throw Bad($"its format is {version}, this compiler reads {Version}");
        try
        {
            return Verifier.Check(Parser.Parse(text), $"library {method.ContainingAssembly.Name}");
        }
        catch (FormatException e)
        {
            throw Bad(e.Message);
        }
        catch (VerifierException e)
        {
            throw Bad(e.Message);
        }
    }

    /// <summary>The function as it is exported: with the extents of its results that its body binds.</summary>
    public static FunctionIr Export(FunctionIr function)
    {
        var sizes = new HashSet<Var>(function.Sizes);
        var extents = function.Body.Results.SelectMany(r => r.Type.Extents).OfType<Var>().Distinct().Where(e => !sizes.Contains(e));
        return function with
        {
            Body = function.Body with { Results = [.. function.Body.Results, .. extents] },
            Sources = [],
            Origins = [],
        };
    }
}
