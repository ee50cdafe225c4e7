using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Simplify;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Variables that are assigned an array of another length on each trip. The loop carries room for the longest, and in each trip, and after the
/// last, the array is a window of it. Its length is that of what the trip before has assigned, hence a number that only the trip decides.
/// <code>
/// var h = x;                                  most = reduce max l&lt;L { n[l] }       h0 = room [max most x_0] with [0:x_0!] = x
/// for (int l = 0; l &lt; n.Length; l++)      ⇒   h' = loop (h1 = h0) for l&lt;L { k = l &gt; 0 ? n[l - 1] : x_0;   h = h1[0:k!]
/// {   var y = new float[n[l]]; ...                  ...   h2 = h1 with [0:n[l]!] = y  yield h2 }
///     h = y; }                                 h = h'[0: L &gt; 0 ? n[L - 1] : x_0 !]
/// </code>
/// That a length differs is known only after the body was lowered: it is lowered again.
/// </summary>
internal sealed partial class MethodLowering
{
    /// <param name="Length">Yields the length that a trip assigns; free in the trip's <paramref name="Index"/>.</param>
    private sealed record Varying(Block Length, Var Index);

    /// <summary>Thrown at the end of a body: variables of these names have another length after a trip than before it.</summary>
    private sealed class VaryingLength(Cell outside, Varying length) : Exception
    {
        public Cell Outside { get; } = outside;
        public Varying Length { get; } = length;
    }

    /// <summary>Lowers the loop, once more for each variable whose length turns out to differ.</summary>
    private void WithVaryingLengths(Action<Dictionary<Cell, Varying>> loop)
    {
        var known = new Dictionary<Cell, Varying>();
        var (saved, statements) = (_flow.Copy(), _b);
        while (true)
        {
            try
            {
                loop(known);
                return;
            }
            catch (VaryingLength found) when (!known.ContainsKey(found.Outside))
            {
                known.Add(found.Outside, found.Length);
                (_flow, _b) = (saved.Copy(), statements);
            }
        }
    }

    /// <summary>The code that gives an array's length from the trip alone; null if it depends on more.</summary>
    private static Varying? LengthOf(Seq<Stmt> body, Atom length, Var index, LoopState state, Flow end)
    {
        var code = DeadCode.Remove(new Block(body, [length]), out _);
        // What the loop does not change in the end has the name that it had before.
        var unchanged = new Substitution(state.Scalars.Where(s => (end.Scalars[s.Slot] ?? s.Param).Equals(s.Param)).Select(s => (s.Param, s.Init)));
        code = Unchecked(unchanged.Apply(code));
        bool scalars = code.Walk().All(s => s is If or Compute { Op.IsTotal: true } || s is Read r && !r.Out.Type.IsArray);
        return scalars && !code.Free().Any(state.Params.Contains) ? new(code, index) : null;
    }

    /// <summary>Without the checks of lengths, which the array's own creation makes.</summary>
    private static Block Unchecked(Block block) => block with
    {
        Stmts = block.Stmts.Map(s => s is Compute c && c.Op == OpTable.Length && c.Args[0].Type == IrType.I32
            ? c with { Op = OpTable.Max, Args = [c.Args[0], Const.I32(0)] } : s.Map(v => v, a => a, Unchecked)),
    };

    /// <summary>Do two attempts agree? They would not if the length hung on that of the array itself.</summary>
    private static bool Same(Varying a, Varying b)
    {
        static string Text(Varying v)
        {
            var numbered = new Substitution { [v.Index] = new Var("trip", IrType.I32) };
            foreach (var (name, k) in v.Length.AllBinders().Select((name, k) => (name, k))) numbered[name] = new Var($"#{k}", name.Type);
            var code = numbered.Apply(v.Length);
            return string.Join("\n", code.Stmts.Map(Printer.Print)) + code.Results;
        }
        return Text(a) == Text(b);
    }

    private Atom LengthAt(Varying length, Atom trip)
    {
        var code = new Substitution { [length.Index] = trip }.Copy(length.Length, _names);
        _b.Append(code.Stmts);
        return code.Results[0];
    }

    /// <summary>The length that the trip before the given one has assigned, or before the first trip that of the array as it was.</summary>
    private Atom LengthBefore(Varying length, Atom trip, Atom first)
    {
        var isLater = Emit(OpTable.Gt, "c", trip, Const.I32(0));
        var before = Emit(OpTable.Sub, "k", trip, Const.I32(1));
        if (isLater is Const known) return known.AsBool ? LengthAt(length, before) : first;
        Atom result = first;
        var (then, _) = Nested(_flow.Copy(), () => result = LengthAt(length, before));
        var n = _names.Fresh("n", IrType.I32);
        _b.Append(new If([n], isLater, then.Block(result), _b.Nested().Block(first)));
        _notNegative.Add(n);
        return n;
    }

    /// <summary>Before the loop: room for the longest, with the array as it is in front.</summary>
    private Var Roomy(Varying length, Var array, Atom trips)
    {
        var trip = _names.Fresh(length.Index.Base, IrType.I32);
        var code = new Substitution { [length.Index] = trip }.Copy(length.Length, _names);
        var most = _b.Reduce(ReduceKind.Max, [new Dim(trip, trips)], code, "most");
        var room = Emit(OpTable.Max, "room", most, array.Type.Extents[0]);
        return _b.Write(_b.Room(new IrType(array.Type.Scalar, [room]), array.Base), [Whole(array.Type.Extents[0])], array, array.Base);
    }

    private Var Front(Var room, Atom length, string name) => _b.Read(room, [Whole(length)], name);

    private static Window Whole(Atom length) => new(Const.I32(0), [length], whole: true);
}
