using System.Globalization;
using System.Reflection;
using System.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Tests.Kit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.Language;

/// <summary>
/// Every static method of Math, MathF and the number types over numbers: either it is the same function, at special values too and
/// with the same exceptions, or it is rejected.
/// </summary>
public class MathFunctionTests(ITestOutputHelper output)
{
    private static readonly Type[] Types = [typeof(Math), typeof(MathF), typeof(double), typeof(float), typeof(int), typeof(long), typeof(uint), typeof(ulong), typeof(BitConverter)];
    private static readonly Type[] Basic = [typeof(double), typeof(float), typeof(int), typeof(long), typeof(bool)];
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(double)] = "double", [typeof(float)] = "float", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(bool)] = "bool",
        [typeof(uint)] = "uint", [typeof(ulong)] = "ulong", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
    };

    /// <summary>The type that carries a number across the border of the method.</summary>
    private static string Carrier(Type t) => t == typeof(ulong) || t == typeof(long) ? "long" : Basic.Contains(t) ? Keywords[t] : "int";

    private static bool IsNumber(Type t) => Keywords.ContainsKey(t);

    private static readonly List<MethodInfo> Methods = [.. Types.SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Where(m => !m.IsGenericMethod && !m.IsSpecialName && IsNumber(m.ReturnType) && m.GetParameters().Length > 0 && m.GetParameters().All(p => IsNumber(p.ParameterType)))
        .OrderBy(m => m.ToString(), StringComparer.Ordinal))];

    private static string Source()
    {
        var text = new StringBuilder("using AutoVec;\npublic static partial class Subject\n{\n");
        for (int k = 0; k < Methods.Count; k++)
        {
            var m = Methods[k];
            string type = Keywords.TryGetValue(m.DeclaringType!, out string? keyword) ? keyword : $"System.{m.DeclaringType!.Name}";
            var parameters = m.GetParameters();
            text.Append(CultureInfo.InvariantCulture, $"    [Vectorize] public static {Carrier(m.ReturnType)} M{k}({string.Join(", ", parameters.Select(p => $"{Carrier(p.ParameterType)} x{p.Position}"))}) => ");
            string call = $"{type}.{m.Name}({string.Join(", ", parameters.Select(p => $"{Cast(p.ParameterType)}x{p.Position}"))})";
            text.Append(CultureInfo.InvariantCulture, $"{(Basic.Contains(m.ReturnType) ? "" : $"({Carrier(m.ReturnType)})")}{call};\n");
        }
        return text.Append("}\n").ToString();
    }

    private static string Cast(Type t) => Basic.Contains(t) ? "" : $"({Keywords[t]})";

    [Fact]
    public void Each_is_right_or_rejected()
    {
        var lowered = Lowered.From(Source());
        Assert.Empty(lowered.Compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        var tree = lowered.Compilation.SyntaxTrees[0];
        var bodies = tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().ToDictionary(m => m.Identifier.Text);
        var (wrong, rejected) = (new List<string>(), new List<string>());
        int right = 0;
        for (int k = 0; k < Methods.Count; k++)
        {
            string name = $"M{k}";
            if (!lowered.Knows(name))
            {
                var error = lowered.Diagnostics.FirstOrDefault(d => bodies[name].Span.Contains(d.Location.SourceSpan.Start));
                if (error?.Id is not ("AV0120" or "AV0101")) wrong.Add($"{Methods[k].DeclaringType!.Name}.{Methods[k]}: {error}");
                rejected.Add($"{Methods[k].DeclaringType!.Name}.{Methods[k].Name}");
                continue;
            }
            try
            {
                foreach (object[] args in Arguments(lowered.Plain(name))) Agreement.Check(lowered, name, args);
                right++;
            }
            catch (Exception e)
            {
                wrong.Add($"{Methods[k].DeclaringType!.Name}.{Methods[k]}: {e.Message.Split('\n')[0]}  {e.Message.Split('\n')[^1]}");
            }
        }
        output.WriteLine($"{right} right, {rejected.Count} rejected: {string.Join(", ", rejected.Distinct())}");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.True(right > 200);
    }

    /// <summary>Special values against each other, then random ones.</summary>
    private static IEnumerable<object[]> Arguments(MethodInfo method)
    {
        var types = method.GetParameters().Select(p => p.ParameterType).ToArray();
        var random = new Random(5);
        if (types.Length == 1) return Special(types[0]).Select(x => new[] { x }).Concat(Random(types, random));
        if (types.Length == 2) return Special(types[0]).SelectMany(x => Special(types[1]).Select(y => new[] { x, y })).Concat(Random(types, random));
        return Enumerable.Range(0, 400).Select(_ => types.Select(t => Special(t) is var all ? all[random.Next(all.Length)] : 0).ToArray()).Concat(Random(types, random));
    }

    private static IEnumerable<object[]> Random(Type[] types, Random random) =>
        Enumerable.Range(0, 40).Select(_ => types.Select(t => Number(t, random.NextDouble() * 8 - 4)).ToArray());

    private static object Number(Type t, double x) =>
        t == typeof(double) ? x : t == typeof(float) ? (float)x : t == typeof(int) ? (int)(x * 5) : t == typeof(long) ? (long)(x * 5) : (object)(x > 0);

    private static object[] Special(Type t) =>
        t == typeof(double) ? [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 10.0, 1e300, -1e-300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 4503599627370497.5]
        : t == typeof(float) ? [0f, -0f, 1f, -1f, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 10f, 1e30f, -1e-30f, float.NaN, float.PositiveInfinity, float.NegativeInfinity]
        : t == typeof(int) ? [0, 1, -1, 2, 7, 31, 33, int.MaxValue, int.MinValue]
        : t == typeof(long) ? [0L, 1L, -1L, 2L, 7L, 63L, long.MaxValue, long.MinValue, 1L << 40]
        : [true, false];
}
