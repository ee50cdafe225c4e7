using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Lowering;
using AutoVec.Generator.Pipeline;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AutoVec.Generator;

/// <summary>
/// Annotated methods → lower → emit → output. Every step's result compares by value, so an edit elsewhere stops at Lower. Sources
/// and diagnostics are outputs of their own: a method that only moved has a new position, but is not compiled again.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class AutoVecGenerator : IIncrementalGenerator
{
    /// <summary>Names of the steps, for tests of caching.</summary>
    public const string LowerStep = "AutoVec.Lower", EmitStep = "AutoVec.Emit", TreeStep = "AutoVec.Tree", ExportStep = "AutoVec.Export", FriendStep = "AutoVec.Friend";

    /// <summary>The project's <c>&lt;AutoVecDebug&gt;</c>, which the package's props make visible to the compiler.</summary>
    public const string DebugProperty = "build_property.AutoVecDebug";

    private readonly Func<MethodModel, FunctionIr, GeneratedSource?> _emit;

    public AutoVecGenerator() : this(GeneratedFile.Method) { }

    /// <param name="emit">What makes the file of a method; null: it has none.</param>
    public AutoVecGenerator(Func<MethodModel, FunctionIr, GeneratedSource?> emit) => _emit = emit;

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // A method with several attributes is taken up by the first of them.
        Friend(context, Methods(context, Attributes.Vectorize, unless: []));
        Methods(context, Attributes.Differentiable, unless: [Attributes.Vectorize]);
        Methods(context, Attributes.Composable, unless: [Attributes.Vectorize, Attributes.Differentiable]);
        Trees(context);
    }

    /// <summary>
    /// The assembly that ILGPU emits launchers into reads the arguments of kernels, which are internal. Once, where there are kernels; a
    /// signed assembly has no unsigned friends.
    /// </summary>
    private static void Friend(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<Emission> emitted)
    {
        var isSigned = context.CompilationProvider.Select((c, _) => c.Assembly.Identity.HasPublicKey);
        var wanted = emitted.Where(e => e.Source is not null).Select((_, _) => true).Collect().Combine(isSigned)
            .Select((x, _) => x.Left.Length > 0 && !x.Right).WithTrackingName(FriendStep);
        context.RegisterSourceOutput(wanted, (c, isWanted) =>
        {
            if (isWanted) c.AddSource("AutoVec.Kernels.g.cs", Emission.Friend);
        });
    }

    private IncrementalValuesProvider<Emission> Methods(IncrementalGeneratorInitializationContext context, string attribute, string[] unless)
    {
        var lowered = context.SyntaxProvider.ForAttributeWithMetadataName(attribute,
                (node, _) => node is MethodDeclarationSyntax,
                (c, cancel) => c.TargetSymbol is IMethodSymbol method && !unless.Any(a => Attributes.Has(method, a))
                    ? Lower.Method(method, c.SemanticModel.Compilation, cancel) : null)
            .Where(m => m is not null).Select((m, _) => m!).WithTrackingName(LowerStep);

        var debug = context.AnalyzerConfigOptionsProvider.Select((o, _) =>
            o.GlobalOptions.TryGetValue(DebugProperty, out string? value) && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase));
        // Only in debug mode does the code depend on where the method stands.
        var emitted = Emitted(lowered.Where(m => m.Source is not null).Combine(debug)
            .Select((x, _) => (x.Right ? x.Left.Source!.Model with { Debug = x.Left.Source.Where.ForDebug() } : x.Left.Source!.Model, x.Left.Source!.Function)));
        context.RegisterSourceOutput(emitted.Where(e => e.Source is not null), (c, e) => c.AddSource(e.Source!.HintName, e.Source.Text));

        Derivatives(context, lowered);
        var exported = lowered.Where(m => m.Export is not null).Select((m, _) => m.Export!).WithTrackingName(ExportStep);
        context.RegisterSourceOutput(exported, (c, e) => c.AddSource(e.HintName, Emission.Export(e)));

        context.RegisterSourceOutput(lowered.SelectMany((m, _) => m.Diagnostics), (c, d) => c.ReportDiagnostic(d.ToDiagnostic()));
        context.RegisterSourceOutput(lowered.Where(m => m.Source is not null).Select((m, _) => m.Source!).Combine(emitted.Collect()), (c, pair) =>
        {
            foreach (var emission in pair.Right.Where(e => e.Model with { Debug = null } == pair.Left.Model))
                foreach (var diagnostic in emission.Report(pair.Left)) c.ReportDiagnostic(diagnostic);
        });
        return emitted;
    }

    /// <summary>
    /// The files of methods, compiled side by side: a step of the driver is done for all methods that changed before the next begins, so the first starts them all and
    /// the second waits. Whoever waits for one that no thread has begun compiles it himself.
    /// </summary>
    private IncrementalValuesProvider<Emission> Emitted(IncrementalValuesProvider<(MethodModel Model, FunctionIr Function)> methods) =>
        methods.Select((m, cancel) => Task.Run(() => Emission.Of(m.Model, m.Function, _emit), cancel))
            .Select((started, _) => started.GetAwaiter().GetResult()).WithTrackingName(EmitStep);

    /// <summary>What the calls of Ad in annotated methods need when these run as plain C#. A derivative that cannot be compiled is not registered.</summary>
    private void Derivatives(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<LoweredMethod> lowered)
    {
        var methods = lowered.Where(m => m.Derivatives is not null).Select((m, _) => m.Derivatives!);
        var emitted = Emitted(methods.SelectMany((m, _) => m.Sources).Select((s, _) => (s.Model, s.Function)));
        context.RegisterSourceOutput(emitted.Where(e => e.Source is not null), (c, e) => c.AddSource(e.Source!.HintName, e.Source.Text));
        context.RegisterSourceOutput(methods.Combine(emitted.Collect()), (c, pair) =>
        {
            var compiled = pair.Left.Sources.Where(s => pair.Right.Any(e => e.Source is not null && e.Model == s.Model)).Select(s => (s.Model, s.Place)).ToSeq();
            if (compiled.IsEmpty) return;
            var file = GeneratedFile.Registrations(pair.Left.Name, compiled);
            c.AddSource(file.HintName, file.Text);
        });
    }

    private static void Trees(IncrementalGeneratorInitializationContext context)
    {
        var trees = context.SyntaxProvider.ForAttributeWithMetadataName(Attributes.Tree,
                (node, _) => node is TypeDeclarationSyntax,
                (c, _) => Lower.Tree((INamedTypeSymbol)c.TargetSymbol))
            .WithTrackingName(TreeStep);
        context.RegisterSourceOutput(trees.Where(t => t.Model is not null).Select((t, _) => GeneratedFile.Tree(t.Model!)),
            (c, source) => c.AddSource(source.HintName, source.Text));
        context.RegisterSourceOutput(trees.SelectMany((t, _) => t.Diagnostics), (c, d) => c.ReportDiagnostic(d.ToDiagnostic()));
    }
}
