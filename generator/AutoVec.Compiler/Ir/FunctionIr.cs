namespace AutoVec.Compiler.Ir;

/// <summary>Where a name comes from: the base name of loop variables and locals, the line in the method (0 = its first), and the source text.</summary>
public sealed record SourceLine(string Base, int Line, string Text);

/// <summary>The expression that a name's value was computed for: a method (the annotated one, or one that it calls), the line counted from the method's first (0), the text.</summary>
public sealed record Origin(string Name, string Method, int Line, string Text);

/// <summary>
/// <c>fun NAME(x: f32[n], k: i32) { ... yield a, b }</c>. Extents of parameters are implicitly bound i32 names
/// (<see cref="Sizes"/>). Carries the IR of its callees, so it caches alone.
/// </summary>
public sealed record FunctionIr(string Name, Seq<Var> Params, Block Body)
{
    /// <summary>What each result is called: "value", a gradient's "x_bar", ... ; may be empty before Differentiate.</summary>
    public Seq<string> ResultNames { get; init; } = [];

    /// <summary>What passes decided and why, for Explain.</summary>
    public Seq<string> Notes { get; init; } = [];

    public Seq<FunctionIr> Callees { get; init; } = [];

    /// <summary>How much the derivatives of it, and those that it takes, may remember of one sample. Not printed.</summary>
    public MemoryBudget Budget { get; init; } = MemoryBudget.Default;

    /// <summary>
    /// The user's own derivative, by the name of a callee; null: that of the body. The rule takes the parameters and one adjoint for each
    /// float result, and gives one adjoint for each float parameter. Printed after the parameters: <c>fun F(x: f64) by Rule {</c>.
    /// </summary>
    public string? Rule { get; init; }

    /// <summary>
    /// The rule of a function whose derivative is that of its body, but computed anew when it is needed: <c>fun F(x: f64) by vjp {</c>.
    /// Nothing inside is remembered between the value and the derivative.
    /// </summary>
    public const string Recompute = "vjp";

    public Seq<SourceLine> Sources { get; init; } = [];

    /// <summary>Of the names of floats that Lowering computes. Later passes know nothing of them.</summary>
    public Seq<Origin> Origins { get; init; } = [];

    /// <summary>The implicitly bound extents, in order of first appearance.</summary>
    public Seq<Var> Sizes
    {
        get
        {
            if (_sizes is { } known && known.Of.IsSame(Params)) return known.Sizes;
            var sizes = Params.SelectMany(p => p.Type.Extents).OfType<Var>().Distinct().ToSeq();
            _sizes = new(Params, sizes);
            return sizes;
        }
    }

    /// <summary>The sizes of these parameters: a copy <c>with</c> others has others.</summary>
    private sealed record SizesOf(Seq<Var> Of, Seq<Var> Sizes);
    private SizesOf? _sizes;

    public FunctionIr Note(string note) => this with { Notes = Notes.Add(note) };

    // Var compares by name alone, so a changed type would go unseen: functions compare by their text, which shows everything.
    public bool Equals(FunctionIr? other) =>
        other is not null && (ReferenceEquals(this, other) ||
        ToString() == other.ToString() && ResultNames == other.ResultNames && Notes == other.Notes
        && Callees == other.Callees && Budget == other.Budget && Rule == other.Rule && Sources == other.Sources && Origins == other.Origins);

    public override int GetHashCode() => ToString().GetHashCode();
    public override string ToString() => Printer.Print(this);
}
