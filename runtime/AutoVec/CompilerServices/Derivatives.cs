using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AutoVec.CompilerServices;

/// <summary>
/// The derivatives that generated code offers to <see cref="Ad"/> in plain C#. Methods are found by their delegate, the lambdas and local
/// functions of annotated methods by the place of the call; what those capture is read from the delegate's target.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Derivatives
{
    /// <summary>The arguments, then what is captured; gives the value and the gradient by the first argument.</summary>
    public delegate (object Value, object Gradient) Reverse(object?[] arguments);

    /// <summary>The arguments, what is captured, then the tangent of the first argument; gives the value and its tangent.</summary>
    public delegate (object Value, object Tangent) Forward(object?[] arguments);

    private sealed record Entry(string[] Captured, Reverse? Reverse, Forward? Forward);

    /// <summary>Where a call of <see cref="Ad"/> stands: the outermost types of two lambdas on one line differ, or their text does.</summary>
    private readonly record struct Place(string Type, string Member, int Line, string Text, Type Delegate);

    private static readonly ConcurrentDictionary<Delegate, Entry> Methods = [];
    private static readonly ConcurrentDictionary<Place, Entry> Places = [];

    /// <summary>Makes the derivative of a method known.</summary>
    public static void Add(Delegate method, Reverse? reverse, Forward? forward) => Methods[method] = new([], reverse, forward);

    /// <summary>Makes the derivative of a lambda or local function known.</summary>
    /// <param name="type">The full name of the type whose member holds the call.</param>
    /// <param name="member">The member.</param>
    /// <param name="line">The line of the call.</param>
    /// <param name="text">The argument's text.</param>
    /// <param name="function">The delegate's type.</param>
    /// <param name="captured">The variables it captures.</param>
    /// <param name="reverse">Its gradient.</param>
    /// <param name="forward">Its tangent.</param>
    public static void Add(string type, string member, int line, string text, Type function, string[] captured, Reverse? reverse, Forward? forward) =>
        Places[new(type, member, line, text, function)] = new(captured, reverse, forward);

    internal static (TY Value, TX Gradient) ValueAndGrad<TX, TY>(Delegate f, object?[] arguments, string text, string member, int line)
    {
        var entry = Find(f, text, member, line);
        if (entry.Reverse is not { } reverse) throw Missing(f, text, "it has no gradient");
        var (value, gradient) = reverse([.. arguments, .. Captured(entry, f, text)]);
        return ((TY)value, (TX)gradient);
    }

    internal static (TY Value, TY Tangent) Jvp<TX, TY>(Delegate f, object?[] arguments, TX tangent, string text, string member, int line)
    {
        var entry = Find(f, text, member, line);
        object?[] known = [.. arguments, .. Captured(entry, f, text)];
        if (entry.Forward is { } forward)
        {
            var (value, along) = forward([.. known, tangent]);
            return ((TY)value, (TY)along);
        }
        // Of one number, the derivative in a direction is the gradient times the direction.
        if (entry.Reverse is not { } reverse) throw Missing(f, text, "mark it [Differentiable(Forward = true)]");
        var (result, gradient) = reverse(known);
        return ((TY)result, (TY)Convert.ChangeType(Dot(gradient, tangent) ?? throw Missing(f, text, "mark it [Differentiable(Forward = true)]"), typeof(TY), CultureInfo.InvariantCulture));
    }

    private static double? Dot(object gradient, object? tangent) => (gradient, tangent) switch
    {
        (float g, float t) => (double)g * t,
        (double g, double t) => g * t,
        (Array g, Array t) when g.Length == t.Length => g.Cast<object>().Zip(t.Cast<object>(), (a, b) => Dot(a, b) ?? 0).Sum(),
        _ => null,
    };

    private static Entry Find(Delegate f, string text, string member, int line)
    {
        if (Known(f, text, member, line) is { } known) return known;
        // A library's registrations run with its module's first code, and a delegate alone runs none.
        RuntimeHelpers.RunModuleConstructor(f.Method.Module.ModuleHandle);
        return Known(f, text, member, line)
            ?? throw Missing(f, text, "use a method marked [Differentiable], or call Ad from an annotated method, or from one that it calls");
    }

    private static Entry? Known(Delegate f, string text, string member, int line)
    {
        if (Methods.TryGetValue(f, out var method)) return method;
        return Places.TryGetValue(new(TypeOf(f.Method.DeclaringType), member, line, text, f.GetType()), out var place) ? place : null;
    }

    /// <summary>The user's own type: the compiler's, which holds what a lambda captures, is nested in it.</summary>
    private static string TypeOf(Type? type)
    {
        while (type is not null && type.Name.Contains('<', StringComparison.Ordinal)) type = type.DeclaringType;
        return type?.FullName ?? "";
    }

    private static IEnumerable<object?> Captured(Entry entry, Delegate f, string text) =>
        entry.Captured.Select(name => Read(f.Target, name, out object? value) ? value
            : throw Missing(f, text, $"the variable '{name}' that it captures cannot be read; pass it as an argument"));

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A captured variable whose field was trimmed away is an exception that names it.")]
    private static bool Read(object? closure, string name, out object? value)
    {
        value = null;
        if (closure is null) return false;
        const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        if (closure.GetType().GetField(name, Fields) is { } field)
        {
            value = field.GetValue(closure);
            return true;
        }
        foreach (var outer in closure.GetType().GetFields(Fields).Where(o => o.Name.StartsWith("CS$<>", StringComparison.Ordinal)))
            if (Read(outer.GetValue(closure), name, out value)) return true;
        return false;
    }

    private static InvalidOperationException Missing(Delegate f, string text, string instead) =>
        new($"Ad: no derivative of '{(text.Length > 0 ? text : f.Method.Name)}' was generated: {instead}.");
}
