using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Functions that are passed to functions: a lambda, a local function, a static method. Which one a variable means is known where it is called, for it means
/// one only, so the call is lowered in place as any other.
/// <code>
/// static float Twice(Func&lt;float, float&gt; f, float x) => f(f(x));
/// Twice(t => t * t + 1, x)        ⇒       a = x * x, b = a + 1, c = b * b, d = c + 1
/// </code>
/// A lambda reads the variables around it as they are when it is called, and writes none of them: what a loop changes is found before it is lowered.
/// </summary>
internal sealed partial class MethodLowering
{
    private FunctionVal Function(IDelegateCreationOperation op)
    {
        switch (op.Target)
        {
            case IAnonymousFunctionOperation lambda: return new FunctionVal(lambda.Symbol, Reading(lambda.Symbol, lambda.Body, op));
            case IMethodReferenceOperation { Method: var method } when method.IsStatic || method.MethodKind == MethodKind.LocalFunction:
                return new FunctionVal(method, Sources.BodyOf(method, _compilation, _cancel) is { } body ? Reading(method, body, op) : null);
            default: throw new Rejection(LanguageRules.Lambda, op, "A method of an object");
        }
    }

    /// <summary>The body of a function that writes nothing but its own variables.</summary>
    private static IBlockOperation Reading(IMethodSymbol function, IBlockOperation body, IOperation where)
    {
        var scan = Scan.Of(body);
        return scan.Assigned.FirstOrDefault(v => !scan.Declared.Contains(v) && !SymbolEqualityComparer.Default.Equals(v.ContainingSymbol, function)) is { } outside
            ? throw new Rejection(LanguageRules.Lambda, where, $"A function that writes '{outside.Name}', which is declared around it,") : body;
    }

    private Val Called(FunctionVal function, IInvocationOperation op, string? hint)
    {
        var method = function.Method;
        if (op.TargetMethod.Parameters.Any(p => p.RefKind != RefKind.None)) throw Unsupported(op, "functions take their parameters by value here");
        var values = ArgumentsOf(op);
        if (function.Body is { } body && !Attributes.Has(method, Attributes.CustomGrad) && !Attributes.Has(method, Attributes.Checkpoint))
            return Enter(method, body, method.Parameters.Select((p, k) => (p, (Place?)null, (Val?)values[k])).ToList(), op);
        if (Functions.Find(method) is { } known && values.All(v => v is ScalarVal)) return new ScalarVal(Emit(known, hint, [.. values.Map(v => AtomIn(v, op))]));
        string names = string.Join(", ", method.Parameters.Select(p => p.Name));
        throw Unsupported(op, $"pass a lambda that calls it: ({names}) => {method.Name}({names})");
    }
}
