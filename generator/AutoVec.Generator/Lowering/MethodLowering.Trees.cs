using AutoVec.Compiler.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// Arrays of trees. <c>p.Layers[l]</c> is a window of each flat leaf: <c>W = p_Layers_W[start:rows*columns]</c>, whose extents and start are read from
/// the arrays beside it, so that every trip of a loop over layers has extents of its own.
/// </summary>
internal sealed partial class MethodLowering
{
    private Val ElementOf(TreeArrayVal trees, Atom index, string name)
    {
        // All numbers first, so that every window may have the extents of any other.
        int next = 0;
        var numbers = new List<Seq<Atom>>();
        foreach (var f in trees.Shape.Element.Fields)
        {
            int count = f.Shape is ArrayShape a ? a.Rank + 1 : 0;
            numbers.Add(Enumerable.Range(1, count).Select(k => (Atom)_b.Read(trees.Leaves[next + k], [index], k == count ? "start" : $"{f.Name}_{k - 1}")).ToSeq());
            foreach (var extent in numbers[numbers.Count - 1].OfType<Var>()) _notNegative.Add(extent);
            next += count + 1;
        }
        next = 0;
        var parts = new List<Val>();
        for (int k = 0; k < trees.Shape.Element.Fields.Count; k++)
        {
            var (field, flat) = (trees.Shape.Element.Fields[k], trees.Leaves[next]);
            next += numbers[k].Count + 1;
            if (field.Shape is ScalarShape)
            {
                parts.Add(new ScalarVal(_b.Read(flat, [index], field.Name)));
                continue;
            }
            var cell = NewCell($"{name}_{field.Name}", readOnly: trees.Parameter);
            var extents = numbers[k].Take(numbers[k].Count - 1).ToSeq();
            _flow.Arrays[cell] = new(_b.Read(flat, [new Window(numbers[k][extents.Count], extents)], $"{name}_{field.Name}"));
            parts.Add(new ArrayVal(cell));
        }
        return new AggregateVal(trees.Shape.Element, parts.ToSeq());
    }

    private void ForEachTree(IForEachLoopOperation op, TreeArrayVal trees, ILocalSymbol element)
    {
        var scan = Scan.Of(op.Body);
        if (scan.Labels.Contains(op.ExitLabel) || scan.Returns) throw Unsupported(op.Collection, "a loop over trees runs to its end; test a flag instead of leaving it");
        CountedLoop(op, scan, trees.Count, "i", index =>
            Store(Declare(element, ShapeOf(element.Type, op.LoopControlVariable)), ElementOf(trees, index, BaseOf(element)), op));
    }
}
