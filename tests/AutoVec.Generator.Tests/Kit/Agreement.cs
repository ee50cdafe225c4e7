using System.Reflection;
using System.Runtime.CompilerServices;
using AutoVec.Compiler.Ir;

namespace AutoVec.Generator.Tests.Kit;

/// <summary>The plain method and the interpreted IR, on the same arguments: same values, or the same exception.</summary>
internal static class Agreement
{
    public static void Check(Lowered lowered, string name, object[] args)
    {
        var function = lowered[name];
        var leaves = args.SelectMany(Leaves).Select(Value.From).ToArray();   // before the call: it may not write, but who knows
        object?[]? expected = null;
        Exception? thrown = null;
        try
        {
            expected = [.. Leaves(lowered.Plain(name).Invoke(null, args)!)];
        }
        catch (TargetInvocationException e)
        {
            thrown = e.InnerException;
        }

        if (thrown is not null)
        {
            var got = Record.Exception(() => Interpreter.Run(function, 1_000_000, leaves));
            Assert.True(got?.GetType() == thrown.GetType(), $"{name}({Show(args)}): the plain method throws {thrown.GetType().Name}, the IR {got?.GetType().Name ?? "nothing"}\n{function}");
            return;
        }
        var actual = Interpreter.Run(function, 1_000_000, leaves);
        Assert.Equal(expected!.Length, actual.Length);
        for (int k = 0; k < actual.Length; k++) Same(Value.From(expected[k]!), actual[k], $"{name}({Show(args)}), result {k}\n{function}");
    }

    private static void Same(Value expected, Value actual, string what)
    {
        Assert.True(expected.ElementType == actual.ElementType && expected.Shape == actual.Shape,
            $"{what}\nexpected {expected.ElementType}[{expected.Shape}], got {actual.ElementType}[{actual.Shape}]");
        double tolerance = expected.ElementType == Scalar.F32 ? 2e-6 : expected.ElementType == Scalar.F64 ? 1e-13 : 0;
        for (int i = 0; i < expected.Data.Length; i++)
        {
            double e = expected.Data[i].AsDouble, a = actual.Data[i].AsDouble;
            bool same = e.Equals(a) || e == a || Math.Abs(e - a) <= tolerance * Math.Max(1, Math.Abs(e));
            Assert.True(same, $"{what}\nelement {i}: expected {e:R}, got {a:R}");
        }
    }

    private static IEnumerable<object> Leaves(object value) => value switch
    {
        ITuple t => Enumerable.Range(0, t.Length).SelectMany(k => Leaves(t[k]!)),
        Half h => [(float)h],
        Array a when a.GetType().GetElementType() == typeof(Half) => [Widened(a)],
        Array or float or double or int or long or bool => [value],
        Enum e => [Convert.ChangeType(e, Enum.GetUnderlyingType(e.GetType()), null)],
        _ => value.GetType().GetConstructors().OrderByDescending(c => c.GetParameters().Length).First().GetParameters()
            .SelectMany(p => Leaves(value.GetType().GetProperty(p.Name!)!.GetValue(value)!)),
    };

    /// <summary>The IR holds halves as floats.</summary>
    private static Array Widened(Array halves)
    {
        var wide = Array.CreateInstance(typeof(float), [.. Enumerable.Range(0, halves.Rank).Select(halves.GetLength)]);
        float[] elements = [.. halves.Cast<Half>().Select(h => (float)h)];
        Buffer.BlockCopy(elements, 0, wide, 0, sizeof(float) * elements.Length);
        return wide;
    }

    private static string Show(object[] args) => string.Join(", ", args.Select(a => a is Array x ? $"[{string.Join(" ", x.Cast<object>())}]" : a.ToString()));

    /// <summary>Random arguments by type: arrays of one length per call, ints that may index them.</summary>
    public static object[] Draw(MethodInfo method, Random random) => Draw(method, random, random.Next(1, 6));

    /// <summary>As <see cref="Draw(MethodInfo, Random)"/>, arrays of the given length.</summary>
    public static object[] Draw(MethodInfo method, Random random, int n)
    {
        return [.. method.GetParameters().Select(p => Draw(p.ParameterType, n, random))];
    }

    private static object Draw(Type type, int n, Random random)
    {
        if (type == typeof(float)) return (float)Number(random);
        if (type == typeof(double)) return Number(random);
        if (type == typeof(Half)) return (Half)(random.Next(12) switch { 0 => 70000, 1 => -1e-7, 2 => 5e-6, 3 => 2049, _ => Number(random) });
        if (type == typeof(int)) return random.Next(-1, 7);
        if (type == typeof(long)) return (long)random.Next(-1, 7);
        if (type == typeof(bool)) return random.Next(2) == 0;
        if (type.IsEnum) return Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length))!;
        if (type.IsArray)
        {
            var array = Array.CreateInstance(type.GetElementType()!, Enumerable.Repeat(n, type.GetArrayRank()).ToArray());
            var at = new int[array.Rank];
            for (int k = 0; k < array.Length; k++)
            {
                for (int d = array.Rank - 1, rest = k; d >= 0; rest /= n, d--) at[d] = rest % n;
                object element = type.GetElementType() == typeof(int) ? random.Next(0, n) : Draw(type.GetElementType()!, n, random);
                array.SetValue(element, at);
            }
            return array;
        }
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Draw(p.ParameterType, n, random))]);
    }

    private static double Number(Random random) => random.Next(6) switch
    {
        0 => 0,
        1 => random.Next(-3, 4),
        _ => random.NextDouble() * 6 - 3,
    };
}
