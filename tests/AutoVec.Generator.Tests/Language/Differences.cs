using System.Reflection;

namespace AutoVec.Generator.Tests.Language;

/// <summary>Derivatives of plain methods by differences, and how results are compared.</summary>
internal static class Differences
{
    public static bool HasGradient(MethodInfo m) => m.ReturnType == typeof(double) && m.GetParameters().Any(IsActive)
        && m.GetParameters().All(p => BatchCalls.IsCallable(p.ParameterType) && !p.ParameterType.IsEnum);

    public static bool IsActive(ParameterInfo p) => (p.ParameterType.IsArray ? p.ParameterType.GetElementType() : p.ParameterType) == typeof(double);

    public static object Invoke(MethodInfo method, params object[] args)
    {
        try
        {
            return method.Invoke(null, args)!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    /// <summary>What C# itself throws.</summary>
    public static bool IsOfTheLanguage(Exception e) => e is IndexOutOfRangeException or ArithmeticException or ArgumentException;

    /// <summary>The method's value; null where it throws.</summary>
    public static double? Value(MethodInfo method, object[] args)
    {
        try
        {
            return (double)Invoke(method, args);
        }
        catch (Exception e) when (IsOfTheLanguage(e))
        {
            return null;
        }
    }

    /// <summary>Null where two steps disagree: a kink, a jump, an exception.</summary>
    public static double? Of(MethodInfo method, object[] args, int p, int e)
    {
        double At(double h)
        {
            var moved = (object[])args.Clone();
            if (args[p] is Array array)
            {
                var copy = (Array)array.Clone();
                Buffer.BlockCopy(new[] { Flat(array)[e] + h }, 0, copy, 8 * e, 8);
                moved[p] = copy;
            }
            else moved[p] = (double)args[p] + h;
            return (double)Invoke(method, moved);
        }
        double Slope(double h) => (8 * (At(h) - At(-h)) - (At(2 * h) - At(-2 * h))) / (12 * h);
        try
        {
            double coarse = Slope(2e-4), fine = Slope(0.7e-4), here = At(0);
            // At a kink both steps agree on the mean of two slopes.
            if (!(Math.Abs(At(1e-6) - 2 * here + At(-1e-6)) <= 1e-8 * Math.Max(1, Math.Abs(here)))) return null;
            return Math.Abs(coarse - fine) <= 1e-6 * Math.Max(1, Math.Abs(fine)) ? fine : null;
        }
        catch (Exception x) when (IsOfTheLanguage(x))
        {
            return null;
        }
    }

    public static double[] Flat(object value) => value switch
    {
        Array array => [.. array.Cast<object>().SelectMany(Flat)],
        bool b => [b ? 1 : 0],
        Half h => [(double)h],
        _ => [Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)],
    };

    public static void Close(string what, double[] expected, double[] got)
    {
        if (expected.Length != got.Length) throw new InvalidOperationException($"{what}: {got.Length} numbers, expected {expected.Length}");
        for (int k = 0; k < expected.Length; k++) Close($"{what}, element {k}", expected[k], got[k], (float)expected[k] == expected[k] ? 2e-6 : 1e-9);
    }

    public static void Close(string what, double expected, double got, double tolerance = 1e-5)
    {
        if (!(Math.Abs(expected - got) <= tolerance * Math.Max(1, Math.Abs(expected)) || expected.Equals(got)))
            throw new InvalidOperationException($"{what} is {got:R}, expected {expected:R}");
    }
}
