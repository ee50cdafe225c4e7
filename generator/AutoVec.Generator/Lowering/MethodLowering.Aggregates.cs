using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>Tuples, structs and trees, held as their parts; and fields and properties of all kinds.</summary>
internal sealed partial class MethodLowering
{
    private static Val Part(AggregateVal whole, ISymbol? member, IOperation where) =>
        member is not null && whole.Shape.IndexOf(member) is >= 0 and var k ? whole.Fields[k]
            : throw Unsupported(where, "only fields and positional properties are read");

    private Val FieldValue(IFieldReferenceOperation op)
    {
        if (op.Instance is { } instance)
        {
            if (instance is IInstanceReferenceOperation) throw new Rejection(StateRules.FieldRead, op, op.Field.Name);
            ShapeOf(instance.Type, instance);
            return Value(instance) is AggregateVal whole ? Part(whole, op.Field, op) : throw Unsupported(op, "it is not a field of a value");
        }
        return KnownField(op.Field) is { } constant ? new ScalarVal(constant) : throw new Rejection(StateRules.FieldRead, op, op.Field.Name);
    }

    /// <summary>A static readonly field whose initializer is a constant, in a type without a static constructor.</summary>
    private Const? KnownField(IFieldSymbol field)
    {
        if (!field.IsReadOnly || !field.ContainingType.StaticConstructors.All(c => c.IsImplicitlyDeclared)) return null;
        if (Shapes.ScalarOf(field.Type) is not { } scalar || field.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference) return null;
        if (reference.GetSyntax(_cancel) is not VariableDeclaratorSyntax { Initializer.Value: { } value }) return null;
        var model = _compilation.GetSemanticModel(value.SyntaxTree);
        var operation = model.GetOperation(value, _cancel);
        if (operation?.ConstantValue.HasValue != true || operation.Type is null || ConstantOf(operation) is not { } constant) return null;
        return constant.Scalar == scalar ? constant
            : (Const)Cast(constant, scalar, false, operation, null);
    }

    private Val PropertyValue(IPropertyReferenceOperation op, string? hint)
    {
        if (op.Instance is not { } instance) throw new Rejection(StateRules.FieldRead, op, op.Property.Name);
        if (instance is IInstanceReferenceOperation) throw new Rejection(StateRules.FieldRead, op, op.Property.Name);
        switch (ShapeOf(instance.Type, instance))
        {
            case ArrayShape a:
                var array = Memory(Value(instance), instance);
                if (op.Property.IsIndexer) return new ScalarVal(ReadElement(array, Indices(array, op.Arguments.Select(x => x.Value), op), op, hint));
                return new ScalarVal(op.Property.Name switch
                {
                    "Length" => LengthOf(array, op),
                    "Rank" => Const.I32(a.Rank),
                    "IsEmpty" => Emit(AutoVec.Compiler.Ops.OpTable.Eq, hint, LengthOf(array, op), Const.I32(0)),
                    _ => throw Unsupported(op, "use Length or GetLength"),
                });
            case AggregateShape:
                return Value(instance) is AggregateVal whole ? Part(whole, op.Property, op) : throw Unsupported(op, "it is not a part of a value");
            default: throw Unsupported(op, "numbers have no properties here");
        }
    }

    private Val Tuple(ITupleOperation op)
    {
        var shape = (AggregateShape)ShapeOf(op.Type, op);
        return new AggregateVal(shape, op.Elements.Select(e => Value(e)).ToSeq());
    }

    private Val New(IObjectCreationOperation op)
    {
        if (ShapeOf(op.Type, op) is not AggregateShape shape) throw Unsupported(op, "write the value itself");
        Val value;
        if (op.Arguments.Length == 0) value = Default(shape);
        else if (op.Constructor is { } constructor && IsPositional(constructor, shape))
        {
            var parts = new Val[shape.Fields.Count];
            foreach (var a in op.Arguments)
                parts[shape.Fields.Map(f => f.Name).ToList().IndexOf(a.Parameter!.Name)] = Value(a.Value, a.Parameter.Name);
            value = new AggregateVal(shape, parts.ToSeq());
        }
        else throw Unsupported(op, "only positional records, tuples and structs with an initializer are created; a constructor's body is not followed");
        return Initialize(value, op.Initializer);
    }

    private static bool IsPositional(IMethodSymbol constructor, AggregateShape shape) =>
        Shapes.IsRecord(shape.Type) && constructor.Parameters.Length == shape.Fields.Count
        && constructor.Parameters.All(p => shape.Fields.Any(f => f.Name == p.Name))
        && constructor.DeclaringSyntaxReferences.All(r => r.GetSyntax() is RecordDeclarationSyntax)
        || shape.Type.IsTupleType;

    private Val With(IWithOperation op)
    {
        ShapeOf(op.Operand.Type, op.Operand);
        return Initialize(Value(op.Operand), op.Initializer);
    }

    private Val Initialize(Val value, IObjectOrCollectionInitializerOperation? initializer)
    {
        if (initializer is null) return value;
        foreach (var assignment in initializer.Initializers)
        {
            if (assignment is not ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member: var member } } set || value is not AggregateVal whole
                || whole.Shape.IndexOf(member) is not (>= 0 and var k))
                throw Unsupported(assignment, "only fields and positional properties are set");
            value = new AggregateVal(whole.Shape, whole.Fields.With(k, Value(set.Value, member.Name)));
        }
        return value;
    }
}
