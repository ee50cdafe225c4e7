using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>Patterns. None of them can fail, so <c>and</c> and <c>or</c> compute both sides.</summary>
internal sealed partial class MethodLowering
{
    private Atom Matches(IPatternOperation pattern, Val value)
    {
        switch (pattern)
        {
            case IDiscardPatternOperation: return Const.Bool(true);
            case IConstantPatternOperation c: return EqualsConstant(c, value);
            case IRelationalPatternOperation r: return Arithmetic(r.OperatorKind, NumberOf(r.Value.Type, r), AtomIn(value, r), AtomOf(r.Value), false, r, "c");
            case INegatedPatternOperation n: return Emit(OpTable.Not, "c", Matches(n.Pattern, value));
            case IBinaryPatternOperation b:
                bool and = b.OperatorKind == BinaryOperatorKind.And;
                return Both(and ? OpTable.And : OpTable.Or, Matches(b.LeftPattern, value), Matches(b.RightPattern, value));
            case ITypePatternOperation t when Same(t.InputType, t.MatchedType): return Const.Bool(true);
            case IDeclarationPatternOperation d when d.MatchesNull || Same(d.InputType, d.MatchedType):
                Bind(d.DeclaredSymbol, value, d);
                return Const.Bool(true);
            case IRecursivePatternOperation r when Same(r.InputType, r.MatchedType): return Recursive(r, value);
            default: throw new Rejection(LanguageRules.Pattern, pattern, "use constants, comparisons, 'and', 'or', 'not', tuples and properties");
        }
    }

    /// <summary>A pattern's equality is that of <c>Equals</c>: NaN matches NaN.</summary>
    private Atom EqualsConstant(IConstantPatternOperation pattern, Val value)
    {
        if (pattern.Value.ConstantValue is { HasValue: true, Value: null }) return IsNull(value, pattern);
        var number = AtomIn(value, pattern);
        var constant = AtomOf(pattern.Value);
        if (constant is Const { Scalar: Scalar.Bool } truth) return truth.AsBool ? number : Emit(OpTable.Not, "c", number);
        if (constant is Const { Type.IsFloat: true } c && double.IsNaN(c.AsDouble)) return Emit(OpTable.IsNaN, "c", number);
        return Emit(OpTable.Eq, "c", number, constant);
    }

    /// <summary>An array or a tree is null only where it was never created: arguments of a batch are not.</summary>
    private Atom IsNull(Val value, IOperation where) => value switch
    {
        ArrayVal { Part: { Row: not null, OfSpan: false } part } => IsNoRow(part),
        ArrayVal or JaggedVal or StructsVal => Const.Bool(false),
        AggregateVal { Shape.IsImmutable: true } => Const.Bool(false),
        NoVal => Const.Bool(true),
        _ => throw new Rejection(LanguageRules.Pattern, where, "there is no null in batched code"),
    };

    private Atom Recursive(IRecursivePatternOperation pattern, Val value)
    {
        if (value is not AggregateVal aggregate)
            throw new Rejection(LanguageRules.Pattern, pattern, "only tuples, structs and trees have parts");
        Atom all = Const.Bool(true);
        if (pattern.DeconstructionSubpatterns.Length > 0)
        {
            if (pattern.DeconstructionSubpatterns.Length != aggregate.Fields.Count || IsWritten(pattern.DeconstructSymbol as IMethodSymbol))
                throw new Rejection(LanguageRules.Pattern, pattern, "a 'Deconstruct' method is not called; match properties");
            for (int k = 0; k < pattern.DeconstructionSubpatterns.Length; k++)
                all = Both(OpTable.And, all, Matches(pattern.DeconstructionSubpatterns[k], aggregate.Fields[k]));
        }
        foreach (var sub in pattern.PropertySubpatterns)
            all = Both(OpTable.And, all, Matches(sub.Pattern, MemberIn(aggregate, sub)));
        Bind(pattern.DeclaredSymbol, value, pattern);
        return all;
    }

    private Val MemberIn(AggregateVal whole, IPropertySubpatternOperation sub)
    {
        var member = (sub.Member as IMemberReferenceOperation)?.Member;
        if (member is not IPropertySymbol { GetMethod: { } getter } || !Sources.HasBody(getter)) return Part(whole, member, sub);
        var self = NewPlace("self", whole.Shape);
        Store(self, whole, sub);
        var value = Accessed(getter, [], sub, self);
        Forget(self);
        return value;
    }

    private Atom Both(Op op, Atom left, Atom right)
    {
        bool decides = op == OpTable.Or;
        if (left is Const l) return l.AsBool == decides ? l : right;
        if (right is Const r) return r.AsBool == decides ? r : left;
        return Emit(op, "c", left, right);
    }

    private void Bind(ISymbol? variable, Val value, IOperation where)
    {
        if (variable is not ILocalSymbol local) return;
        if (!_places.TryGetValue(local, out var place)) place = Declare(local, ShapeOf(local.Type, where));
        Store(place, value, where);
    }

    private static bool Same(ITypeSymbol? a, ITypeSymbol? b) => SymbolEqualityComparer.Default.Equals(a, b);
}
