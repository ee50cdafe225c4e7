using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// What a piece of code may assign and where it may jump, read off before it is lowered. Local functions it calls are
/// included, as they assign captured variables.
/// </summary>
internal sealed class Scan
{
    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);

    private Scan() { }

    /// <summary>Variables assigned as a whole or in a field, those declared inside included.</summary>
    public HashSet<ISymbol> Assigned { get; } = new(SymbolEqualityComparer.Default);
    public HashSet<ISymbol> Declared { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Targets of break and continue.</summary>
    public HashSet<ILabelSymbol> Labels { get; } = new(SymbolEqualityComparer.Default);
    public bool Returns { get; private set; }

    /// <summary>Is there a write to an element, or a call that could do so?</summary>
    public bool MayWriteArrays { get; private set; }

    /// <summary>Is there an assignment to a row of a jagged array, or a call that could make one?</summary>
    public bool MayAssignRows { get; private set; }

    public bool Changes(ISymbol variable) => Assigned.Contains(variable);

    public static Scan Of(params IEnumerable<IOperation?> operations)
    {
        var scan = new Scan();
        foreach (var op in operations)
            if (op is not null) scan.Visit(op, jumps: true);
        return scan;
    }

    private void Visit(IOperation op, bool jumps)
    {
        if (op is IPropertyReferenceOperation { Property.GetMethod: { } getter } && Sources.HasBody(getter)) Runs(getter);
        if (op is IPropertyReferenceOperation { Property.SetMethod: { } setter } && Sources.HasBody(setter)) Runs(setter);
        switch (op)
        {
            case ILocalFunctionOperation or IAnonymousFunctionOperation: return;
            case IVariableDeclaratorOperation d:
                Declared.Add(d.Symbol);
                Assigned.Add(d.Symbol);
                // Through a reference, what it refers to is assigned.
                if (d.Symbol.RefKind == RefKind.Ref && (d.Initializer ?? (d.Parent as IVariableDeclarationOperation)?.Initializer)?.Value is { } referred) Target(referred);
                else if (d.Symbol.RefKind == RefKind.Ref) MayWriteArrays = true;
                break;
            case ICompoundAssignmentOperation { OperatorMethod: { } method } a:
                Runs(method);
                Target(a.Target);
                break;
            case IAssignmentOperation a: Target(a.Target); break;
            case IIncrementOrDecrementOperation i: Target(i.Target); break;
            case IDeclarationPatternOperation { DeclaredSymbol: { } symbol }:
                Declared.Add(symbol);
                Assigned.Add(symbol);
                break;
            case IRecursivePatternOperation { DeclaredSymbol: { } symbol }:
                Declared.Add(symbol);
                Assigned.Add(symbol);
                break;
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } a: Target(a.Value); break;
            case IInvocationOperation call: Call(call); break;
            case IPropertyReferenceOperation { Instance: { } instance } p when Sources.HasBody(p.Property.GetMethod) && !p.Property.GetMethod!.IsReadOnly: Target(instance); break;
            case IObjectCreationOperation { Constructor: { IsImplicitlyDeclared: false } constructor }: Runs(constructor); break;
            case IBinaryOperation { OperatorMethod: { } method }: Runs(method); break;
            case IUnaryOperation { OperatorMethod: { } method }: Runs(method); break;
            case IConversionOperation { OperatorMethod: { } method }: Runs(method); break;
            case IBranchOperation { BranchKind: BranchKind.GoTo } b when Sources.SectionOf(b) is { } section:
                // As if the section stood here.
                if (_visited.Add(b.Target))
                    foreach (var statement in section.Body) Visit(statement, jumps);
                break;
            case IBranchOperation b when jumps: Labels.Add(b.Target); break;
            case IReturnOperation when jumps: Returns = true; break;
        }
        foreach (var child in op.ChildOperations) Visit(child, jumps);
    }

    /// <summary>Code with source that runs here may write the arrays that it is given, or holds.</summary>
    private void Runs(IMethodSymbol method)
    {
        if (method.DeclaringSyntaxReferences.Length == 0) return;
        MayWriteArrays |= method.Parameters.Any(p => MayHoldArrays(p.Type)) || MayHoldArrays(method.ContainingType);
        MayAssignRows |= method.Parameters.Any(p => MayHoldRows(p.Type)) || MayHoldRows(method.ContainingType);
    }

    private static bool MayHoldArrays(ITypeSymbol type) => Shapes.Of(type, out _) is { } shape && Shapes.HoldsArrays(shape);

    private void Call(IInvocationOperation call)
    {
        MayWriteArrays |= call.TargetMethod.DeclaringSyntaxReferences.Length > 0 || MethodLowering.WritesSpans(call.TargetMethod)
            || call.TargetMethod.Parameters.Any(Shapes.IsOutput);
        MayAssignRows |= call.TargetMethod.Parameters.Any(p => MayHoldRows(p.Type)) || call.Instance is { Type: { } type } && MayHoldRows(type);
        if (call.TargetMethod.MethodKind == MethodKind.DelegateInvoke) MayWriteArrays = MayAssignRows = true;
        if (call.Instance is { Type.IsValueType: true } instance && !call.TargetMethod.IsReadOnly) Target(instance);
        if (call.TargetMethod.MethodKind == MethodKind.LocalFunction && _visited.Add(call.TargetMethod)
            && Sources.BodyOf(call.TargetMethod, call.SemanticModel?.Compilation) is { } body)
            Visit(body, jumps: false);
    }

    private static bool MayHoldRows(ITypeSymbol type) => Shapes.Of(type, out _) is { } shape && Shapes.IsJagged(shape);

    private void Target(IOperation target)
    {
        switch (target)
        {
            case ILocalReferenceOperation l:
                Assigned.Add(l.Local);
                MayWriteArrays |= l.Local.IsRef;
                break;
            case IParameterReferenceOperation p: Assigned.Add(p.Parameter); break;
            case IArrayElementReferenceOperation or IImplicitIndexerReferenceOperation:
                MayWriteArrays = true;
                MayAssignRows |= target.Type is IArrayTypeSymbol;
                break;
            case IFieldReferenceOperation { Instance: { } instance }: Target(instance); break;
            case IPropertyReferenceOperation { Instance: { } instance } p:
                MayWriteArrays |= p.Arguments.Length > 0;
                if (p.Arguments.Length == 0 || Sources.HasBody(p.Property.SetMethod)) Target(instance);
                break;
            case ITupleOperation t:
                foreach (var e in t.Elements) Target(e);
                break;
            case IDeclarationExpressionOperation d:
                Declare(d.Expression);
                Target(d.Expression);
                break;
            case IConversionOperation c: Target(c.Operand); break;
        }
    }

    private void Declare(IOperation declared)
    {
        if (declared is ILocalReferenceOperation l) Declared.Add(l.Local);
        if (declared is ITupleOperation t)
            foreach (var e in t.Elements) Declare(e);
    }
}
