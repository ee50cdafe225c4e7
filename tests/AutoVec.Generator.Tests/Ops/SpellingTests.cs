using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Generator.Tests.Ops;

/// <summary>Every spelling of every op compiles, and means what <see cref="Op.Evaluate"/> says.</summary>
public unsafe class SpellingTests
{
    private const int Count = 16;

    public static TheoryData<string> Names => [.. OpTable.All.Select(op => op.Name)];

    [Theory, MemberData(nameof(Names))]
    public void MeansWhatTheTableSays(string name)
    {
        var random = new Random(3);
        var op = OpTable.ByName(name)!;
        foreach (var spelling in Spellings.All.Where(s => s.Op == op))
            for (int round = 0; round < 8; round++) Check(spelling, random);
    }

    [Fact]
    public void WhatHasLanesIsKnown()
    {
        Assert.Equal(["bits64", "finite", "i64", "iabs", "length", "narrow", "ofbits64", "slice", "uniform"], OpTable.All.Where(op => op.Simd is null && op.SimdInt is null && op.SimdBool is null).Select(op => op.Name));
        Assert.All(OpTable.All, op => Assert.Null(op.SimdFor(IrType.I64)));
    }

    private static void Check(Spelling spelling, Random random)
    {
        byte* memory = stackalloc byte[4 * 128];
        var values = new Const[spelling.Types.Count][];
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = new Const[Count];
            for (int i = 0; i < Count; i++)
            {
                values[k][i] = Draw(spelling, k, random);
                Store(values[k][i], memory + 128 * k, i);
            }
        }
        byte* result = memory + 3 * 128;
        Spellings.Run(spelling, [memory, memory + 128, memory + 256], result);
        for (int i = 0; i < spelling.Lanes; i++)
        {
            var args = values.Select(v => v[i]).ToSeq();
            var expected = spelling.Op.Evaluate(args);
            var actual = Load(spelling.Result.Scalar, result, i);
            Assert.True(Near(expected, actual, spelling), $"{spelling}({args}) is {actual}, expected {expected}");
        }
    }

    private static Const Draw(Spelling spelling, int k, Random random)
    {
        var type = spelling.Types[k];
        var op = spelling.Op;
        // A slice inside what it is cut from.
        if (op == OpTable.Slice) return Const.I32(k == 2 ? random.Next(20, 40) : random.Next(0, 10));
        // What throws: division by zero, and checks of negative or unordered operands; the domains of the tests are the table's.
        bool divisor = !op.IsTotal && k == 1;
        if (op.Fault is not null && type.IsInteger) return Const.Of(type.Scalar, op == OpTable.Uniform ? 20 - k : random.Next(0, 20) + (20 * k));
        if (op == OpTable.Number || op == OpTable.Upper || op == OpTable.Finite) return Const.Of(type.Scalar, op.Domain[k].Low + random.NextDouble() * (op.Domain[k].High - op.Domain[k].Low));
        if (type == IrType.Bool) return Const.Bool(random.Next(2) == 0);
        if (type.IsInteger)
        {
            long n = random.Next(4) == 0 && op.IsTotal ? (random.Next(2) == 0 ? int.MaxValue : int.MinValue) : random.Next(-40, 40);
            return Const.Of(type.Scalar, divisor && n == 0 ? 1 : n);
        }
        double[] special = [0.0, -0.0, 1, -1, 0.5, -2.5, 1.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 3e9, -3e9, 1e20];
        var (low, high) = k < op.Domain.Count ? op.Domain[k] : (-10, 10);
        bool free = op.Ulp == 0 && op != OpTable.Fma;
        return Const.Of(type.Scalar, free && random.Next(2) == 0 ? special[random.Next(special.Length)] : low + random.NextDouble() * (high - low));
    }

    private static void Store(Const c, byte* p, int i)
    {
        switch (c.Scalar)
        {
            case Scalar.F32: ((float*)p)[i] = (float)c.AsDouble; break;
            case Scalar.F64: ((double*)p)[i] = c.AsDouble; break;
            case Scalar.I32: ((int*)p)[i] = c.AsInt; break;
            case Scalar.I64: ((long*)p)[i] = c.AsLong; break;
            default: ((bool*)p)[i] = c.AsBool; break;
        }
    }

    private static Const Load(Scalar scalar, byte* p, int i) => scalar switch
    {
        Scalar.F32 => Const.F32(((float*)p)[i]),
        Scalar.F64 => Const.F64(((double*)p)[i]),
        Scalar.I32 => Const.I32(((int*)p)[i]),
        Scalar.I64 => Const.I64(((long*)p)[i]),
        Scalar.F16 => Const.F16((double)((Half*)p)[i]),
        _ => Const.Bool(((bool*)p)[i]),
    };

    private static bool Near(Const expected, Const actual, Spelling spelling)
    {
        if (expected.Equals(actual)) return true;
        if (!expected.Type.IsFloat) return expected.Scalar == Scalar.F16 && double.IsNaN(expected.AsDouble) && double.IsNaN(actual.AsDouble);
        double e = expected.AsDouble, a = actual.AsDouble;
        if (double.IsNaN(e)) return double.IsNaN(a);
        bool single = expected.Scalar == Scalar.F32;
        bool gpu = spelling.Form == "Ilgpu";
        // ILGPU's fma may round twice; the sums here cancel by at most a few digits.
        double ulps = spelling.Op == OpTable.Fma && gpu ? 4096 : spelling.Op.Ulp * (single ? 1 : 2) + (spelling.Op.Ulp == 0 ? 0 : 1) + (gpu && spelling.Op.Ulp > 0 ? 4 : 0);
        double ulp = single ? MathF.BitIncrement(Math.Abs((float)e)) - Math.Abs((float)e) : Math.BitIncrement(Math.Abs(e)) - Math.Abs(e);
        return Math.Abs(e - a) <= ulps * ulp;
    }
}
