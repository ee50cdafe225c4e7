using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
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
            if (instance is IInstanceReferenceOperation && Here.Self is null) throw NotRead(op, op.Field);
            ShapeOf(instance.Type, instance);
            // Of a variable only the field is read: others may have no value yet.
            if (IsVariable(instance) && TryPlace(op) is { } field) return Load(field, op, op.Field.Name);
            return Value(instance) is AggregateVal whole ? Part(whole, op.Field, op) : throw Unsupported(op, "it is not a field of a value");
        }
        return KnownMember(op.Field, op.Field.Type) ?? throw NotRead(op, op.Field);
    }

    /// <summary>A variable, an element, or a field of one.</summary>
    private bool IsVariable(IOperation op) => op switch
    {
        ILocalReferenceOperation or IParameterReferenceOperation => op.Type is { IsValueType: true },
        IInstanceReferenceOperation => Here.Self is not null,
        IFieldReferenceOperation { Instance: { } outer } => IsVariable(outer),
        _ => IsElement(op),
    };

    /// <summary>
    /// A static readonly number or struct of numbers, or a static property without a setter, in a type without a static constructor, whose initializer is a constant or
    /// built from constants by operators, constructors and Math: nothing that another initializer, or code elsewhere, could have a part in.
    /// </summary>
    private Val? KnownMember(ISymbol member, ITypeSymbol declared)
    {
        if (member is not (IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null }) || !member.ContainingType.StaticConstructors.All(c => c.IsImplicitlyDeclared)) return null;
        if (member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancel) is not { } syntax || InitializerOf(syntax)?.Value is not { } value) return null;
        if (!_compilation.ContainsSyntaxTree(value.SyntaxTree) || _compilation.ModelOf(value.SyntaxTree).GetOperation(value, _cancel) is not { } operation || !IsConstant(operation)) return null;
        if (Numbers.Of(declared) is { } number) return operation.Type is null ? null : new ScalarVal(Cast(AtomOf(operation, member.Name), NumberOf(operation.Type, operation), number, false, operation, member.Name));
        return SymbolEqualityComparer.Default.Equals(operation.Type, declared) && Shapes.Of(declared, out _) is AggregateShape ? Value(operation) : null;
    }

    private static Rejection NotRead(IMemberReferenceOperation op, ISymbol member) => new(StateRules.FieldRead, op, member.Name,
        op.Type is IArrayTypeSymbol { Rank: 1, ElementType: { } element } && op.Instance is null && Numbers.Of(element) is not null
            ? $"write 'static ReadOnlySpan<{element.ToDisplayString()}> {member.Name} => [...];', or pass it as a parameter" : "make it const, or pass it as a parameter");

    private static EqualsValueClauseSyntax? InitializerOf(SyntaxNode member) => member switch
    {
        VariableDeclaratorSyntax v => v.Initializer,
        PropertyDeclarationSyntax p => p.Initializer,
        _ => null,
    };

    private static bool IsConstant(IOperation op) => op.ConstantValue.HasValue || op switch
    {
        IParenthesizedOperation p => IsConstant(p.Operand),
        IConversionOperation c when c.OperatorMethod is null || Numbers.IsHalf(c.OperatorMethod.ContainingType) => IsConstant(c.Operand),
        IUnaryOperation { OperatorMethod: null or { ContainingType.SpecialType: not SpecialType.None } } u => IsConstant(u.Operand),
        IBinaryOperation { OperatorMethod: null or { ContainingType.SpecialType: not SpecialType.None } } b => IsConstant(b.LeftOperand) && IsConstant(b.RightOperand),
        IInvocationOperation i => Functions.IsMath(i.TargetMethod) && i.Arguments.All(a => IsConstant(a.Value)),
        IObjectCreationOperation { Initializer: null, Type.IsValueType: true } n => n.Arguments.All(a => IsConstant(a.Value)),
        ITupleOperation t => t.Elements.All(IsConstant),
        _ => false,
    };

    private Val PropertyValue(IPropertyReferenceOperation op, string? hint)
    {
        if (HalfConstant(op) is { } half) return half;
        bool hasBody = Sources.HasBody(op.Property.GetMethod);
        if (op.Instance is not { } instance)
            return hasBody ? Enter(op.Property.GetMethod!, [], op) : KnownMember(op.Property, op.Property.Type) ?? throw NotRead(op, op.Property);
        if (instance is IInstanceReferenceOperation && Here.Self is null) throw NotRead(op, op.Property);
        if (hasBody && ShapeOf(instance.Type, instance) is AggregateShape && !op.Property.IsVirtual && !op.Property.IsOverride && !op.Property.IsAbstract)
            return Called(instance, op.Property.GetMethod!, self => Accessed(op.Property.GetMethod!, op.Arguments.Select(a => Value(a.Value)).ToSeq(), op, self));
        switch (ShapeOf(instance.Type, instance))
        {
            case ArrayShape or StructsShape:
                var held = Value(instance);
                var array = Elements(held, instance);
                if (op.Property.IsIndexer)
                {
                    var index = Indices(array, op.Arguments.Select(x => x.Value), op);
                    return held is StructsVal structs ? ElementOf(structs, index, op, hint) : new ScalarVal(ReadElement(array, index, op, hint));
                }
                return new ScalarVal(op.Property.Name switch
                {
                    "Length" => LengthOf(array, op),
                    "LongLength" => Emit(OpTable.ToI64, hint, LengthOf(array, op)),
                    "Rank" => Const.I32(ExtentsOf(array, op).Count),
                    "IsEmpty" => Emit(OpTable.Eq, hint, LengthOf(array, op), Const.I32(0)),
                    _ => throw Unsupported(op, "use Length or GetLength"),
                });
            case JaggedShape when op.Property.Name is "Length" or "LongLength" or "Rank": return RowsProperty(op, instance, hint);
            case TreeArrayShape when op.Property.Name == "Length" && Value(instance) is TreeArrayVal trees: return new ScalarVal(trees.Count);
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

    /// <summary>What record structs compare by, and tuples by their <c>==</c>: all parts.</summary>
    /// <param name="asEquals">By Equals, where NaN equals NaN.</param>
    private Atom EqualParts(Val a, Val b, bool asEquals, IOperation where)
    {
        switch (a, b)
        {
            case (ScalarVal x, ScalarVal y) when x.Atom.Type == y.Atom.Type:
                var equal = Emit(OpTable.Eq, "c", x.Atom, y.Atom);
                if (!asEquals || !x.Atom.Type.IsFloat) return equal;
                var nan = Both(OpTable.And, Emit(OpTable.IsNaN, "c", x.Atom), Emit(OpTable.IsNaN, "c", y.Atom));
                return Both(OpTable.Or, equal, nan);
            case (AggregateVal x, AggregateVal y) when x.Fields.Count == y.Fields.Count:
                Atom all = Const.Bool(true);
                for (int k = 0; k < x.Fields.Count; k++) all = Both(OpTable.And, all, EqualParts(x.Fields[k], y.Fields[k], asEquals, where));
                return all;
            default: throw Unsupported(where, "only numbers are compared; arrays and mixed types are not");
        }
    }
}
