using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>Which methods of Math, MathF, float, double, int and long are ops of the table.</summary>
internal static class Functions
{
    private static readonly Dictionary<string, Op> One = new()
    {
        ["Sqrt"] = OpTable.Sqrt, ["Cbrt"] = OpTable.Cbrt, ["Exp"] = OpTable.Exp, ["Exp2"] = OpTable.Exp2, ["ExpM1"] = OpTable.ExpM1,
        ["Log"] = OpTable.Log, ["Log2"] = OpTable.Log2, ["Log10"] = OpTable.Log10, ["LogP1"] = OpTable.Log1P,
        ["Sin"] = OpTable.Sin, ["Cos"] = OpTable.Cos, ["Tan"] = OpTable.Tan, ["Asin"] = OpTable.Asin, ["Acos"] = OpTable.Acos, ["Atan"] = OpTable.Atan,
        ["Sinh"] = OpTable.Sinh, ["Cosh"] = OpTable.Cosh, ["Tanh"] = OpTable.Tanh, ["Asinh"] = OpTable.Asinh, ["Acosh"] = OpTable.Acosh, ["Atanh"] = OpTable.Atanh,
        ["Floor"] = OpTable.Floor, ["Ceiling"] = OpTable.Ceiling, ["Round"] = OpTable.Round, ["Truncate"] = OpTable.Truncate,
        ["IsNaN"] = OpTable.IsNaN, ["IsInfinity"] = OpTable.IsInfinity, ["IsFinite"] = OpTable.IsFinite,
    };

    private static readonly Dictionary<string, Op> Two = new()
    {
        ["Max"] = OpTable.Max, ["Min"] = OpTable.Min, ["Pow"] = OpTable.Pow, ["Atan2"] = OpTable.Atan2, ["CopySign"] = OpTable.CopySign, ["Hypot"] = OpTable.Hypot,
    };

    private static readonly Dictionary<string, string> Instead = new()
    {
        ["ReciprocalEstimate"] = "it differs from machine to machine; write 1 / x",
        ["ReciprocalSqrtEstimate"] = "it differs from machine to machine; write 1 / Sqrt(x)",
        ["MultiplyAddEstimate"] = "it differs from machine to machine; write x * y + z",
        ["MaxNative"] = "it differs from machine to machine; write Max(x, y)",
        ["MinNative"] = "it differs from machine to machine; write Min(x, y)",
        ["ClampNative"] = "it differs from machine to machine; write Clamp(x, low, high)",
    };

    /// <summary>The op that the method is, or null.</summary>
    public static Op? Find(IMethodSymbol method)
    {
        if (!IsMath(method) || method.Parameters.Any(p => !Same(p.Type, method.Parameters[0].Type)) || method.Parameters.IsEmpty) return null;
        if (Numbers.Of(method.Parameters[0].Type) is not { } type) return null;
        bool isInteger = type is Number.I32 or Number.I64;
        switch (method.Name, method.Parameters.Length)
        {
            case ("Abs", 1) when isInteger: return OpTable.IntAbs;
            case ("Abs", 1) when type.IsFloat(): return OpTable.Abs;
            case ("Max" or "Min", 2) when !type.IsUnsigned(): return Two[method.Name];
            case ("FusedMultiplyAdd", 3) when type.IsFloat(): return OpTable.Fma;
        }
        if (!type.IsFloat()) return null;
        return method.Parameters.Length switch
        {
            1 => One.TryGetValue(method.Name, out var op) ? op : null,
            2 => Two.TryGetValue(method.Name, out var op) ? op : null,
            _ => null,
        };
    }

    public static bool IsMath(IMethodSymbol method) =>
        method.IsStatic && method.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true }
        && (method.ContainingType.Name is "Math" or "MathF" || method.ContainingType.SpecialType is
            SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Int32 or SpecialType.System_Int64
            or SpecialType.System_UInt32 or SpecialType.System_UInt64 or SpecialType.System_Byte or SpecialType.System_SByte
            or SpecialType.System_Int16 or SpecialType.System_UInt16);

    /// <summary>What to write instead of a method that is not supported.</summary>
    public static string Advice(IMethodSymbol method)
    {
        string type = method.ContainingType.ToDisplayString();
        if (IsMath(method) && Instead.TryGetValue(method.Name, out string advice)) return advice;
        if (type is "System.Random") return "draw the numbers before the call and pass them in";
        if (type is "System.Console" or "System.Diagnostics.Debug" or "System.Diagnostics.Trace") return "batched code writes nothing; return the value";
        if (type.StartsWith("System.Linq.", StringComparison.Ordinal)) return "write the loop";
        return "write it yourself as a static method, or use Math, MathF and Np";
    }

    private static bool Same(ITypeSymbol a, ITypeSymbol b) => SymbolEqualityComparer.Default.Equals(a, b);
}
