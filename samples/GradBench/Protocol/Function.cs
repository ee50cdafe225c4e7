using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AutoVec.Samples.GradBench.Protocol;

/// <summary>A function of a module: JSON in, JSON out, and how long each run took.</summary>
public abstract class Function(string name)
{
    /// <summary>As the protocol calls it.</summary>
    public string Name { get; } = name;

    /// <summary>Runs the function as often and as long as <paramref name="runs"/> asks.</summary>
    /// <exception cref="ToolException">The input is not the function's, or the answer is no JSON number.</exception>
    public abstract (JsonNode Output, IReadOnlyList<long> Nanoseconds) Evaluate(JsonElement input, Runs runs);

    /// <summary>A function of one JSON value; <paramref name="compute"/> alone is timed.</summary>
    public static Function Of<TInput, TOutput>(string name, Func<TInput, TOutput> compute) where TInput : notnull where TOutput : notnull =>
        new Typed<TInput, TInput, TOutput, TOutput>(name, x => x, compute, y => y);

    /// <summary>The same with an input that is first prepared, and an answer that is abridged before it is written.</summary>
    public static Function Of<TInput, TProblem, TResult, TOutput>(
        string name, Func<TInput, TProblem> prepare, Func<TProblem, TResult> compute, Func<TResult, TOutput> abridge)
        where TInput : notnull where TOutput : notnull => new Typed<TInput, TProblem, TResult, TOutput>(name, prepare, compute, abridge);

    private sealed class Typed<TInput, TProblem, TResult, TOutput>(
        string name, Func<TInput, TProblem> prepare, Func<TProblem, TResult> compute, Func<TResult, TOutput> abridge) : Function(name)
        where TInput : notnull where TOutput : notnull
    {
        public override (JsonNode Output, IReadOnlyList<long> Nanoseconds) Evaluate(JsonElement input, Runs runs)
        {
            TProblem problem = prepare(Json.Read<TInput>(input));
            var times = new List<long>();
            double total = 0;
            TResult result;
            do
            {
                long start = Stopwatch.GetTimestamp();
                result = compute(problem);
                var elapsed = Stopwatch.GetElapsedTime(start);
                times.Add((long)elapsed.TotalNanoseconds);
                total += elapsed.TotalSeconds;
            }
            while (times.Count < runs.Least || total < runs.Seconds);
            return (Json.Write(abridge(result)), times);
        }
    }
}
