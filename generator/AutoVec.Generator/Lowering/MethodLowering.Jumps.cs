using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// <c>break</c>, <c>continue</c> and <c>return</c> set flags; what follows a statement that may jump runs only if it did not.
/// Where one branch of an <c>if</c> always jumps, what follows simply moves into the other branch, and no flag is tested:
/// <code>if (x &lt; 0) return 0; rest      r = if c { yield 0 } else { rest }</code>
/// </summary>
internal sealed partial class MethodLowering
{
    // The flag that each label of an enclosing loop or switch is, and the flags that something outside will test.
    private readonly Dictionary<ILabelSymbol, Slot> _labels = new(SymbolEqualityComparer.Default);
    private HashSet<Slot> _needed = [];

    private void Jump(IBranchOperation op)
    {
        if (op.BranchKind == BranchKind.GoTo && _sections.TryGetValue(op.Target, out var section))
        {
            Goto(section, op);
            return;
        }
        if (op.BranchKind == BranchKind.GoTo || !_labels.TryGetValue(op.Target, out var flag)) throw new Rejection(LanguageRules.Goto, op);
        _flow.Scalars[flag] = Const.Bool(true);
    }

    /// <summary>The flags of enclosing constructs that the statement may set.</summary>
    private List<Slot> JumpsOf(IOperation op)
    {
        var scan = Scan.Of(op);
        // Code that is lowered a second time (a callee, the section of a goto case) still has the flags of its own loops, which are gone.
        var flags = scan.Labels.Where(_labels.ContainsKey).Select(l => _labels[l]).Where(_flow.Scalars.ContainsKey).ToList();
        if (scan.Returns) flags.Add(Here.Returned);
        return flags.OrderBy(f => f.Id).ToList();
    }

    private void Sequence(IReadOnlyList<IOperation> ops)
    {
        for (int k = 0; k < ops.Count; k++)
        {
            var op = ops[k];
            if (ExchangeInSteps(ops, k))
            {
                k += 2;
                continue;
            }
            var jumps = JumpsOf(op);
            if (jumps.Count == 0 || k == ops.Count - 1 || !Sources.Completes(op))
            {
                Statement(op);
                if (!Sources.Completes(op)) return;
                continue;
            }
            Follow(op, jumps, ops.Skip(k + 1).ToList());
            return;
        }
    }

    /// <summary>A statement that may jump, and the rest of its block.</summary>
    private void Follow(IOperation op, List<Slot> jumps, List<IOperation> rest)
    {
        switch (op)
        {
            case IBlockOperation b when Sources.UnsafeAround(b) is null:
                Declare(b.Locals);
                Sequence([.. b.Operations, .. rest]);
                return;
            case IConditionalOperation c when !Sources.Completes(c.WhenTrue):
                Branch(Condition(c.Condition), () => Statement(c.WhenTrue), () => Sequence(c.WhenFalse is null ? rest : [c.WhenFalse, .. rest]));
                return;
            case IConditionalOperation { WhenFalse: { } otherwise } c when !Sources.Completes(otherwise):
                Branch(Condition(c.Condition), () => Sequence([c.WhenTrue, .. rest]), () => Statement(otherwise));
                return;
        }
        var added = jumps.Where(_needed.Add).ToList();
        Statement(op);
        _needed.ExceptWith(added);
        Branch(AnyOf(jumps), () => { }, () =>
        {
            foreach (var flag in jumps) _flow.Scalars[flag] = Const.Bool(false);
            Sequence(rest);
        });
    }

    /// <summary>Has one of the jumps been taken?</summary>
    private Atom AnyOf(IEnumerable<Slot> flags)
    {
        Atom any = Const.Bool(false);
        foreach (var flag in flags) any = Both(OpTable.Or, any, _flow.Scalars[flag] ?? throw new InvalidOperationException($"the flag {flag} was dropped"));
        return any;
    }
}
