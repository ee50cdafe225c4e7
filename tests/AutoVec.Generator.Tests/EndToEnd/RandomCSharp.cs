using System.Reflection;
using System.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Tests.Random;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>Random programs as C#, through the whole generator; calls of what it made, by reflection.</summary>
public sealed class RandomCSharp
{
    private readonly Type _calls;

    public RandomCSharp(IReadOnlyList<int> seeds)
    {
        Programs = seeds.ToDictionary(s => s, Make);
        var source = new StringBuilder("#nullable disable\nnamespace Random;\npublic static partial class P\n{\n");
        foreach (var (seed, program) in Programs) source.Append($"[Vectorize, Differentiable(Forward = {(HasJvp(seed) ? "true" : "false")}{Budget(seed, ", ")})]\n").Append(Text(seed, program));
        Generated = Generated.Run(source.Append("}\n").ToString(), oneWidth: true, vjp: false);
        var error = Generated.Errors.FirstOrDefault();
        if (error is not null) throw new InvalidOperationException($"{error}\n{error.Location.SourceTree?.GetText().Lines[error.Location.GetLineSpan().StartLinePosition.Line]}");
        var calls = new StringBuilder("using Random;\npublic static class Calls\n{\n");
        foreach (int seed in seeds) calls.Append(Call(seed));
        Assembly = Generated.Load(calls.Append("}\n").ToString());
        _calls = Assembly.GetType("Calls")!;
    }

    private static string Text(int seed, RandomProgram program)
    {
        string text = CSharp.Write(program, $"F{seed}");
        return SharesMatrix(seed) ? text.Replace("double[,] w, double a", "[Shared] double[,] w, double a", StringComparison.Ordinal) : text;
    }

    /// <summary>Most are small: the time of a program goes into compiling it, and many small ones find more than a few large ones.</summary>
    public static RandomProgram Make(int seed) => (seed % 25) switch
    {
        < 16 => RandomProgram.Make(seed, 1, most: 4),
        < 24 => RandomProgram.Make(seed, 2, most: 7),
        _ => RandomProgram.Make(seed, 1 + seed / 25 % 5),
    };

    /// <summary>The compiled programs with everything that the generator made of them.</summary>
    public Assembly Assembly { get; }

    public Generated Generated { get; }
    public IReadOnlyDictionary<int, RandomProgram> Programs { get; }

    /// <summary>For two in five so little that every loop is cut; AUTOVEC_BUDGET says what is for all.</summary>
    public static string Budget(int seed, string before = "") =>
        (Environment.GetEnvironmentVariable("AUTOVEC_BUDGET") ?? (seed % 5) switch { 2 => "1 B", 4 => "150 B", _ => null }) is { } budget ? $"{before}MemoryBudget = \"{budget}\"" : "";

    private const string One = "double[] x, double[] y, double[,] w, double a, double b";

    /// <summary>Is the matrix one for all samples by its declaration, as weights are?</summary>
    public static bool SharesMatrix(int seed) => seed % 4 == 0;

    /// <summary>Is one matrix passed for all samples? Undeclared, its tangents would be one for each.</summary>
    public static bool HasOneMatrix(int seed) => SharesMatrix(seed) || seed % 4 == 2 && !HasJvp(seed);

    private static string Many(int seed) => $"double[,] x, double[,] y, double[{(HasOneMatrix(seed) ? "," : ",,")}] w, double[] a, double[] b";

    /// <summary>Is forward mode compiled too? A third of the programs: it costs a third more.</summary>
    public static bool HasJvp(int seed) => seed % 3 == 1;

    private static string Call(int seed) => (HasJvp(seed) ? Jvp(seed) : "") + $$"""
        public static object[] Plain{{seed}}({{One}}) => [P.F{{seed}}(x, y, w, a, b)];
        public static object[] Batch{{seed}}({{Many(seed)}}) => [P.F{{seed}}Batch(x, y, w, a, b)];
        public static object[] Grad{{seed}}({{One}})
        {
            var (value, g) = P.F{{seed}}ValueAndGrad(x, y, w, a, b);
            return [value, g.X, g.Y, g.W, g.A, g.B];
        }
        public static object[] GradBatch{{seed}}({{Many(seed)}})
        {
            var (value, g) = P.F{{seed}}ValueAndGradBatch(x, y, w, a, b);
            return [value, g.X, g.Y, g.W, g.A, g.B];
        }
        public static object[] Emulated{{seed}}(Device device, {{Many(seed)}})
        {
            using DeviceArray<double> dx = device.Upload(x), dy = device.Upload(y), dw = device.Upload(w), da = device.Upload(a), db = device.Upload(b);
            var (value, g) = P.F{{seed}}ValueAndGradBatch(device, dx, dy, dw, da, db);
            return [value.ToArray(), g.X.ToArray(), g.Y.ToArray(), g.W.ToArray(), g.A.ToArray(), g.B.ToArray()];
        }

        """;

    /// <summary>Along the arguments themselves.</summary>
    private static string Jvp(int seed) => $$"""
        public static object[] Jvp{{seed}}({{One}})
        {
            var (value, tangent) = P.F{{seed}}Jvp(x, y, w, a, b, new(x, y, w, a, b));
            return [value, tangent];
        }
        public static object[] JvpBatch{{seed}}({{Many(seed)}})
        {
            var (value, tangent) = P.F{{seed}}JvpBatch(x, y, w, a, b, new(x, y, w, a, b));
            return [value, tangent];
        }
        public static object[] EmulatedJvp{{seed}}(Device device, {{Many(seed)}})
        {
            using DeviceArray<double> dx = device.Upload(x), dy = device.Upload(y), dw = device.Upload(w), da = device.Upload(a), db = device.Upload(b);
            var (value, tangent) = P.F{{seed}}JvpBatch(device, dx, dy, dw, da, db, new(dx, dy, dw, da, db));
            return [value.ToArray(), tangent.ToArray()];
        }

        """;

    /// <summary>Value or gradients of one sample, or of the stacked samples, each result flat.</summary>
    public double[][] Call(string what, int seed, IReadOnlyList<Value[]> samples, Device? device = null)
    {
        bool batch = what is not ("Plain" or "Grad" or "Jvp");
        var arguments = Enumerable.Range(0, samples[0].Length)
            .Select(k => batch && !(k == 2 && HasOneMatrix(seed)) ? Stack([.. samples.Select(s => s[k])]) : Host(samples[0][k].Shape, samples[0][k].ToDoubles())).ToList();
        if (device is not null) arguments.Insert(0, device);
        try
        {
            var results = (object[])_calls.GetMethod(what + seed)!.Invoke(null, [.. arguments])!;
            return [.. results.Select(r => r is Array array ? [.. array.Cast<double>()] : new[] { (double)r })];
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    private static object Stack(Value[] samples) => Host([samples.Length, .. samples[0].Shape], [.. samples.SelectMany(s => s.ToDoubles())]);

    internal static object Host(Seq<int> shape, double[] data)
    {
        if (shape.Count == 0) return data[0];
        var array = Array.CreateInstance(typeof(double), [.. shape]);
        Buffer.BlockCopy(data, 0, array, 0, data.Length * sizeof(double));
        return array;
    }
}
