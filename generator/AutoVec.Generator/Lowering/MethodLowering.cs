using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Lowering;

/// <summary>
/// One C# method → one <see cref="FunctionIr"/>. Takes Roslyn's operations, in which conversions and constants are explicit;
/// gives structured SSA: mutable variables become results of branches and state of loops, arrays are values.
/// <code>
/// float s = 0;                                   s = loop (s0: f32 = 0.0f) for i&lt;x_0 {
/// for (int i = 0; i &lt; x.Length; i++) s += x[i];    v = x[i]
///                                                  s1 = s0 + v   yield s1 }
/// </code>
/// Calls of methods with source are lowered in place, which gives callee and caller one view of every array.
/// Each file of this class is one part of the language.
/// </summary>
internal sealed partial class MethodLowering
{
    private readonly Compilation _compilation;
    private readonly CancellationToken _cancel;
    private readonly Names _names = new();
    private readonly Dictionary<ISymbol, Place> _places = new(SymbolEqualityComparer.Default);
    private readonly List<SourceLine> _sources = [];
    private readonly Dictionary<int, Location> _lines = [];

    // The methods whose bodies were read.
    private readonly HashSet<ISymbol> _bodies = new(SymbolEqualityComparer.Default);

    // Blocks being filled, outermost first, and names bound around them: what is in scope.
    private readonly List<Builder> _open = [];
    private readonly HashSet<Var> _bound = [];

    // Facts about integers: at least 0, and equal to another name plus a constant (modulo 2^32, hence always true).
    private readonly HashSet<Var> _notNegative = [];
    private readonly Dictionary<Var, (Var Base, int Offset)> _linear = [];

    // What proves that an index is in range: the statements that compute integers, the trips that a counter counts.
    private readonly Dictionary<Var, Stmt> _computed = [];
    private readonly Dictionary<Var, Atom> _trips = [];

    // The expression that is being lowered, and what was computed for which.
    private IOperation? _at;
    private readonly List<(Var Name, IOperation Where, IMethodSymbol Method)> _origins = [];

    private Builder _b;
    private Flow _flow = new();
    private int _ids;
    private int _firstLine;

    /// <param name="parts">May a variable of array type mean a part of an array? See <see cref="NeedsParts"/>.</param>
    public MethodLowering(Compilation compilation, CancellationToken cancel, bool parts = false) : this(compilation, cancel, new Rules(), parts) { }

    private MethodLowering(Compilation compilation, CancellationToken cancel, Rules rules, bool parts)
    {
        _hasRows = parts;
        _rules = rules;
        _compilation = compilation;
        _cancel = cancel;
        _b = new Builder(_names);
        _open.Add(_b);
    }

    /// <summary>Where the lines of the method that <see cref="FunctionIr.Sources"/> mentions begin.</summary>
    public IReadOnlyDictionary<int, Location> Lines => _lines;

    /// <summary>Has C#'s compiler errors in what was lowered so far? (That takes a while: to be asked after a failure.)</summary>
    public bool HasErrors(IMethodSymbol root) => _bodies.Append(root).SelectMany(m => m.DeclaringSyntaxReferences).Any(r =>
        _compilation.ContainsSyntaxTree(r.SyntaxTree)
        && _compilation.ModelOf(r.SyntaxTree).GetDiagnostics(r.Span, _cancel).Any(d => d.Severity == DiagnosticSeverity.Error));

    // ---- emitting

    /// <summary>Appends a scalar op; folds what is constant, and keeps names equal where the numbers are (n - 1 + 1).</summary>
    private Atom Emit(Op op, string? hint, params Atom[] args)
    {
        if (op.IsTotal && args.All(a => a is Const)) return op.Evaluate(args.Select(a => (Const)a).ToSeq());
        bool sum = (op == OpTable.Add || op == OpTable.Sub) && args[0].Type == IrType.I32;
        return sum ? Sum(op, hint, args) : Computed(op, hint, args);
    }

    private Var Computed(Op op, string? hint, params Atom[] args)
    {
        var result = Append(op, args, hint);
        Bounded(result, op, args);
        return result;
    }

