using System.Runtime.CompilerServices;
using AutoVec.CompilerServices;

namespace AutoVec;

public static partial class Ad
{
    /// <summary>The derivative of a function with one float result with respect to its first argument (JAX's <c>grad</c>), of that argument's type.</summary>
    /// <param name="f">A static method, a local function or a lambda. To differentiate with respect to another argument, reorder them: <c>Ad.Grad((y, x) => F(x, y), y0, x0)</c>.</param>
    /// <param name="x1">Where. A number, an array, or a [Tree] record.</param>
    /// <param name="function">Filled in by the compiler, as is <paramref name="member"/>.</param>
    /// <param name="member">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    /// <exception cref="InvalidOperationException">Outside annotated methods, the function is neither <see cref="DifferentiableAttribute">differentiable</see> nor known from one.</exception>
    [OverloadResolutionPriority(1)]
    public static float Grad(Func<float, float> f, float x1,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<float, float>(f, [x1], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static double Grad(Func<double, double> f, double x1,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<double, double>(f, [x1], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    public static TX Grad<TX, TY>(Func<TX, TY> f, TX x1,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<TX, TY>(f, [x1], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static float Grad<T2>(Func<float, T2, float> f, float x1, T2 x2,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<float, float>(f, [x1, x2], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static double Grad<T2>(Func<double, T2, double> f, double x1, T2 x2,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<double, double>(f, [x1, x2], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    public static TX Grad<TX, T2, TY>(Func<TX, T2, TY> f, TX x1, T2 x2,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<TX, TY>(f, [x1, x2], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static float Grad<T2, T3>(Func<float, T2, T3, float> f, float x1, T2 x2, T3 x3,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<float, float>(f, [x1, x2, x3], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static double Grad<T2, T3>(Func<double, T2, T3, double> f, double x1, T2 x2, T3 x3,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<double, double>(f, [x1, x2, x3], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    public static TX Grad<TX, T2, T3, TY>(Func<TX, T2, T3, TY> f, TX x1, T2 x2, T3 x3,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<TX, TY>(f, [x1, x2, x3], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static float Grad<T2, T3, T4>(Func<float, T2, T3, T4, float> f, float x1, T2 x2, T3 x3, T4 x4,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<float, float>(f, [x1, x2, x3, x4], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static double Grad<T2, T3, T4>(Func<double, T2, T3, T4, double> f, double x1, T2 x2, T3 x3, T4 x4,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<double, double>(f, [x1, x2, x3, x4], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    public static TX Grad<TX, T2, T3, T4, TY>(Func<TX, T2, T3, T4, TY> f, TX x1, T2 x2, T3 x3, T4 x4,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<TX, TY>(f, [x1, x2, x3, x4], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static float Grad<T2, T3, T4, T5>(Func<float, T2, T3, T4, T5, float> f, float x1, T2 x2, T3 x3, T4 x4, T5 x5,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<float, float>(f, [x1, x2, x3, x4, x5], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static double Grad<T2, T3, T4, T5>(Func<double, T2, T3, T4, T5, double> f, double x1, T2 x2, T3 x3, T4 x4, T5 x5,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<double, double>(f, [x1, x2, x3, x4, x5], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    public static TX Grad<TX, T2, T3, T4, T5, TY>(Func<TX, T2, T3, T4, T5, TY> f, TX x1, T2 x2, T3 x3, T4 x4, T5 x5,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<TX, TY>(f, [x1, x2, x3, x4, x5], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static float Grad<T2, T3, T4, T5, T6>(Func<float, T2, T3, T4, T5, T6, float> f, float x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<float, float>(f, [x1, x2, x3, x4, x5, x6], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static double Grad<T2, T3, T4, T5, T6>(Func<double, T2, T3, T4, T5, T6, double> f, double x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<double, double>(f, [x1, x2, x3, x4, x5, x6], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    public static TX Grad<TX, T2, T3, T4, T5, T6, TY>(Func<TX, T2, T3, T4, T5, T6, TY> f, TX x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<TX, TY>(f, [x1, x2, x3, x4, x5, x6], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static float Grad<T2, T3, T4, T5, T6, T7>(Func<float, T2, T3, T4, T5, T6, T7, float> f, float x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<float, float>(f, [x1, x2, x3, x4, x5, x6, x7], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static double Grad<T2, T3, T4, T5, T6, T7>(Func<double, T2, T3, T4, T5, T6, T7, double> f, double x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<double, double>(f, [x1, x2, x3, x4, x5, x6, x7], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    public static TX Grad<TX, T2, T3, T4, T5, T6, T7, TY>(Func<TX, T2, T3, T4, T5, T6, T7, TY> f, TX x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<TX, TY>(f, [x1, x2, x3, x4, x5, x6, x7], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static float Grad<T2, T3, T4, T5, T6, T7, T8>(Func<float, T2, T3, T4, T5, T6, T7, T8, float> f, float x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7, T8 x8,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<float, float>(f, [x1, x2, x3, x4, x5, x6, x7, x8], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    [OverloadResolutionPriority(1)]
    public static double Grad<T2, T3, T4, T5, T6, T7, T8>(Func<double, T2, T3, T4, T5, T6, T7, T8, double> f, double x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7, T8 x8,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<double, double>(f, [x1, x2, x3, x4, x5, x6, x7, x8], function, member, line).Gradient;

    /// <inheritdoc cref="Grad(Func{float, float}, float, string, string, int)"/>
    public static TX Grad<TX, T2, T3, T4, T5, T6, T7, T8, TY>(Func<TX, T2, T3, T4, T5, T6, T7, T8, TY> f, TX x1, T2 x2, T3 x3, T4 x4, T5 x5, T6 x6, T7 x7, T8 x8,
        [CallerArgumentExpression(nameof(f))] string function = "", [CallerMemberName] string member = "", [CallerLineNumber] int line = 0) =>
        Derivatives.ValueAndGrad<TX, TY>(f, [x1, x2, x3, x4, x5, x6, x7, x8], function, member, line).Gradient;
}
