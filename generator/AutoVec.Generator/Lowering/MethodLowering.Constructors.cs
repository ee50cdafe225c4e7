using AutoVec.Compiler.Ir;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>New structs and trees: positional ones, constructors, initializers, <c>with</c>; and the accessors of properties that have code.</summary>
internal sealed partial class MethodLowering
{
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
        else throw Unsupported(op, "only positional records, tuples, and structs are created, by an initializer or a constructor of their own without primary parameters that its members use");
        return Initialize(value, op.Initializer);
    }

    /// <summary>Is it a constructor that can be followed: initializers of fields, then its body, if it has one?</summary>
    private bool Constructs(IMethodSymbol constructor)
    {
        if (!constructor.ContainingType.IsValueType || constructor.DeclaringSyntaxReferences is not [var reference]) return false;
        var syntax = reference.GetSyntax(_cancel);
        if (!_compilation.ContainsSyntaxTree(syntax.SyntaxTree) || constructor.ContainingType.DeclaringSyntaxReferences.Length != 1) return false;
        if (syntax is TypeDeclarationSyntax type) return !IsCaptured(constructor, type);
        if (Sources.BodyOf(constructor, _compilation, _cancel) is null) return false;
        // 'this()' of a struct without such a constructor makes zeros.
        return First(constructor) is not { } first || (first.TargetMethod.IsImplicitlyDeclared ? !Initializers(constructor.ContainingType).Any() : Constructs(first.TargetMethod));
    }

    /// <summary>The call of another constructor that it begins with: <c>this(...)</c>, or null.</summary>
    private IInvocationOperation? First(IMethodSymbol constructor)
    {
        if (constructor.DeclaringSyntaxReferences[0].GetSyntax(_cancel) is not ConstructorDeclarationSyntax { Initializer: not null } syntax) return null;
        var first = (_compilation.ModelOf(syntax.SyntaxTree).GetOperation(syntax, _cancel) as IConstructorBodyOperation)?.Initializer;
        return (first is IExpressionStatementOperation s ? s.Operation : first) as IInvocationOperation;
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
            var value = member.DeclaringSyntaxReferences.Select(r => InitializerOf(r.GetSyntax(_cancel))).FirstOrDefault(v => v is not null);
            if (value is not null && _compilation.ModelOf(value.SyntaxTree).GetOperation(value, _cancel) is ISymbolInitializerOperation initializer) yield return (member, initializer.Value);
        }
    }

    private Val Constructed(IObjectCreationOperation op, IMethodSymbol constructor, AggregateShape shape)
    {
        var arguments = Arguments(op.Arguments);
        int first = _ids;
        var self = (AggregatePlace)NewPlace("self", shape);
        Store(self, Default(shape), op);
        Construct(constructor, arguments, self, op);
        var value = Load(self, op);
        Leave(first, value);
        return value;
    }

    /// <summary>Another constructor first, if it says so, or what its fields are given where they stand; then its own body.</summary>
    private void Construct(IMethodSymbol constructor, List<(IParameterSymbol Parameter, Place? Place, Val? Value)> arguments, AggregatePlace self, IOperation where)
    {
        void Initial()
        {
            foreach (var (member, initial) in Initializers(self.Shape.Type))
                if (self.Shape.IndexOf(member) is >= 0 and var k) Store(self.Fields[k], Value(initial, member.Name), where);
        }
        if (constructor.DeclaringSyntaxReferences[0].GetSyntax(_cancel) is TypeDeclarationSyntax)
        {
            foreach (var (parameter, place, given) in arguments)
            {
                if (place is not null) _places[parameter] = place;
                else Store(Declare(parameter, ShapeOf(parameter.Type, where)), given!, where);
                // A record's parameter is a property too, unless somebody wrote that property.
                if (self.Shape.Fields.FirstOrDefault(f => f.Name == parameter.Name && IsOfParameter(f.Symbol)) is { } field)
                    Store(self.Fields[self.Shape.IndexOf(field.Symbol)], Load(_places[parameter], where), where);
            }
            Initial();
            return;
        }
        var other = First(constructor);
        if (other is null) Initial();
        Enter(constructor, arguments, where, self, before: () =>
        {
            if (other?.TargetMethod is { IsImplicitlyDeclared: false } target) Construct(target, Arguments(other.Arguments), self, other);
        });
    }

    private bool IsOfParameter(ISymbol member) => member.DeclaringSyntaxReferences.Any(r => r.GetSyntax(_cancel) is ParameterSyntax);

    private static bool IsPositional(IMethodSymbol constructor, AggregateShape shape) =>
        Shapes.IsRecord(shape.Type) && constructor.Parameters.Length == shape.Fields.Count
        && constructor.Parameters.All(p => shape.Fields.Any(f => f.Name == p.Name && (f.Symbol.DeclaringSyntaxReferences.IsEmpty || f.Symbol.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is ParameterSyntax))))
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
            if (assignment is not ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member: var member } target } set || value is not AggregateVal whole)
                throw Unsupported(assignment, "only fields and positional properties are set");
            if (target is IPropertyReferenceOperation { Property.SetMethod: { } setter } property && Sources.HasBody(setter))
            {
                var self = NewPlace("self", whole.Shape);
                Store(self, whole, assignment);
                Accessed(setter, property.Arguments.Select(a => Value(a.Value)).Append(Value(set.Value, member.Name)).ToSeq(), assignment, self);
                value = Load(self, assignment);
                Forget(self);
            }
            else if (whole.Shape.IndexOf(member) is >= 0 and var k) value = new AggregateVal(whole.Shape, whole.Fields.With(k, Value(set.Value, member.Name)));
            else throw Unsupported(assignment, "only fields and positional properties are set");
        }
        return value;
    }

    /// <summary>Runs an accessor: its parameters are not those of the indexer, but stand in their order.</summary>
    private Val Accessed(IMethodSymbol accessor, Seq<Val> arguments, IOperation where, Place self) =>
        Enter(accessor, arguments.Select((value, k) => (accessor.Parameters[k], (Place?)null, (Val?)value)).ToList(), where, self);

    private Val Got(SetterTarget target, IOperation where)
    {
        if (Sources.HasBody(target.Property.GetMethod)) return Accessed(target.Property.GetMethod!, target.Index, where, target.Self);
        return target.Self.Shape.IndexOf(target.Property) is >= 0 and var k ? Load(target.Self.Fields[k], where, target.Property.Name) : throw Unsupported(where, "it has no getter");
    }
}
