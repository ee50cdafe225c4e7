using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Transforms;

/// <summary>A name times a factor that is not zero.</summary>
public readonly record struct Term(Var Name, int Factor);

/// <summary>
/// An i32 atom as Σ factor · name + constant, with the wrapping arithmetic of i32: equal forms are equal numbers, without exception.
/// Terms are sorted by name, so that equal forms compare equal. (Whoever divides by a factor other than ±1 must rule out overflow itself.)
/// </summary>
public sealed record Affine(Seq<Term> Terms, int Constant)
{
    /// <summary>Forms longer than this stay names: nothing recognises them, and long chains would cost quadratic time.</summary>
    private const int LongestSum = 12;

    public static Affine Of(int constant) => new([], constant);
    public static Affine Of(Var name) => new([new Term(name, 1)], 0);

    public bool IsConstant => Terms.IsEmpty;

    /// <summary>The name it is, if it is just one; or the constant.</summary>
    public Atom? AsAtom => IsConstant ? Const.I32(Constant) : Constant == 0 && Terms.Count == 1 && Terms[0].Factor == 1 ? Terms[0].Name : null;

    /// <summary>The factor of a name; 0 if it does not occur.</summary>
    public int this[Var name]
    {
        get
        {
            foreach (var t in Terms)
                if (t.Name.Equals(name)) return t.Factor;
            return 0;
        }
    }

    public bool Mentions(Var name) => this[name] != 0;
    public Affine Without(Var name) => new(Terms.Where(t => !t.Name.Equals(name)).ToSeq(), Constant);
    public Affine Minus(Affine other) => Plus(other, -1);

    public Affine Times(int factor) => factor switch
    {
        0 => Of(0),
        1 => this,
        _ => new(Scaled(factor), unchecked(Constant * factor)),
    };

    private Seq<Term> Scaled(int factor)
    {
        var terms = Terms.Map(t => new Term(t.Name, unchecked(t.Factor * factor)));
        // A product may wrap to 0.
        return terms.Any(t => t.Factor == 0) ? terms.Where(t => t.Factor != 0).ToSeq() : terms;
    }

    /// <summary>this + <paramref name="times"/> · other.</summary>
    public Affine Plus(Affine other, int times = 1)
    {
        if (times != 1) other = other.Times(times);
        if (IsConstant && Constant == 0) return other;
        if (other.IsConstant) return this with { Constant = unchecked(Constant + other.Constant) };
        var terms = new List<Term>(Terms.Count + other.Terms.Count);
        int a = 0, b = 0;
        while (a < Terms.Count || b < other.Terms.Count)
        {
            int order = a == Terms.Count ? 1 : b == other.Terms.Count ? -1
                : string.CompareOrdinal(Terms[a].Name.Name, other.Terms[b].Name.Name);
            if (order < 0) terms.Add(Terms[a++]);
            else if (order > 0) terms.Add(other.Terms[b++]);
            else
            {
                int sum = unchecked(Terms[a].Factor + other.Terms[b++].Factor);
                if (sum != 0) terms.Add(new Term(Terms[a].Name, sum));
                a++;
            }
        }
        return new(new([.. terms]), unchecked(Constant + other.Constant));
    }

    /// <summary>
    /// The form of an i32 atom over names that are not sums themselves: definitions are followed through +, -, neg and * by a constant.
    /// </summary>
    /// <param name="definition">The statement that binds a name; null where it is not known (parameters, indices, loop state).</param>
    public static Affine Of(Atom atom, Func<Var, Stmt?> definition)
    {
        if (atom is Const c) return Of(c.AsInt);
        var name = (Var)atom;
        if (!name.Type.Equals(IrType.I32) || definition(name) is not Compute compute) return Of(name);
        return OfCompute(compute, a => Of(a, definition)) ?? Of(name);
    }

    /// <summary>The form of a computation, given those of its operands; null if it is not affine.</summary>
    public static Affine? OfCompute(Compute compute, Func<Atom, Affine> form)
    {
        if (!compute.Out.Type.Equals(IrType.I32)) return null;
        Affine? sum = null;
        if (compute.Op == OpTable.Add) sum = form(compute.Args[0]).Plus(form(compute.Args[1]));
        else if (compute.Op == OpTable.Sub) sum = form(compute.Args[0]).Minus(form(compute.Args[1]));
        else if (compute.Op == OpTable.Neg) sum = form(compute.Args[0]).Times(-1);
        // Where it is not its operand, it throws: who puts another name in its place must not lose it.
        else if (compute.Op == OpTable.Length && compute.Args[0].Type.Equals(IrType.I32)) sum = form(compute.Args[0]);
        else if (compute.Op == OpTable.Mul)
        {
            var (a, b) = (form(compute.Args[0]), form(compute.Args[1]));
            sum = a.IsConstant ? b.Times(a.Constant) : b.IsConstant ? a.Times(b.Constant) : null;
        }
        return sum is { Terms.Count: <= LongestSum } ? sum : null;
    }

    /// <summary>
    /// As <see cref="Of(Atom, Func{Var, Stmt})"/>, but null if a name in the form depends on one of <paramref name="variables"/> without being
    /// one: then the atom is not an affine function of the variables.
    /// </summary>
    public static Affine? In(Atom atom, Dependence dependence, ICollection<Var> variables)
    {
        var form = Of(atom, dependence.Definition);
        foreach (var t in form.Terms)
            if (!variables.Contains(t.Name) && dependence.On(t.Name, variables)) return null;
        return form;
    }

    /// <summary>Appends the operations that compute it.</summary>
    public Atom Emit(Builder builder, string name = "at")
    {
        Atom? sum = null;
        int constant = Constant;
        // A positive term first, so that n - i is one subtraction; then the constant, so that n - 1 can leave the loop over i.
        foreach (var t in Terms.OrderBy(t => t.Factor < 0))
        {
            bool negative = t.Factor < 0 && t.Factor != int.MinValue;
            int size = negative ? -t.Factor : t.Factor;
            Atom part = size == 1 ? t.Name : builder.Compute(OpTable.Mul, t.Name, Const.I32(size), name);
            sum = sum is null ? (negative ? builder.Compute(OpTable.Neg, part, name) : part)
                : builder.Compute(negative ? OpTable.Sub : OpTable.Add, sum, part, name);
            if (constant != 0)
                sum = constant < 0 && constant != int.MinValue
                    ? builder.Compute(OpTable.Sub, sum, Const.I32(-constant), name)
                    : builder.Compute(OpTable.Add, sum, Const.I32(constant), name);
            constant = 0;
        }
        return sum ?? Const.I32(constant);
    }

    public override string ToString() =>
        string.Join(" + ", Terms.Select(t => t.Factor == 1 ? t.Name.Name : $"{t.Factor}*{t.Name}").Concat(Constant == 0 && !IsConstant ? [] : [$"{Constant}"]));
}
