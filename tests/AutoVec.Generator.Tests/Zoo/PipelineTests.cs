using System.Collections.Concurrent;
using System.Text.Json;
using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms;
using AutoVec.Compiler.Transforms.Differentiate;
using Jvp = AutoVec.Compiler.Transforms.Jvp.Jvp;
using Vectorize = AutoVec.Compiler.Transforms.Vectorize.Vectorize;
using AutoVec.Compiler.Transforms.Stage;
using AutoVec.Generator.Tests.Kit;

namespace AutoVec.Generator.Tests.Zoo;

/// <summary>Every accepted case of the zoo through every pass, verified after each: the interpreter gives the expected values and gradients.</summary>
public class PipelineTests
{
    private static readonly ConcurrentDictionary<string, Lowered> Families = new();

    private static readonly Lazy<Dictionary<string, JsonElement>> Cases = new(() =>
        JsonDocument.Parse(ZooFolder.Read("cases.json")).RootElement.GetProperty("cases").EnumerateArray().ToDictionary(c => c.GetProperty("id").GetString()!));

    public static TheoryData<string> Ids() => ZooFolder.Path is null ? new("none") : new([.. Cases.Value.Keys]);

    [ZooTheory, MemberData(nameof(Ids))]
    public void Every_pass_keeps_the_case_right(string id)
    {
        if (Subject.Of(id) is not { } s) return;
        var (c, f, mode, wrt, shared, single, size) = s;
        foreach (bool unified in new[] { false, true })
        {
            var start = unified ? Unified(f, c.GetProperty("inputs"), Names(c, "batched")) : f;
            if (start is null) continue;
            var derivative = wrt.IsEmpty ? null : new Pipelines.Derivative(wrt, mode == "vjp" ? Seed.Cotangent : Seed.One, true);
            var last = start;
            foreach (var (pass, next) in Pipelines.Steps(start, shared, Compiler.Emit.Reduction.None, derivative))
            {
                last = Verifier.Check(next, pass);
                if (last.Params[0].Type.Rank == start.Params[0].Type.Rank && !shared.Contains(last.Params[0])) continue;      // not batched yet
                if (!pass.Contains("batch") && pass is not ("vectorize" or "fuse")) continue;
                Check(c, last, pass, [.. last.Params.Select(p => s.Argument(Original(f, p)))], wrt, shared, single, size);
            }
            var plan = Planner.Plan(last);
            Verifier.Check(plan.Function, "plan");
            Check(c, plan.Function, "plan", [.. last.Params.Select(p => s.Argument(Original(f, p)))], wrt, shared, single, size);
        }
    }

    /// <summary>⟨w, J v⟩ by forward mode is ⟨∇, v⟩ of the gradient that the case expects, infinities and NaN included.</summary>
    [ZooTheory, MemberData(nameof(Ids))]
    public void Tangents_are_dual_to_the_gradients(string id)
    {
        if (Subject.Of(id) is not { Wrt.IsEmpty: false } s) return;
        var (c, f, mode, wrt, shared, single, size) = s;
        var random = new Random(id.Length);
        var args = f.Params.Map(s.Argument);
        var direction = wrt.Map(p => s.Argument(p)).Map(a => Value.Of(a.ElementType, a.Shape, a.Data.Select(_ => Math.Round(random.NextDouble() * 2 - 1, 2) + 0.003)));
        double expected = 0, scale = 0;
        for (int k = 0; k < wrt.Count; k++)
            foreach (var (g, v) in Flat(s.Gradient(wrt[k])).Zip(direction[k].ToDoubles()))
            {
                expected += g * v;
                scale += Math.Abs(g * v);
            }

        foreach (var (how, jvp) in new[] {
            ("jvp", Push(Jvp.Run(f, wrt, keepValue: true), wrt, shared)),
            ("pipeline", Planner.Plan(Pipelines.JvpBatch(f, wrt, shared, Compiler.Emit.Reduction.None)).Function) })
        {
            var results = Interpreter.Run(Verifier.Check(jvp, how), 2_000_000, [.. args, .. direction]);
            var floats = f.Body.Results.Where(r => r.Type.IsFloat).ToList();
            var dots = results[^floats.Count..];
            double actual = mode == "vjp"
                ? Flat(c.GetProperty("cotangent")).Zip(dots[0].ToDoubles(), (w, t) => w * t).Sum()
                : dots[0].ToDoubles().Sum();
            double tolerance = c.GetProperty("atol").GetDouble() + c.GetProperty("rtol").GetDouble() * scale;
            Assert.True(expected.Equals(actual) || Math.Abs(expected - actual) <= tolerance, $"{how}: expected {expected:R}, got {actual:R}\n{jvp}");
        }
    }

    private static FunctionIr Push(FunctionIr jvp, Seq<Var> wrt, Seq<Var> shared) => Vectorize.Run(jvp,
        [.. shared, .. jvp.Params.Skip(jvp.Params.Count - wrt.Count).Where((_, k) => shared.Contains(wrt[k]))], Compiler.Emit.Reduction.None);

