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
            if (instance is IInstanceReferenceOperation && Here.Self is null) throw new Rejection(StateRules.FieldRead, op, op.Field.Name);
            ShapeOf(instance.Type, instance);
            // Of a variable only the field is read: others may have no value yet.
            if (IsVariable(instance) && TryPlace(op) is { } field) return Load(field, op, op.Field.Name);
            return Value(instance) is AggregateVal whole ? Part(whole, op.Field, op) : throw Unsupported(op, "it is not a field of a value");
        }
        return KnownField(op.Field) ?? throw new Rejection(StateRules.FieldRead, op, op.Field.Name);
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
    /// A static readonly number in a type without a static constructor, whose initializer is a constant or built from constants by
    /// operators and Math: nothing that another initializer, or code elsewhere, could have a part in.
    /// </summary>
    private ScalarVal? KnownField(IFieldSymbol field)
    {
        if (!field.IsReadOnly || !field.ContainingType.StaticConstructors.All(c => c.IsImplicitlyDeclared)) return null;
        if (Numbers.Of(field.Type) is not { } number || field.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference) return null;
        if (reference.GetSyntax(_cancel) is not VariableDeclaratorSyntax { Initializer.Value: { } value } || !_compilation.ContainsSyntaxTree(value.SyntaxTree)) return null;
        if (_compilation.ModelOf(value.SyntaxTree).GetOperation(value, _cancel) is not { Type: { } type } operation || !IsConstant(operation)) return null;
        return new ScalarVal(Cast(AtomOf(operation, field.Name), NumberOf(type, operation), number, false, operation, field.Name));
    }

    private static bool IsConstant(IOperation op) => op.ConstantValue.HasValue || op switch
    {
        IParenthesizedOperation p => IsConstant(p.Operand),
        IConversionOperation c when c.OperatorMethod is null || Numbers.IsHalf(c.OperatorMethod.ContainingType) => IsConstant(c.Operand),
        IUnaryOperation { OperatorMethod: null or { ContainingType.SpecialType: not SpecialType.None } } u => IsConstant(u.Operand),
        IBinaryOperation { OperatorMethod: null or { ContainingType.SpecialType: not SpecialType.None } } b => IsConstant(b.LeftOperand) && IsConstant(b.RightOperand),
        IInvocationOperation i => Functions.IsMath(i.TargetMethod) && i.Arguments.All(a => IsConstant(a.Value)),
        _ => false,
    };

    private Val PropertyValue(IPropertyReferenceOperation op, string? hint)
    {
        if (HalfConstant(op) is { } half) return half;
        bool hasBody = Sources.HasBody(op.Property.GetMethod) && !op.Property.IsIndexer;
        if (op.Instance is not { } instance)
            return hasBody ? Enter(op.Property.GetMethod!, [], op) : throw new Rejection(StateRules.FieldRead, op, op.Property.Name);
        if (instance is IInstanceReferenceOperation && Here.Self is null) throw new Rejection(StateRules.FieldRead, op, op.Property.Name);
        if (hasBody && ShapeOf(instance.Type, instance) is AggregateShape && !op.Property.IsVirtual && !op.Property.IsOverride && !op.Property.IsAbstract)
            return Called(instance, self => Enter(op.Property.GetMethod!, [], op, self));
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

    private Val New(IObjectCreationOperation op)
    {
        if (ShapeOf(op.Type, op) is ScalarShape number && op.Arguments.IsEmpty) return Default(number);
        if (ShapeOf(op.Type, op) is not AggregateShape shape) throw Unsupported(op, "write the value itself");
        Val value;
        if (op.Constructor is null or { IsImplicitlyDeclared: true }) value = Default(shape);
        else if (op.Constructor is { } constructor && IsPositional(constructor, shape))
        {
            var parts = new Val[shape.Fields.Count];
            foreach (var a in op.Arguments)
                parts[shape.Fields.Map(f => f.Name).ToList().IndexOf(a.Parameter!.Name)] = Value(a.Value, a.Parameter.Name);
            value = new AggregateVal(shape, parts.ToSeq());
        }
        else if (op.Constructor is { } written && Constructs(written)) value = Constructed(op, written, shape);
        else throw Unsupported(op, "only positional records, tuples, and structs are created, by an initializer or a constructor of their own without 'this(...)', and without primary parameters that its members use");
        return Initialize(value, op.Initializer);
    }

    /// <summary>Is it a constructor that can be followed: initializers of fields, then its body, if it has one?</summary>
    private bool Constructs(IMethodSymbol constructor)
    {
        if (!constructor.ContainingType.IsValueType || constructor.DeclaringSyntaxReferences is not [var reference]) return false;
        var syntax = reference.GetSyntax(_cancel);
        if (!_compilation.ContainsSyntaxTree(syntax.SyntaxTree) || constructor.ContainingType.DeclaringSyntaxReferences.Length != 1) return false;
        return syntax is TypeDeclarationSyntax type ? !IsCaptured(constructor, type) : Sources.BodyOf(constructor, _compilation, _cancel) is not null;
    }

    /// <summary>Do members use the primary parameters? They are fields then, which nobody can name.</summary>
    private bool IsCaptured(IMethodSymbol constructor, TypeDeclarationSyntax type)
    {
        var model = _compilation.ModelOf(type.SyntaxTree);
        return type.Members.SelectMany(m => m.DescendantNodes()).OfType<IdentifierNameSyntax>()
            .Where(n => constructor.Parameters.Any(p => p.Name == n.Identifier.ValueText) && !n.Ancestors().TakeWhile(a => a != type).Any(a => a is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } or PropertyDeclarationSyntax }))
            .Any(n => model.GetSymbolInfo(n, _cancel).Symbol is IParameterSymbol p && SymbolEqualityComparer.Default.Equals(p.ContainingSymbol, constructor));
    }

    /// <summary>What fields and auto-properties are given where they stand, in the order in which they stand.</summary>
    private IEnumerable<(ISymbol Member, IOperation Value)> Initializers(INamedTypeSymbol type)
    {
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic && !f.IsConst))
        {
            var member = field.AssociatedSymbol ?? field;
            var value = member.DeclaringSyntaxReferences.Select(r => r.GetSyntax(_cancel)).Select(s => s switch
            {
                VariableDeclaratorSyntax v => v.Initializer,
                PropertyDeclarationSyntax p => p.Initializer,
                _ => null,
            }).FirstOrDefault(v => v is not null);
            if (value is not null && _compilation.ModelOf(value.SyntaxTree).GetOperation(value, _cancel) is ISymbolInitializerOperation initializer) yield return (member, initializer.Value);
        }
    }

    private Val Constructed(IObjectCreationOperation op, IMethodSymbol constructor, AggregateShape shape)
    {
        var arguments = Arguments(op.Arguments);
        int first = _ids;
        var self = (AggregatePlace)NewPlace("self", shape);
        Store(self, Default(shape), op);
        bool isPrimary = constructor.DeclaringSyntaxReferences[0].GetSyntax(_cancel) is TypeDeclarationSyntax;
        if (isPrimary)
            foreach (var (parameter, place, given) in arguments)
            {
                if (place is not null) _places[parameter] = place;
                else Store(Declare(parameter, ShapeOf(parameter.Type, op)), given!, op);
            }
        foreach (var (member, initial) in Initializers(shape.Type))
            if (shape.IndexOf(member) is >= 0 and var k) Store(self.Fields[k], Value(initial, member.Name), op);
        if (!isPrimary) Enter(constructor, arguments, op, self);
        var value = Load(self, op);
        Leave(first, value);
        return value;
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
