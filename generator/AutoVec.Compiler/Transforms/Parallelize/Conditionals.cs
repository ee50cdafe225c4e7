using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Simplify;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>
/// Conditional updates become updates by a conditional value, so that each pattern need know one form only.
/// <code>
/// s1 = if c { t = s + e; yield t } else { yield s }             ⇒   d = if c { yield e } else { yield 0.0 }    s1 = s + d
/// x1 = if c { y = x with [i] = v; yield y } else { yield x }    ⇒   old = x[i]   w = if c { yield v } else { yield old }
///                                                                  x1 = x with [i] = w
/// x1 = if c { y = x with [f] = x[f] + e; yield y } else { .. }  ⇒   at, d = if c { yield f, e } else { yield 0, 0.0 }
///                                                                  x1 = x at [at] += d
/// </code>
/// The result is for the patterns only: s + 0.0 is not s where s is −0.0, unless a sum follows.
/// </summary>
internal sealed class Conditionals(For loop, Surroundings around)
{
    private readonly LoopView _view = new(loop, around);

    public static For Rewrite(For loop, Surroundings around)
    {
        var pass = new Conditionals(loop, around);
        // The updates that were taken apart are dead now, and must not count as uses of the state.
        return loop with { Body = DeadCode.Remove(pass.Block(loop.Body), out _) };
    }

    private Block Block(Block block)
    {
        var b = new Builder(around.Names);
        var uses = block.Uses();
        foreach (var stmt in block.Stmts)
        {
            switch (stmt)
            {
                case If i: Branch(i with { Then = Block(i.Then), Else = Block(i.Else) }, b); break;
                case Compute c when c.Op == OpTable.Select: Choice(c, block, uses, b); break;
                default: b.Append(stmt); break;
            }
        }
        return new(b.Stmts.ToSeq(), block.Results);
    }

    // ---- select c (s + e) s

    private void Choice(Compute select, Block block, Dictionary<Var, int> uses, Builder b)
    {
        for (int side = 1; side <= 2; side++)
        {
            if (select.Args[3 - side] is not Var p || !_view.Params.Contains(p)) continue;
            if (select.Args[side] is not Var t || uses[t] != 1 || block.Stmts.FirstOrDefault(s => s.Outs.Contains(t)) is not Compute c) continue;
            if (Reduction.TermOf(c, p) is not { } term) continue;
            var unit = Unit(c.Op, term);
            var d = b.Compute(OpTable.Select, select.Args[0], side == 1 ? term : unit, side == 1 ? unit : term);
            b.Append(new Compute(select.Out, c.Op, [p, d]));
            return;
        }
        b.Append(select);
    }

    private static Const Unit(Op op, Atom term) => Interpreter.Unit(Reduction.KindOf(op)!.Value, term.Type.Scalar);

    // ---- if c { ... }

    /// <summary>How one side of a branch updates a piece of state. Null Maker: it leaves it as it is.</summary>
    private sealed record Side(Stmt? Maker);

    private static Side? SideOf(Block block, int k, Var p)
    {
        if (block.Results[k].Equals(p)) return new Side((Stmt?)null);
        if (block.Results[k] is not Var r) return null;
        var maker = block.Stmts.FirstOrDefault(s => s.Outs.Contains(r));
        bool updates = maker switch
        {
            Compute c => Reduction.TermOf(c, p) is not null,
            Write w => w.Array.Equals(p),
            Accumulate a => a.Array.Equals(p),
            _ => false,
        };
        if (!updates) return null;
        var uses = block.Uses();
        int reads = maker is Compute ? 0 : block.Walk().OfType<Read>().Count(x => x.Array.Equals(p));
        return uses[r] == 1 && uses[p] == 1 + reads ? new Side(maker) : null;
    }

    private void Branch(If branch, Builder b)
    {
        var (then, otherwise) = (new Editable(branch.Then), new Editable(branch.Else));
        var results = branch.Results.ToList();
        var after = new Builder(around.Names);
        for (int k = 0; k < branch.Results.Count; k++)
        {
            foreach (var p in _view.Params)
            {
                if (SideOf(branch.Then, k, p) is not { } first || SideOf(branch.Else, k, p) is not { } second) continue;
                if (first.Maker is null && second.Maker is null) continue;
                if (first.Maker is null or Compute && second.Maker is null or Compute)
                    Scalar(p, branch.Results[k], k, first.Maker as Compute, second.Maker as Compute, then, otherwise, results, after);
                else Element(p, branch, k, first.Maker, second.Maker, then, otherwise, results, b, after);
                break;
            }
        }
        b.Append(new If(results.ToSeq(), branch.Condition, then.Block(), otherwise.Block()));
        b.Append(after.Stmts);
    }

