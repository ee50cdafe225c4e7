using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// A switch statement is a chain of ifs in the order of its labels, with the default last; its breaks are jumps to its end, and a
/// <c>goto case</c> is the other section, in its place.
/// </summary>
internal sealed partial class MethodLowering
{
    private void Switch(ISwitchOperation op)
    {
        Declare(op.Locals);
        foreach (var section in op.Cases) Declare(section.Locals);
        var value = Value(op.Value);
        var breaks = NewFlag("done");
        _labels[op.ExitLabel] = breaks;
        foreach (var section in op.Cases)
            foreach (var clause in section.Clauses)
                if (clause.Label is { } label) _sections[label] = section;
        var otherwise = op.Cases.FirstOrDefault(c => c.Clauses.Any(l => l is IDefaultCaseClauseOperation));
        Section(0);
        _flow.Scalars.Remove(breaks);

        void Enter(ISwitchCaseOperation section)
        {
            _entered.Add(section);
            Sequence(section.Body);
            _entered.Remove(section);
        }

        void Section(int k)
        {
            if (k == op.Cases.Length)
            {
                if (otherwise is not null) Enter(otherwise);
                return;
            }
            var section = op.Cases[k];
            bool isLastLabel = section == otherwise && k == op.Cases.Length - 1;
            var clauses = section.Clauses.Where(c => c is not IDefaultCaseClauseOperation).ToList();
            if (clauses.Count == 0 || isLastLabel)
            {
                Section(k + 1);
                return;
            }
            Atom matches = Const.Bool(false);
            foreach (var clause in clauses) matches = OrElse(matches, () => Matches(clause, value), "c");
            Branch(matches, () => Enter(section), () => Section(k + 1));
        }
    }

    // What the labels that a goto case names stand before, and those that are being run.
    private readonly Dictionary<ILabelSymbol, ISwitchCaseOperation> _sections = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISwitchCaseOperation> _entered = [];

    /// <summary>Runs the section in place. One that comes back to itself is a loop in disguise.</summary>
    private void Goto(ISwitchCaseOperation section, IBranchOperation op)
    {
        if (!_entered.Add(section)) throw new Rejection(LanguageRules.Goto, op);
        Sequence(section.Body);
        _entered.Remove(section);
    }

    private Atom Matches(ICaseClauseOperation clause, Val value)
    {
        switch (clause)
        {
            case ISingleValueCaseClauseOperation single:
                var (x, y) = (AtomIn(value, clause), AtomOf(single.Value));
                if (y is Const { Type.IsFloat: true } c && double.IsNaN(c.AsDouble)) return Emit(OpTable.IsNaN, "c", x);
                return Emit(OpTable.Eq, "c", x, y);
            case IPatternCaseClauseOperation p:
                var matches = Matches(p.Pattern, value);
                return p.Guard is null ? matches : AndAlso(matches, () => Condition(p.Guard), "c");
            default: throw new Rejection(LanguageRules.Pattern, clause, "use constants and patterns");
        }
    }
}
