using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Arrays of different lengths under one name, after the paths that assigned them have met: a row of a matrix of one row that is as wide as the longer one,
/// and beside it the length, as of a row of a jagged array.
/// <code>
/// var z = c ? a : b;      most = max a_0 b_0
///                    ⇒    z, n = if c { z1 = build k&lt;1, i&lt;most { i &lt; a_0 ? a[i] : 0 }  yield z1, a_0 } else { .. yield z2, b_0 }
/// z[i]                    z[0, i], i below n
/// </code>
/// Which variables mean a part of something is decided when they are declared, so the method is lowered once more: <see cref="NeedsParts"/>.
/// </summary>
internal sealed partial class MethodLowering
{
    /// <summary>Thrown where arrays of different lengths meet: lower the method again, with variables of array type that may mean a part.</summary>
    public sealed class NeedsParts : Exception;

    private (Content Content, Atom Length)? JoinLengths(Reference reference, Flow then, Var x, Builder thenBlock, Flow other, Var y, Builder elseBlock, Func<string, Atom, Atom, Var> result)
    {
        if (!IsLine(x) || !IsLine(y) || x.Type.Scalar != y.Type.Scalar) return null;
        if (!_hasRows) throw new NeedsParts();
        if (!_spans.TryGetValue(reference, out var place) || !place.IsArray) return null;
        if (Outside(x.Type.Extents[^1]) is not { } left || Outside(y.Type.Extents[^1]) is not { } right) return null;

        var type = new IrType(x.Type.Scalar, [Const.I32(1), Emit(OpTable.Max, "most", left, right)]);
        Atom Row(Builder block, Var array) => array.Type == type ? array : block.Build(type.Extents, (e, at) =>
        {
            var there = e.Nested();
            var value = there.Read(array, array.Type.Rank == 1 ? [at[1]] : [at[0], at[1]]);
            return e.If(e.Compute(OpTable.Lt, at[1], array.Type.Extents[^1]), there.Block(value), e.Nested().Block(Zero(type.Scalar)))[0];
        }, reference.Name);
        Atom LengthIn(Flow flow, Var array) => array.Type.Rank == 1 ? array.Type.Extents[0] : flow.Scalars[place.Length.Slot]!;

        var rows = result(reference.Name, Row(thenBlock, x), Row(elseBlock, y));
        var length = result("n", LengthIn(then, x), LengthIn(other, y));
        _notNegative.Add(length);
        return (new Content(rows), length);
    }

    private static bool IsLine(Var array) => array.Type.Rank == 1 || array.Type is { Rank: 2, Extents: [Const { AsInt: 1 }, _] };

    /// <summary>The variable means the row from here on.</summary>
    private void MeansRow(Reference reference, Atom length)
    {
        var place = _spans[reference];
        _flow.Scalars[place.Row.Slot] = _flow.Scalars[place.Start.Slot] = Const.I32(0);
        _flow.Scalars[place.Length.Slot] = length;
    }

    /// <summary>No less than the length, computed where the paths have not parted yet; null where it cannot be.</summary>
    private Atom? Outside(Atom length)
    {
        if (InScope(length)) return length;
        if (Definition((Var)length) is not Compute c) return null;
        bool isDivision = (c.Op == OpTable.IntDiv || c.Op == OpTable.IntRem) && c.Args[1] is Const { AsLong: not (0 or -1) };
        if (!c.Op.IsTotal && !isDivision && c.Op != OpTable.Length) return null;
        var args = new Atom[c.Args.Count];
        for (int k = 0; k < args.Length; k++)
        {
            if (Outside(c.Args[k]) is not { } arg) return null;
            args[k] = arg;
        }
        // A length that is checked where it is asked for: below 0 it makes no array.
        return c.Op == OpTable.Length ? Emit(OpTable.Max, "most", args[0].Type == IrType.I64 ? Emit(OpTable.ToI32, "n", args[0]) : args[0], Const.I32(0)) : Emit(c.Op, c.Out.Base, args);
    }
}
