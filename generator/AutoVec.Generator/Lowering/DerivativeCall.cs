using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace AutoVec.Generator.Lowering;

/// <summary>A call of Ad and the function it takes the derivative of.</summary>
internal sealed record DerivativeCall(IInvocationOperation Call, IMethodSymbol Function, IBlockOperation Body)
{
    /// <summary>
    /// The variables that the function reads and does not declare, in order of first appearance; those of local functions that it calls among them.
    /// </summary>
    public IReadOnlyList<(ISymbol Symbol, ITypeSymbol Type)> Captured(Compilation compilation, CancellationToken cancel)
    {
        var inside = new HashSet<ISymbol>(SymbolEqualityComparer.Default) { Function };
        var found = new List<(ISymbol, ITypeSymbol)>();
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        void Visit(IOperation op)
        {
            switch (op)
            {
                case ILocalReferenceOperation l when !l.Local.IsConst: Read(l.Local, l.Local.Type); break;
                case IParameterReferenceOperation p: Read(p.Parameter, p.Parameter.Type); break;
                case IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } called }: Enter(called); break;
                case IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } named }: Enter(named); break;
            }
            foreach (var child in op.ChildOperations) Visit(child);
        }
        void Enter(IMethodSymbol function)
        {
            if (inside.Add(function) && Sources.BodyOf(function, compilation, cancel) is { } body) Visit(body);
        }
        void Read(ISymbol variable, ITypeSymbol type)
        {
            if (seen.Add(variable)) found.Add((variable, type));
        }
        Visit(Body);
        return found.Where(v => !IsInside(v.Item1)).ToList();

        bool IsInside(ISymbol variable)
        {
            for (var s = variable.ContainingSymbol; s is not null; s = s.ContainingSymbol)
                if (inside.Contains(s)) return true;
            return false;
        }
    }
}
