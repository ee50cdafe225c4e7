using System.Runtime.CompilerServices;
using AutoVec.CompilerServices;

namespace AutoVec;

public static partial class Ad
{
    /// <summary>
    /// The value of a function, and its derivative in a direction of its first argument (JAX's <c>jvp</c>). In a direction of several arguments:
    /// <c>Ad.Jvp(t => F(x + t * xDot, y + t * yDot), 0f, 1f)</c>.
    /// </summary>
    /// <param name="f">A static method, a local function or a lambda. Its result is a number, an array, a tuple or a [Tree] record of these; what is no float has tangent 0.</param>
    /// <param name="x1">Where. A number, an array, or a [Tree] record.</param>
    /// <param name="tangent">The direction: comes last, and has the first argument's type and lengths.</param>
    /// <param name="function">Filled in by the compiler.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<TY>(Func<float, TY> f, float x1, float tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<float, TY>(f, [x1], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<TY>(Func<double, TY> f, double x1, double tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<double, TY>(f, [x1], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    public static (TY Value, TY Tangent) Jvp<TX, TY>(Func<TX, TY> f, TX x1, TX tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<TX, TY>(f, [x1], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, TY>(Func<float, T2, TY> f, float x1, T2 x2, float tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<float, TY>(f, [x1, x2], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, TY>(Func<double, T2, TY> f, double x1, T2 x2, double tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<double, TY>(f, [x1, x2], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    public static (TY Value, TY Tangent) Jvp<TX, T2, TY>(Func<TX, T2, TY> f, TX x1, T2 x2, TX tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<TX, TY>(f, [x1, x2], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, TY>(Func<float, T2, T3, TY> f, float x1, T2 x2, T3 x3, float tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<float, TY>(f, [x1, x2, x3], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, TY>(Func<double, T2, T3, TY> f, double x1, T2 x2, T3 x3, double tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<double, TY>(f, [x1, x2, x3], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    public static (TY Value, TY Tangent) Jvp<TX, T2, T3, TY>(Func<TX, T2, T3, TY> f, TX x1, T2 x2, T3 x3, TX tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<TX, TY>(f, [x1, x2, x3], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, T4, TY>(Func<float, T2, T3, T4, TY> f, float x1, T2 x2, T3 x3, T4 x4, float tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<float, TY>(f, [x1, x2, x3, x4], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, T4, TY>(Func<double, T2, T3, T4, TY> f, double x1, T2 x2, T3 x3, T4 x4, double tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<double, TY>(f, [x1, x2, x3, x4], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    public static (TY Value, TY Tangent) Jvp<TX, T2, T3, T4, TY>(Func<TX, T2, T3, T4, TY> f, TX x1, T2 x2, T3 x3, T4 x4, TX tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<TX, TY>(f, [x1, x2, x3, x4], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, T4, T5, TY>(Func<float, T2, T3, T4, T5, TY> f, float x1, T2 x2, T3 x3, T4 x4, T5 x5, float tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<float, TY>(f, [x1, x2, x3, x4, x5], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, T4, T5, TY>(Func<double, T2, T3, T4, T5, TY> f, double x1, T2 x2, T3 x3, T4 x4, T5 x5, double tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<double, TY>(f, [x1, x2, x3, x4, x5], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    public static (TY Value, TY Tangent) Jvp<TX, T2, T3, T4, T5, TY>(Func<TX, T2, T3, T4, T5, TY> f, TX x1, T2 x2, T3 x3, T4 x4, T5 x5, TX tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<TX, TY>(f, [x1, x2, x3, x4, x5], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, T4, T5, T6, TY>(Func<float, T2, T3, T4, T5, T6, TY> f, float x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, float tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<float, TY>(f, [x1, x2, x3, x4, x5, x6], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, T4, T5, T6, TY>(Func<double, T2, T3, T4, T5, T6, TY> f, double x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, double tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<double, TY>(f, [x1, x2, x3, x4, x5, x6], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    public static (TY Value, TY Tangent) Jvp<TX, T2, T3, T4, T5, T6, TY>(Func<TX, T2, T3, T4, T5, T6, TY> f, TX x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, TX tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<TX, TY>(f, [x1, x2, x3, x4, x5, x6], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, T4, T5, T6, T7, TY>(Func<float, T2, T3, T4, T5, T6, T7, TY> f, float x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7, float tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<float, TY>(f, [x1, x2, x3, x4, x5, x6, x7], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, T4, T5, T6, T7, TY>(Func<double, T2, T3, T4, T5, T6, T7, TY> f, double x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7, double tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<double, TY>(f, [x1, x2, x3, x4, x5, x6, x7], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    public static (TY Value, TY Tangent) Jvp<TX, T2, T3, T4, T5, T6, T7, TY>(Func<TX, T2, T3, T4, T5, T6, T7, TY> f, TX x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7, TX tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<TX, TY>(f, [x1, x2, x3, x4, x5, x6, x7], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, T4, T5, T6, T7, T8, TY>(Func<float, T2, T3, T4, T5, T6, T7, T8, TY> f, float x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7, T8 x8, float tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<float, TY>(f, [x1, x2, x3, x4, x5, x6, x7, x8], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static (TY Value, TY Tangent) Jvp<T2, T3, T4, T5, T6, T7, T8, TY>(Func<double, T2, T3, T4, T5, T6, T7, T8, TY> f, double x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7, T8 x8, double tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<double, TY>(f, [x1, x2, x3, x4, x5, x6, x7, x8], tangent, function, member, line);

    /// <inheritdoc cref="Jvp{TY}(Func{float, TY}, float, float, string, string, int)"/>
    public static (TY Value, TY Tangent) Jvp<TX, T2, T3, T4, T5, T6, T7, T8, TY>(Func<TX, T2, T3, T4, T5, T6, T7, T8, TY> f, TX x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7, T8 x8, TX tangent,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.Jvp<TX, TY>(f, [x1, x2, x3, x4, x5, x6, x7, x8], tangent, function, member, line);
}
