using System.Runtime.CompilerServices;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>Expressions, in C#'s order of evaluation. A hint names the result after the variable it is for.</summary>
internal sealed partial class MethodLowering
{
    private Atom AtomOf(IOperation op, string? hint = null) => AtomIn(Value(op, hint), op);

    private static Atom AtomIn(Val value, IOperation where) =>
        value is ScalarVal s ? s.Atom : throw Unsupported(where, "a number or bool is needed");

    private static ArrayVal Memory(Val value, IOperation where) => value switch
    {
        ArrayVal a => a,
        NoVal => throw new Rejection(LanguageRules.Unassigned, where, Sources.TextOf(where.Syntax), "create the array where it is declared"),
        _ => throw Unsupported(where, "an array is needed"),
    };

    private Val Value(IOperation op, string? hint = null)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _cancel.ThrowIfCancellationRequested();
        var around = _at;
        if (!op.IsImplicit) _at = op;
        var value = ValueOf(op, hint);
        _at = around;
        return value;
    }

    private Val ValueOf(IOperation op, string? hint)
    {
        if (op.ConstantValue.HasValue && op.Type is not null && ConstantOf(op) is { } constant) return new ScalarVal(constant);
        switch (op)
        {
            case ILocalReferenceOperation l: return Load(PlaceOf(l.Local, l), l, l.Local.Name);
            case IParameterReferenceOperation p: return Load(PlaceOf(p.Parameter, p), p, p.Parameter.Name);
            case IParenthesizedOperation p: return Value(p.Operand, hint);
            case IInstanceReferenceOperation when Here.Self is { } self: return Load(self, op);
            case IBinaryOperation b: return Binary(b, hint);
            case ITupleBinaryOperation t: return TupleComparison(t);
            case IUnaryOperation u: return Unary(u, hint);
            case IConversionOperation c: return Conversion(c, hint);
            case IConditionalOperation c: return Conditional(c, hint);
            case ISwitchExpressionOperation s: return SwitchExpression(s, hint);
            case IIsPatternOperation i: return new ScalarVal(Matches(i.Pattern, Value(i.Value)));
            case IArrayElementReferenceOperation e: return Element(e, hint);
            case IImplicitIndexerReferenceOperation i: return ImplicitIndexer(i, hint);
            case IArrayCreationOperation a: return NewArray(a, hint);
            case IInvocationOperation i: return Invocation(i, hint);
            case IFieldReferenceOperation f: return FieldValue(f);
            case IPropertyReferenceOperation p: return PropertyValue(p, hint);
            case ISimpleAssignmentOperation a: return Assignment(a, hint);
            case ICompoundAssignmentOperation a: return Compound(a);
            case IIncrementOrDecrementOperation i: return Increment(i);
            case IDeconstructionAssignmentOperation d: return Deconstruction(d);
            case ITupleOperation t: return Tuple(t);
            case IObjectCreationOperation o: return New(o);
            case IWithOperation w: return With(w);
            case IDefaultValueOperation d: return Default(ShapeOf(d.Type, d));
            case ICollectionExpressionOperation c: return Collection(c, hint);
            case IDelegateCreationOperation d: return Function(d);
            case IAnonymousFunctionOperation: throw new Rejection(LanguageRules.Lambda, op, "A lambda or delegate");
            case ILiteralOperation { ConstantValue: { HasValue: true, Value: null } }: throw Unsupported(op, "there is no null in batched code; an empty array or a flag says as much");
            case IThrowOperation: throw new Rejection(LanguageRules.Exception, op, "A throw expression");
            case IAwaitOperation: throw Unsupported(op, "batched code does not wait; await before the call");
            case IInvalidOperation: throw Invalid(op);
            case { Syntax: StackAllocArrayCreationExpressionSyntax s }: return StackAlloc(s, op, hint);
            case { Syntax: ImplicitStackAllocArrayCreationExpressionSyntax s }: return StackAlloc(s, op, hint);
            default:
                // Its type often says more than its kind: decimal, string, a list.
                if (op.Type is not null and not { SpecialType: SpecialType.System_Void }) ShapeOf(op.Type, op);
                throw Unsupported(op, "write it with arithmetic, conditions, arrays and calls of static methods");
        }
    }

    private static Const? ConstantOf(IOperation op) =>
        Numbers.Of(op.Type) is { } number && Numbers.Constant(op.ConstantValue.Value) is { } constant && constant.Scalar == number.Held() ? constant : null;

    /// <summary>
    /// Code that does not compile before the generator has run. Often a call of a generated member; everything else the compiler
    /// reports itself.
    /// </summary>
    private Rejection Invalid(IOperation op)
    {
        foreach (var call in op.Syntax.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>())
            if (GeneratedFrom(call) is { } method)
                return new Rejection(CallRules.GeneratedMember, call.GetLocation(), call.Expression.ToString(), method.Name);
        return Unsupported(op, "it does not compile as it stands");
    }

    private static readonly string[] Suffixes = ["GradBatch", "ValueAndGradBatch", "VjpBatch", "JvpBatch", "ValueAndGrad", "Batch", "Grad", "Vjp", "Jvp"];

    /// <summary>The annotated method that the called member will be generated from, or null.</summary>
    private ISymbol? GeneratedFrom(InvocationExpressionSyntax call)
    {
        var model = _compilation.ModelOf(call.SyntaxTree);
        if (model.GetSymbolInfo(call, _cancel).Symbol is not null) return null;
        var (name, type) = call.Expression switch
        {
            IdentifierNameSyntax i => (i.Identifier.ValueText, null),
            MemberAccessExpressionSyntax m => (m.Name.Identifier.ValueText, model.GetSymbolInfo(m.Expression, _cancel).Symbol as INamedTypeSymbol),
            _ => ("", null),
        };
        return Suffixes.Where(s => name.Length > s.Length && name.EndsWith(s, StringComparison.Ordinal)).Select(s => name.Substring(0, name.Length - s.Length))
            .SelectMany(n => type?.GetMembers(n) ?? model.LookupSymbols(call.SpanStart, name: n))
            .FirstOrDefault(s => Attributes.Has(s, Attributes.Vectorize) || Attributes.Has(s, Attributes.Differentiable));
    }
}
