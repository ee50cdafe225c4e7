using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Differentiate;

namespace AutoVec.Compiler.Transforms.Jvp;

/// <summary>
/// The sweep: appends each statement and, after it or in it, what gives its tangents. The rules are in <c>Rules</c>, one file a
/// construct. A name without a tangent has the tangent zero; no code is written for it.
/// </summary>
internal sealed partial class Forward(Activity activity, Names names)
{
    private readonly Dictionary<Var, Atom> _dots = [];

    /// <summary>Arrays that hold nothing yet.</summary>
    private readonly HashSet<Var> _rooms = [];

    public void Set(Var name, Atom dot) => _dots[name] = dot;

    /// <summary>The tangent; null: zero.</summary>
    public Atom? Dot(Atom atom) => atom is Var v && _dots.TryGetValue(v, out var dot) ? dot : null;

    public Atom DotOrZero(Atom atom, Builder b) => Dot(atom)
        ?? (atom is Var v && _rooms.Contains(v) ? b.Room(atom.Type, DotName(atom)) : b.Zeros(atom.Type, DotName(atom)));

    public void Run(Block block, Builder b)
    {
        foreach (var stmt in block.Stmts) Rule(stmt, b);
    }

    private void Rule(Stmt stmt, Builder b)
    {
        if (!stmt.Outs.Any(activity.IsActive))
        {
            if (stmt is Build { Body: { Stmts.IsEmpty: true, Results: [Const { IsUndefined: true }] } } room) _rooms.Add(room.Results[0]);
            b.Append(stmt);
            return;
        }
        switch (stmt)
        {
            case Compute c: RunCompute(c, b); break;
            case Read r: RunRead(r, b); break;
            case Write w: RunUpdate(w, w.Array, w.Value, b, (dot, v) => b.Write(dot, w.Index, v, DotName(w.Out))); break;
            case Accumulate a: RunAccumulate(a, b); break;
            case Build s: RunBuild(s, b); break;
            case Scatter s: RunScatter(s, b); break;
            case Reduce { Kind: ReduceKind.Sum } r: RunSum(r, b); break;
            case Reduce { Kind: ReduceKind.Product } r: RunProduct(r, b); break;
            case Reduce { Kind: ReduceKind.Max or ReduceKind.Min } r: RunWinner(r, b); break;
            case If i: RunIf(i, b); break;
            case For f: RunFor(f, b); break;
            case While w: RunWhile(w, b); break;
            case Call c:
                throw new UnsupportedDerivativeException($"'{c.Function}' has a derivative rule of its own, [CustomGrad], which is for reverse mode: remove 'Forward = true' (or the call of Ad.Jvp), or call a method without such a rule in its place");
            default: throw new UnsupportedDerivativeException($"{stmt.GetType().Name} has no tangent: {Printer.Print(stmt)}");
        }
    }

    // ---- small things

    private static string DotName(Atom atom) => atom is Var v ? v.Base + "_dot" : "dot";

    private Var FreshDot(Var like) => names.Fresh(DotName(like), like.Type);

    private static Atom Zero(IrType type) => Const.Of(type.Scalar, 0);

    /// <summary>The positions whose atoms have a tangent.</summary>
    private Seq<int> Active(Seq<Atom> atoms) => Enumerable.Range(0, atoms.Count).Where(k => Dot(atoms[k]) is not null).ToSeq();

    private void Set(IEnumerable<Var> names, IEnumerable<Var> dots)
    {
        foreach (var (name, dot) in names.Zip(dots, (n, d) => (n, d))) Set(name, dot);
    }
}
