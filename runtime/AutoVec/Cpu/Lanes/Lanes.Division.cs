using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutoVec.Cpu;

/// <summary>
/// Integer division, as C# has it. Processors have none over lanes; that of doubles is exact here, since a quotient of 32-bit integers is an
/// integer or at least 2⁻³¹ away from one, and doubles are finer than that.
/// </summary>
public static unsafe partial class Lanes
{
    /// <summary>x / y, towards zero.</summary>
    /// <exception cref="DivideByZeroException">y is 0 in an active lane.</exception>
    /// <exception cref="OverflowException">x is <see cref="int.MinValue"/> and y is −1 in an active lane.</exception>
    public static Vector512<int> Quotient(Vector512<int> x, Vector512<int> y, Vector512<int> active)
    {
        y = Vector512.ConditionalSelect(active, y, Vector512<int>.One);
        if (Vector512.EqualsAny(y, Vector512<int>.Zero)) throw new DivideByZeroException();
        if ((active & Vector512.Equals(x, Vector512.Create(int.MinValue)) & Vector512.Equals(y, Vector512<int>.AllBitsSet)) != Vector512<int>.Zero) throw new OverflowException();
        return Vector512.Create(ToI32(ToF64(x.GetLower()) / ToF64(y.GetLower())), ToI32(ToF64(x.GetUpper()) / ToF64(y.GetUpper())));
    }

    /// <summary>x − y · (x / y), with the sign of x.</summary>
    /// <inheritdoc cref="Quotient(Vector512{int}, Vector512{int}, Vector512{int})"/>
    public static Vector512<int> Remainder(Vector512<int> x, Vector512<int> y, Vector512<int> active) => x - (Vector512.ConditionalSelect(active, y, Vector512<int>.One) * Quotient(x, y, active));

    /// <summary>x / y, towards zero.</summary>
    /// <exception cref="DivideByZeroException">y is 0 in an active lane.</exception>
    /// <exception cref="OverflowException">x is <see cref="int.MinValue"/> and y is −1 in an active lane.</exception>
    public static Vector256<int> Quotient(Vector256<int> x, Vector256<int> y, Vector256<int> active)
    {
        y = Vector256.ConditionalSelect(active, y, Vector256<int>.One);
        if (Vector256.EqualsAny(y, Vector256<int>.Zero)) throw new DivideByZeroException();
        if ((active & Vector256.Equals(x, Vector256.Create(int.MinValue)) & Vector256.Equals(y, Vector256<int>.AllBitsSet)) != Vector256<int>.Zero) throw new OverflowException();
        return ToI32(ToF64(x) / ToF64(y));
    }

    /// <summary>x − y · (x / y), with the sign of x.</summary>
    /// <inheritdoc cref="Quotient(Vector256{int}, Vector256{int}, Vector256{int})"/>
    public static Vector256<int> Remainder(Vector256<int> x, Vector256<int> y, Vector256<int> active) => x - (Vector256.ConditionalSelect(active, y, Vector256<int>.One) * Quotient(x, y, active));

    /// <summary>x / y, towards zero.</summary>
    /// <exception cref="DivideByZeroException">y is 0 in an active lane.</exception>
    /// <exception cref="OverflowException">x is <see cref="int.MinValue"/> and y is −1 in an active lane.</exception>
    public static Vector128<int> Quotient(Vector128<int> x, Vector128<int> y, Vector128<int> active)
    {
        y = Vector128.ConditionalSelect(active, y, Vector128<int>.One);
        if (Vector128.EqualsAny(y, Vector128<int>.Zero)) throw new DivideByZeroException();
        if ((active & Vector128.Equals(x, Vector128.Create(int.MinValue)) & Vector128.Equals(y, Vector128<int>.AllBitsSet)) != Vector128<int>.Zero) throw new OverflowException();
        return ToI32(ToF64(x) / ToF64(y));
    }

    /// <summary>x − y · (x / y), with the sign of x.</summary>
    /// <inheritdoc cref="Quotient(Vector128{int}, Vector128{int}, Vector128{int})"/>
    public static Vector128<int> Remainder(Vector128<int> x, Vector128<int> y, Vector128<int> active) => x - (Vector128.ConditionalSelect(active, y, Vector128<int>.One) * Quotient(x, y, active));

    /// <summary>x / y, towards zero.</summary>
    /// <exception cref="DivideByZeroException">y is 0 in an active lane.</exception>
    /// <exception cref="OverflowException">x is <see cref="int.MinValue"/> and y is −1 in an active lane.</exception>
    public static Vector64<int> Quotient(Vector64<int> x, Vector64<int> y, Vector64<int> active)
    {
        y = Vector64.ConditionalSelect(active, y, Vector64<int>.One);
        if (Vector64.EqualsAny(y, Vector64<int>.Zero)) throw new DivideByZeroException();
        if ((active & Vector64.Equals(x, Vector64.Create(int.MinValue)) & Vector64.Equals(y, Vector64<int>.AllBitsSet)) != Vector64<int>.Zero) throw new OverflowException();
        return ToI32(ToF64(x) / ToF64(y));
    }

    /// <summary>x − y · (x / y), with the sign of x.</summary>
    /// <inheritdoc cref="Quotient(Vector64{int}, Vector64{int}, Vector64{int})"/>
    public static Vector64<int> Remainder(Vector64<int> x, Vector64<int> y, Vector64<int> active) => x - (Vector64.ConditionalSelect(active, y, Vector64<int>.One) * Quotient(x, y, active));
}
