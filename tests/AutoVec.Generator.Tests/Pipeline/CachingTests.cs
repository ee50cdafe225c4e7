using System.Collections;
using System.Reflection;
using AutoVec.Compiler.Emit;
using AutoVec.Generator.Tests.Kit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace AutoVec.Generator.Tests.Pipeline;

/// <summary>An edit elsewhere, or a comment, stops at Lower: later steps are cached. No value of the pipeline holds on to the compilation.</summary>
public class CachingTests
{
    private const string Source = """
        using AutoVec;
        namespace N;
        public static partial class C
        {
            [Vectorize, Differentiable] public static float F(float[] x, [Shared] float k)
            {
                float s = 0;
                for (int i = 0; i < x.Length; i++) s += x[i] * k;
                return s;
            }
            [Vectorize] public static float Wrong(float[] x) { x[0] = 1; return 0; }
        }
        [Tree] public partial record Weights(float[,] W, float[] B);
        """;

    private static readonly string[] Steps = [AutoVecGenerator.EmitStep, AutoVecGenerator.ExportStep];

    private static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new AutoVecGenerator((m, f) => new GeneratedSource(m.Name + ".g.cs", "// " + f, [])).AsSourceGenerator()],
        parseOptions: new CSharpParseOptions(LanguageVersion.Preview),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        result.TrackedSteps.TryGetValue(step, out var runs) ? runs.SelectMany(r => r.Outputs).Select(o => o.Reason) : [];

    private static GeneratorRunResult After(Func<CSharpCompilation, CSharpCompilation> edit)
    {
        var compilation = Lowered.Compile(Source);
        var driver = Driver().RunGenerators(compilation);
        Assert.NotEmpty(Reasons(driver.GetRunResult().Results[0], AutoVecGenerator.EmitStep));
        return driver.RunGenerators(edit(compilation)).GetRunResult().Results[0];
    }

    private static CSharpCompilation Edit(CSharpCompilation compilation, string from, string to)
    {
        var tree = compilation.SyntaxTrees[0];
        Assert.Contains(from, tree.ToString(), StringComparison.Ordinal);
        return compilation.ReplaceSyntaxTree(tree, tree.WithChangedText(SourceText.From(tree.ToString().Replace(from, to, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("using AutoVec;", "// a comment\nusing AutoVec;")]
    [InlineData("float s = 0;", "float s = 0;   // the sum")]
    [InlineData("public static partial class C", "public static class Other { }\npublic static partial class C")]
    public void An_edit_that_changes_no_meaning_generates_nothing_again(string from, string to)
    {
        var result = After(c => Edit(c, from, to));
        foreach (string step in Steps)
            Assert.All(Reasons(result, step), r => Assert.Contains(r, new[] { IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged }));
        Assert.All(Reasons(result, AutoVecGenerator.EmitStep), r => Assert.Equal(IncrementalStepRunReason.Cached, r));
    }

    [Fact]
    public void An_edit_in_another_file_leaves_lowering_unchanged()
    {
        var result = After(c => c.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class New { int F() => 1; }", new CSharpParseOptions(LanguageVersion.Preview))));
        foreach (string step in (string[])[AutoVecGenerator.LowerStep, .. Steps])
            Assert.All(Reasons(result, step), r => Assert.Equal(IncrementalStepRunReason.Cached, r));
    }

    [Fact]
    public void An_edit_of_a_called_method_in_another_file_is_seen()
    {
        static CSharpSyntaxTree Helper(string body) => (CSharpSyntaxTree)CSharpSyntaxTree.ParseText(
            $"public static class Helper {{ public static float Twice(float x) => {body}; }}", new CSharpParseOptions(LanguageVersion.Preview), "Helper.cs");
        var (before, after) = (Helper("2 * x"), Helper("x + x"));
        var compilation = Lowered.Compile("using AutoVec; public static partial class C { [Vectorize] public static float F(float x) => Helper.Twice(x); }").AddSyntaxTrees(before);
        var result = Driver().RunGenerators(compilation).RunGenerators(compilation.ReplaceSyntaxTree(before, after)).GetRunResult().Results[0];
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(result, AutoVecGenerator.EmitStep));
    }

    [Fact]
    public void A_changed_body_leaves_the_other_methods_as_they_are()
    {
        var compilation = Lowered.Compile("""
            using AutoVec;
            public static partial class C
            {
                [Vectorize, Differentiable] public static float F(float x) => x * 2;
                [Vectorize, Differentiable] public static float G(float x) => x * 3;
                [Differentiable] public static float H(float x) => x * 4;
            }
            """);
        var compiled = new List<string>();
        var driver = CSharpGeneratorDriver.Create(new AutoVecGenerator((m, f) =>
        {
            lock (compiled) compiled.Add(m.Name);
            return new GeneratedSource(m.Name + ".g.cs", "// " + f, []);
        })).RunGenerators(compilation);
        Assert.Equal(["F", "G", "H"], compiled.Order());
        compiled.Clear();
        driver.RunGenerators(Edit(compilation, "x * 3", "x * 5"));
        Assert.Equal(["G"], compiled);
    }

    [Fact]
    public void A_changed_body_is_generated_again()
    {
        var result = After(c => Edit(c, "x[i] * k", "x[i] + k"));
        Assert.Contains(IncrementalStepRunReason.Modified, Reasons(result, AutoVecGenerator.EmitStep));
    }

    [Fact]
    public void A_moved_error_is_reported_where_it_is_now()
    {
        var result = After(c => Edit(c, "using AutoVec;", "\n\nusing AutoVec;"));
        var error = Assert.Single(result.Diagnostics, d => d.Severity == DiagnosticSeverity.Error);
        Assert.Equal(("AV0160", 12), (error.Id, error.Location.GetLineSpan().StartLinePosition.Line));
    }

    [Fact]
    public void No_value_of_the_pipeline_holds_symbols_syntax_or_the_compilation()
    {
        var result = Driver().RunGenerators(Lowered.Compile(Source)).GetRunResult().Results[0];
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        string[] steps = [AutoVecGenerator.LowerStep, AutoVecGenerator.EmitStep, AutoVecGenerator.ExportStep, AutoVecGenerator.TreeStep];
        foreach (string step in steps)
        {
            Assert.True(result.TrackedSteps.ContainsKey(step), step);
            foreach (var output in result.TrackedSteps[step].SelectMany(s => s.Outputs)) Walk(output.Value, step, seen);
        }
        Assert.True(seen.Count > 50);
    }

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string or Enum or Type or Delegate || value.GetType().IsPrimitive || !seen.Add(value)) return;
        Assert.False(value is ISymbol or SyntaxNode or SyntaxTree or Location or Microsoft.CodeAnalysis.Compilation or SemanticModel or IOperation or SyntaxReference, $"{path} is a {value.GetType()}");
        if (value is DiagnosticDescriptor) return;   // constants of the generator
        if (value is IEnumerable items && value is Array) foreach (object? item in items) Walk(item, path + "[]", seen);
        for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                Walk(field.GetValue(value), $"{path}.{field.Name}", seen);
    }

    [Fact]
    public void An_exception_of_the_emitter_is_a_diagnostic_that_names_the_function()
    {
        var driver = CSharpGeneratorDriver.Create(new AutoVecGenerator((_, _) => throw new InvalidOperationException("two\nlines")));
        var result = driver.RunGenerators(Lowered.Compile(Source)).GetRunResult().Results[0];
        Assert.Null(result.Exception);
        var error = Assert.Single(result.Diagnostics, d => d.Id == "AV0900");
        Assert.Contains("'F'", error.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains("two lines", error.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Explanations_stand_at_their_lines()
    {
        var driver = CSharpGeneratorDriver.Create(new AutoVecGenerator((m, _) => new GeneratedSource(m.Name, "", ["line 3: a sum", "one stage"])));
        var infos = driver.RunGenerators(Lowered.Compile(Source)).GetRunResult().Results[0].Diagnostics.Where(d => d.Id == "AV0901").ToList();
        Assert.Equal([("a sum", 7), ("one stage", 4)], infos.Select(d => (d.GetMessage(null), d.Location.GetLineSpan().StartLinePosition.Line)));
    }

    [Fact]
    public void Output_is_the_same_under_a_culture_with_a_decimal_comma()
    {
        var comma = (System.Globalization.CultureInfo)System.Globalization.CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        var (before, source) = (System.Globalization.CultureInfo.CurrentCulture, "[Vectorize] public static float F(float x = 1.5f) => x * 0.25f;");
        string plain = Lowered.FromMethods(source).Methods[0].Source!.ToString();
        try
        {
            System.Globalization.CultureInfo.CurrentCulture = comma;
            Assert.Equal(plain, Lowered.FromMethods(source).Methods[0].Source!.ToString());
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentCulture = before;
        }
    }
}
