using System.Runtime.CompilerServices;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>Statements, one by one.</summary>
internal sealed partial class MethodLowering
{
    private void Statement(IOperation op)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _cancel.ThrowIfCancellationRequested();
        switch (op)
        {
            case IBlockOperation b:
                if (Sources.UnsafeAround(b) is { } around) throw new Rejection(LanguageRules.Unsafe, around.GetLocation());
                Declare(b.Locals);
                Sequence(b.Operations);
                break;
            case IExpressionStatementOperation e: Value(e.Operation); break;
            case IVariableDeclarationGroupOperation g:
                foreach (var d in g.Declarations.SelectMany(d => d.Declarators)) Declarator(d);
                break;
            case IConditionalOperation c:
                Branch(Condition(c.Condition), () => Statement(c.WhenTrue), () => { if (c.WhenFalse is not null) Statement(c.WhenFalse); });
                break;
            case IForLoopOperation f: For(f); break;
            case IWhileLoopOperation w: WhileStatement(w); break;
            case IForEachLoopOperation f: ForEach(f); break;
            case ISwitchOperation s: Switch(s); break;
            case IReturnOperation r: Return(r); break;
            case IBranchOperation b: Jump(b); break;
            case IEmptyOperation or ILocalFunctionOperation: break;
            case ILabeledOperation { Operation: { } labeled }: Statement(labeled); break;   // the goto that uses it is what is refused
            case IThrowOperation: throw new Rejection(LanguageRules.Exception, op, "'throw' cannot be compiled here");
            case ITryOperation: throw new Rejection(LanguageRules.Exception, op, "'try' cannot be compiled here");
            case IUsingOperation or IUsingDeclarationOperation: throw Refused(op, "'using'", "there is nothing to dispose of");
            case ILockOperation: throw Refused(op, "'lock'", "samples of a batch share no state");
            default: throw Refused(op, Quote(op), "write it with assignments, conditions and loops");
        }
    }

    private static Rejection Refused(IOperation op, string what, string instead) => new(LanguageRules.Statement, op, what, instead);

    private void Declarator(IVariableDeclaratorOperation d)
    {
        var local = d.Symbol;
        if (local.IsConst) return;
        var shape = ShapeOf(local.Type, d);
        if (local.IsRef)
        {
            _places[local] = (d.Initializer ?? (d.Parent as IVariableDeclarationOperation)?.Initializer)?.Value is { } referred ? Referred(referred)
                : throw Unsupported(d, "a reference refers to a variable");
            return;
        }
        if (d.Syntax.Parent?.Parent is not ForStatementSyntax) Source(local, d.Syntax);
        var initializer = d.Initializer ?? (d.Parent as IVariableDeclarationOperation)?.Initializer;
        if (initializer?.Value is null)
        {
            Declare(local, shape);
            return;
        }
        var value = initializer.Value is IArrayInitializerOperation elements && shape is ArrayShape or StructsShape
            ? Initialized(elements, shape, BaseOf(local))
            : initializer.Value is IArrayInitializerOperation lines && shape is JaggedShape jagged ? RowsFrom(jagged, lines.ElementValues, BaseOf(local), d)
            : Value(initializer.Value, BaseOf(local));
        Store(Declare(local, shape), value, d);
    }

    private Val Initialized(IArrayInitializerOperation elements, Shape shape, string name)
    {
        var extents = new List<Atom>();
        for (IOperation? level = elements; level is IArrayInitializerOperation a; level = a.ElementValues.FirstOrDefault())
            extents.Add(Const.I32(a.ElementValues.Length));
        for (int rank = shape is StructsShape s ? s.Rank : ((ArrayShape)shape).Rank; extents.Count < rank;) extents.Add(Const.I32(0));
        var array = Zeros(shape, extents.ToSeq(), name);
        Fill(array, elements, []);
        return array;
    }

    private void Return(IReturnOperation op)
    {
        if (op.Kind != OperationKind.Return) throw Refused(op, "'yield'", "return an array");
        if (op.ReturnedValue is not null && Here.Result is { } place) Store(place, Value(op.ReturnedValue, "result"), op);
        else if (op.ReturnedValue is not null) Value(op.ReturnedValue);   // a void method with an expression body
        _flow.Scalars[Here.Returned] = Const.Bool(true);
    }
}