    /// <summary>A side of the branch while it is rewritten: a maker goes, and results change, or are appended.</summary>
    private sealed class Editable(Block block)
    {
        public List<Stmt> Stmts { get; } = [.. block.Stmts];
        public List<Atom> Results { get; } = [.. block.Results];
        public Block Block() => new(Stmts.ToSeq(), Results.ToSeq());
    }

    private void Scalar(Var p, Var result, int k, Compute? first, Compute? second, Editable then, Editable otherwise, List<Var> results, Builder after)
    {
        var op = (first ?? second)!.Op;
        if (first is not null && second is not null && first.Op != second.Op) return;
        void Set(Editable side, Compute? maker)
        {
            side.Results[k] = maker is null ? Interpreter.Unit(Reduction.KindOf(op)!.Value, p.Type.Scalar) : Reduction.TermOf(maker, p)!;
            if (maker is not null) side.Stmts.Remove(maker);
        }
        Set(then, first);
        Set(otherwise, second);
        results[k] = around.Names.Fresh("d", p.Type);
        after.Append(new Compute(result, op, [p, results[k]]));
    }

    private void Element(Var p, If branch, int k, Stmt? first, Stmt? second, Editable then, Editable otherwise, List<Var> results, Builder before, Builder after)
    {
        var inside = new HashSet<Var>(branch.Then.AllBinders().Concat(branch.Else.AllBinders()));
        bool Outside(Atom a) => a is not Var v || !inside.Contains(v);
        var writes = new[] { first, second }.OfType<Write>().ToList();
        int makers = (first is null ? 0 : 1) + (second is null ? 0 : 1);
        var index = writes.Count > 0 ? writes[0].Index : [];
        bool plain = writes.Count == makers && writes.All(w => w.Index == index) && index.All(Outside) && _view.IsInside(p, index);

        // Only where each trip has a place of its own is the old value asked for; elsewhere a contribution is better than a value.
        if (plain && (makers == 2 || MovesByOne(index) || Contribution(p, branch, first ?? second) is null))
        {
            var old = makers == 2 ? null : before.Read(p, index, "old");
            Set(then, first as Write);
            Set(otherwise, second as Write);
            void Set(Editable side, Write? maker)
            {
                side.Results[k] = maker?.Value ?? old!;
                if (maker is not null) side.Stmts.Remove(maker);
            }
            results[k] = around.Names.Fresh("w", writes[0].Value.Type);
            after.Append(new Write(branch.Results[k], p, index, results[k]));
        }
        else if (makers == 1 && Contribution(p, branch, first ?? second) is { } sum)
        {
            var (side, other) = first is null ? (otherwise, then) : (then, otherwise);
            side.Stmts.Remove((first ?? second)!);
            var value = sum.Value;
            if (sum.Negated)
            {
                var negated = new Compute(around.Names.Fresh("t", value.Type), OpTable.Neg, [value]);
                side.Stmts.Add(negated);
                value = negated.Out;
            }
            side.Results[k] = value;
            other.Results[k] = Const.Of(p.Type.Scalar, 0);
            results[k] = around.Names.Fresh("d", p.Type.Element);
            // The index, too, may exist only where the branch is taken; a zero anywhere else is no contribution.
            var at = sum.Index.Select((i, d) =>
            {
                if (Outside(i) && _view.Ranges.Inside(i, p.Type.Extents[d])) return i;
                side.Results.Add(i);
                other.Results.Add(Const.I32(0));
                results.Add(around.Names.Fresh("at", IrType.I32));
                return results[results.Count - 1];
            }).ToSeq();
            after.Append(new Accumulate(branch.Results[k], p, at, results[k]));
        }
    }

    private bool MovesByOne(Seq<Atom> index)
    {
        var moving = index.Where(i => i.IsPosition() && _view.Varies(i)).ToList();
        return moving is [var only] && _view.Form(only) is var form && form[_view.Index] is 1 or -1 && _view.IsOutside(form.Without(_view.Index));
    }

    /// <summary>The term of <c>p with [f] = p[f] ± e</c>, f and e scalars.</summary>
    private (Seq<Atom> Index, Atom Value, bool Negated)? Contribution(Var p, If branch, Stmt? maker)
    {
        if (maker is Accumulate a && !a.Value.Type.IsArray) return (a.Index, a.Value, false);
        if (maker is not Write w || !w.Index.All(i => i.IsPosition()) || _view.ReadsOf(p) is not [var old] || !old.Index.SequenceEqual(w.Index)) return null;
        var block = branch.Then.Stmts.Contains(maker) ? branch.Then : branch.Else;
        if (block.Stmts.FirstOrDefault(s => s.Outs.Contains(w.Value)) is not Compute c || c.Op != OpTable.Add && c.Op != OpTable.Sub) return null;
        if (_view.Uses(old.Out) != 1 || _view.Uses(c.Out) != 1) return null;
        return Reduction.TermOf(c, old.Out) is { } term ? (w.Index, term, c.Op == OpTable.Sub) : null;
    }
}
