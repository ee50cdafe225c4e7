using System.Globalization;
using System.Reflection;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Tests.Kit;
using Microsoft.CodeAnalysis;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.Lowering;

/// <summary>Random methods: what lowering accepts means what C# means; the rest is rejected for its arrays' names only.</summary>
public class RandomMethodTests(ITestOutputHelper output)
{
    private const int Chunk = 50;

    public static TheoryData<int> Chunks => [.. Enumerable.Range(0, Math.Max(1, Count() / Chunk)).Select(k => k * Chunk)];

    private static int Count() => int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_METHODS"), CultureInfo.InvariantCulture, out int n) ? n : 200;

    [Theory, MemberData(nameof(Chunks))]
    public void The_interpreter_agrees(int first) => Agree(first, RandomMethods.Write, "AV0161", "AV0165");

    /// <summary>With an array of arrays, whose rows are named, replaced and exchanged.</summary>
    [Theory, MemberData(nameof(Chunks))]
    public void The_interpreter_agrees_on_rows(int first) => Agree(first, RandomMethods.WriteWithRows, "AV0110", "AV0161", "AV0162", "AV0165", "AV0166");

    private void Agree(int first, Func<int, string> write, params string[] refused)
    {
        first += int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_METHODS_FIRST"), CultureInfo.InvariantCulture, out int from) ? from : 0;
        var texts = Enumerable.Range(first, Chunk).ToDictionary(s => $"R{s}", write);
        var lowered = Lowered.FromMethods(string.Concat(texts.Values));
        Assert.Empty(lowered.Compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        Assert.All(lowered.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error), d => Assert.True(refused.Contains(d.Id), $"{d}\n{texts.Values.FirstOrDefault(t => d.GetMessage(CultureInfo.InvariantCulture).Contains(t[..t.IndexOf('(', StringComparison.Ordinal)].Split(' ')[^1], StringComparison.Ordinal))}"));
        int accepted = 0;
        foreach (var (name, text) in texts.Where(t => lowered.Knows(t.Key)))
        {
            accepted++;
            var random = new Random(first);
            for (int k = 0; k < 12; k++)
            {
                object[] args = [random.NextDouble() * 4 - 2, random.NextDouble() * 4 - 2, random.Next(-1, 5), random.Next(-1, 5), Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.NextDouble()).ToArray()];
                try
                {
                    Agreement.Check(lowered, name, args);
                }
                catch (Exception e) when (e is not TargetInvocationException)
                {
                    throw new InvalidOperationException($"{e.Message}\n{text}", e);
                }
            }
        }
        output.WriteLine($"{accepted} of {Chunk} accepted");
        if (Environment.GetEnvironmentVariable("AUTOVEC_METHODS_SHOW") is not null) output.WriteLine(string.Join("\n", lowered.Diagnostics));
        Assert.True(accepted > Chunk / 3, $"only {accepted} accepted: {string.Join("\n", lowered.Diagnostics)}");
    }
}
