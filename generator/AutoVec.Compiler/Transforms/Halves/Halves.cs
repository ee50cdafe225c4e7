using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;
using AutoVec.Compiler.Transforms.Stage;

namespace AutoVec.Compiler.Transforms.Halves;

/// <summary>
/// The last pass before the plan: parameters and results that the caller holds as halves are f16 in memory. Until here they are floats, so adjoints, tapes
/// and sums over the batch are too, and no other pass knows of halves; what the method casts to Half has been rounded by <c>half</c>.
/// <code>
/// fun F(x: f32[n]) {                fun F(x: f16[n]) {
///   y = build i&lt;n {                   y = build i&lt;n {
///     a = x[i]                          a.1 = x[i]
///     b = exp a             ⇒           a = f32 a.1
///     c = half b                        b = exp a
///     yield c }                         c.1 = f16 b
///   yield y }                           yield c.1 }
///                                     yield y }
/// </code>
/// An array that is read in any other way than by its elements (an operand of a matrix product, the state of a loop) is widened once, before all else.
/// </summary>
public static class Halves
{
    /// <param name="parameters">Names of f32 parameters.</param>
    /// <param name="results">Positions of f32 results.</param>
    public static FunctionIr Run(FunctionIr f, IReadOnlyCollection<string> parameters, IReadOnlyCollection<int> results)
    {
        if (parameters.Count == 0 && results.Count == 0) return f;
        var pass = new Pass(f, parameters);
        return f with
        {
            Params = f.Params.Map(p => parameters.Contains(p.Name) ? Narrow.Of(p) : p),
            Body = Narrow.Narrowed(pass.Widened(), results, pass.Names),
        };
    }

    private sealed class Pass
    {
        private readonly FunctionIr _function;
        private readonly HashSet<Var> _halves;

        /// <summary>Parameters and their views that are read as they lie in memory.</summary>
        private readonly HashSet<Var> _asTheyLie = [];

        public Names Names { get; }

        public Pass(FunctionIr f, IReadOnlyCollection<string> parameters)
        {
            _function = f;
            Names = new Names(f);
            _halves = [.. f.Params.Where(p => parameters.Contains(p.Name))];
            var whole = WholeUses();
            foreach (var p in _halves.Where(p => p.Type.IsArray))
                if (ViewsOf(p) is var views && !views.Any(whole.Contains)) _asTheyLie.UnionWith(views);
        }

        private List<Var> ViewsOf(Var array) =>
            [array, .. _function.Body.Walk().OfType<Read>().Where(r => r.Out.Type.IsArray && r.Array.Equals(array)).SelectMany(r => ViewsOf(r.Out))];

        /// <summary>What is read in another way than by elements, or is the operand of a matrix product.</summary>
        private HashSet<Var> WholeUses()
        {
            var whole = new HashSet<Var>(_function.Body.Results.OfType<Var>());
            var contractions = new Contractions(_function);
            foreach (var s in _function.Body.Walk())
            {
                whole.UnionWith(s.Blocks.SelectMany(b => b.Results).OfType<Var>());
                if (s is not Read) whole.UnionWith(s.Reads.OfType<Var>());
                if (contractions.Of(s) is { } product) whole.UnionWith([product.A.Array, product.B.Array]);
            }
            return whole;
        }

        public Block Widened()
        {
            var head = new Builder(Names);
            var wide = new Substitution();
            foreach (var p in _halves.Where(p => !_asTheyLie.Contains(p)))
                wide[p] = head.Build(p.Type.Extents, (b, at) => b.Compute(OpTable.ToF32, b.Read(Narrow.Of(p), at, p.Name), p.Name), p.Name);
            var body = wide.IsEmpty ? _function.Body : wide.Apply(_function.Body);
            if (_asTheyLie.Count > 0) body = Elements(body);
            return body with { Stmts = [.. head.Stmts, .. body.Stmts] };
        }

        private Block Elements(Block block)
        {
            var b = new Builder(Names);
            foreach (var stmt in block.Stmts)
            {
                var s = stmt.Map(v => v, a => a, Elements);
                if (s is not Read r || !_asTheyLie.Contains(r.Array)) b.Append(s);
                else if (r.Out.Type.IsArray) b.Append(new Read(Narrow.Of(r.Out), Narrow.Of(r.Array), r.Index));
                else b.Append(new Compute(r.Out, OpTable.ToF32, [b.Read(Narrow.Of(r.Array), r.Index, r.Out.Name)]));
            }
            return b.Block(block.Results);
        }
    }
}