    /// <summary>A case whose method is accepted, as a batch (of one, where it is a single call).</summary>
    private sealed record Subject(JsonElement Case, FunctionIr Function, string Mode, Seq<Var> Wrt, Seq<Var> Shared, bool Single, int Size)
    {
        public static Subject? Of(string id)
        {
            var c = Cases.Value[id];
            var family = Families.GetOrAdd(c.GetProperty("class").GetString()!, n => Lowered.From(ZooFolder.Read($"Cases.{n}.cs"), $"Cases.{n}.cs"));
            string method = c.GetProperty("method").GetString()!;
            if (!family.Knows(method)) return null;            // a diagnostic: CasesTests lists them

            string mode = c.GetProperty("mode").GetString()!;
            bool single = mode is "grad" or "vjp";
            var batched = Names(c, "batched");
            var f = family[method];
            var gradient = c.GetProperty("expected").TryGetProperty("gradient", out var g) ? g : default;
            var wrt = gradient.ValueKind == JsonValueKind.Object
                ? f.Params.Where(p => gradient.EnumerateObject().Any(n => n.Name.Equals(p.Name, StringComparison.OrdinalIgnoreCase))).ToSeq() : [];
            var shared = f.Params.Where(p => single ? p.Type.IsInteger && !p.Type.IsArray : !batched.Contains(p.Name)).ToSeq();
            return new(c, f, mode, wrt, shared, single, c.TryGetProperty("batchSize", out var n) ? n.GetInt32() : 1);
        }

        public JsonElement Gradient(Var p) =>
            Case.GetProperty("expected").GetProperty("gradient").EnumerateObject().First(n => n.Name.Equals(p.Name, StringComparison.OrdinalIgnoreCase)).Value;

        public Value Argument(Var p)
        {
            bool own = !Shared.Contains(p);
            var source = p.Name == "value_bar" ? Case.GetProperty("cotangent") : Case.GetProperty("inputs").GetProperty(p.Name);
            return Parsed(source, p.Type.Scalar, p.Type.Rank + (own ? 1 : 0), Single && own);
        }
    }

    private static Var Original(FunctionIr f, Var p) =>
        f.Params.FirstOrDefault(q => q.Name == p.Name) ?? new Var(p.Name, new IrType(p.Type.Scalar, p.Type.Extents.Skip(1).ToSeq()));

    /// <summary>The version for equal extents, where they are equal.</summary>
    private static FunctionIr? Unified(FunctionIr f, JsonElement inputs, HashSet<string> batched)
    {
        var (g, equalities) = Pipelines.Unify(f);
        var extents = new Dictionary<Var, int>();
        foreach (var p in f.Params)
        {
            var at = inputs.GetProperty(p.Name);
            if (batched.Contains(p.Name)) at = at.GetArrayLength() > 0 ? at[0] : default;
            for (int d = 0; d < p.Type.Rank; d++)
            {
                int length = at.ValueKind == JsonValueKind.Array ? at.GetArrayLength() : 0;
                extents[(Var)p.Type.Extents[d]] = length;
                at = length > 0 ? at[0] : default;
            }
        }
        return equalities.All(e => extents[e.Extent] == (e.EqualTo is Const k ? k.AsInt : extents[(Var)e.EqualTo])) ? g : null;
    }

    private static void Check(JsonElement c, FunctionIr f, string pass, Value[] args, Seq<Var> wrt, Seq<Var> shared, bool single, int size)
    {
        var results = Interpreter.Run(f, 2_000_000, args);
        var expected = c.GetProperty("expected");
        double rtol = c.GetProperty("rtol").GetDouble(), atol = c.GetProperty("atol").GetDouble();
        int values = f.Body.Results.Count - wrt.Count;
        var value = expected.GetProperty("value");
        if (values == 1) Compare(value, results[0], single, size, rtol, atol, $"{f.Name} after {pass}: value\n{f}");
        for (int k = 0; k < wrt.Count; k++)
        {
            var g = expected.GetProperty("gradient").EnumerateObject().First(n => n.Name.Equals(wrt[k].Name, StringComparison.OrdinalIgnoreCase)).Value;
            Compare(g, results[values + k], single && !shared.Contains(wrt[k]), shared.Contains(wrt[k]) ? -1 : size, rtol, atol, $"{f.Name} after {pass}: d{wrt[k]}\n{f}");
        }
    }

    private static void Compare(JsonElement expected, Value actual, bool single, int size, double rtol, double atol, string what)
    {
        var e = Flat(expected).ToArray();
        double[] a = actual.ToDoubles();
        Assert.True(e.Length == a.Length, $"{what}\nexpected {e.Length} numbers, got {a.Length}");
        if (e.Length == 0) return;
        int rows = single || size < 1 ? 1 : size, row = e.Length / rows;
        for (int k = 0; k < e.Length; k++)
        {
            double scale = e.Skip(k / row * row).Take(row).Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
            Assert.True(e[k].Equals(a[k]) || Math.Abs(e[k] - a[k]) <= atol + rtol * scale, $"{what}\nelement {k}: expected {e[k]:R}, got {a[k]:R}");
        }
    }

    private static IEnumerable<double> Flat(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.Array => e.EnumerateArray().SelectMany(Flat),
        JsonValueKind.String => [e.GetString() switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, _ => double.NegativeInfinity }],
        JsonValueKind.True => [1],
        JsonValueKind.False => [0],
        _ => [e.GetDouble()],
    };

    /// <param name="one">Wrap it as a batch of one.</param>
    private static Value Parsed(JsonElement e, Scalar scalar, int rank, bool one)
    {
        var shape = new List<int>();
        if (one) shape.Add(1);
        for (var at = e; shape.Count < rank;)
        {
            int length = at.ValueKind == JsonValueKind.Array ? at.GetArrayLength() : 0;
            shape.Add(length);
            at = length > 0 ? at[0] : default;
        }
        return Value.Of(scalar, shape.ToSeq(), Flat(e));
    }

    private static HashSet<string> Names(JsonElement c, string property) =>
        c.TryGetProperty(property, out var names) ? [.. names.EnumerateArray().Select(n => n.GetString()!)] : [];
}