    private Atom Sum(Op op, string? hint, Atom[] args)
    {
        if (op == OpTable.Add && args[0] is Const) args = [args[1], args[0]];
        if (args[0] is not Var v) return Computed(op, hint, args);
        var (root, offset) = LinearOf(v);
        if (args[1] is Var w)
        {
            var (other, less) = LinearOf(w);
            return op == OpTable.Sub && root.Equals(other) ? Const.I32(unchecked(offset - less)) : Computed(op, hint, args);
        }
        int c = ((Const)args[1]).AsInt;
        offset = unchecked(op == OpTable.Add ? offset + c : offset - c);
        if (_lengths.TryGetValue((root, offset), out var length) && InScope(length)) return length;
        if (offset == 0) return root;
        var result = offset > 0 ? Append(OpTable.Add, [root, Const.I32(offset)], hint)
            : offset > int.MinValue ? Append(OpTable.Sub, [root, Const.I32(-offset)], hint)
            : Append(op, args, hint);
        _linear[result] = (root, offset);
        // Lengths and indices are below the greatest int.
        if (offset == 1 && _notNegative.Contains(root)) _notNegative.Add(result);
        return result;
    }

    private Var Append(Op op, Atom[] args, string? hint)
    {
        var result = _b.Compute(op, args, hint ?? "t");
        if (_at is not null && result.Type.IsFloat && _frames.Count > 0) _origins.Add((result, _at, Here.Method));
        _computed[result] = _b.Stmts[_b.Stmts.Count - 1];
        return result;
    }

    /// <summary>Are they one number, known under two names?</summary>
    private bool IsSame(Var a, Var b) => a.Type == IrType.I32 && LinearOf(a) == LinearOf(b);

    private (Var Base, int Offset) LinearOf(Var v) => _linear.TryGetValue(v, out var known) ? known : (v, 0);

    /// <summary>Is the name bound where statements are appended now?</summary>
    private bool InScope(Atom atom) =>
        atom is not Var v || _bound.Contains(v) || _open.Any(b => b.Stmts.Any(s => s.Outs.Contains(v)));

    private bool InScope(IrType type) => type.Extents.All(InScope);

    /// <summary>Runs <paramref name="body"/> in a nested block that starts from the given flow.</summary>
    private (Builder Block, Flow End) Nested(Flow start, Action body)
    {
        var (outer, flow) = (_b, _flow);
        _b = outer.Nested();
        _flow = start;
        _open.Add(_b);
        try
        {
            body();
            return (_b, _flow);
        }
        finally
        {
            _open.RemoveAt(_open.Count - 1);
            _b = outer;
            _flow = flow;
        }
    }

    // ---- shapes, rejections, sources

    private static Const Zero(Scalar scalar) => Const.Of(scalar, 0);

    private Shape ShapeOf(ITypeSymbol? type, IOperation where)
    {
        if (type is null) throw new Rejection(LanguageRules.Expression, where, Quote(where), "it has no type");
        if (Shapes.Of(type, out string reason) is { } shape) return shape;
        if (type.TypeKind == TypeKind.Delegate) throw new Rejection(LanguageRules.Lambda, where, $"A delegate ('{type.ToDisplayString()}')");
        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer) throw new Rejection(LanguageRules.Unsafe, where);
        if (type.TypeKind == TypeKind.Error) reason = "it is not defined before code is generated";
        throw new Rejection(LanguageRules.Type, where, type.ToDisplayString(), reason);
    }

    private static string Quote(IOperation op) => $"'{Sources.TextOf(op.Syntax)}'";

    private static Rejection Unsupported(IOperation op, string instead) => new(LanguageRules.Expression, op, Quote(op), instead);

    /// <summary>Remembers where a name of the IR comes from.</summary>
    private void Source(ISymbol variable, SyntaxNode syntax)
    {
        int line = syntax.GetLocation().GetLineSpan().StartLinePosition.Line - _firstLine;
        if (_frames.Count > 1) return;
        _sources.Add(new SourceLine(BaseOf(variable), line, Sources.TextOf(syntax)));
        if (!_lines.ContainsKey(line)) _lines[line] = syntax.GetLocation();
    }
}
