using System.Text.Json;
using System.Text.Json.Nodes;
using AutoVec.Samples.GradBench.Evaluations;
using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.Tests.GradBench;

/// <summary>The tool as its user sees it: a line in, a line out.</summary>
internal static class Ask
{
    private static readonly Tool Tool = new(Registry.Modules);

    public static JsonNode Line(string line)
    {
        var output = new StringWriter();
        Tool.Run(new StringReader(line + "\n"), output);
        string answer = output.ToString();
        Assert.EndsWith("\n", answer);
        Assert.DoesNotContain('\n', answer[..^1]);
        return JsonNode.Parse(answer)!;
    }

    /// <summary>The output of a function; <paramref name="input"/> is written with its own names.</summary>
    public static JsonNode For(string module, string function, object input)
    {
        var message = new JsonObject
        {
            ["id"] = 7, ["kind"] = "evaluate", ["module"] = module, ["function"] = function, ["input"] = JsonSerializer.SerializeToNode(input),
        };
        var answer = Line(message.ToJsonString());
        Assert.True((bool?)answer["success"], (string?)answer["error"]);
        Assert.Equal(7, (int)answer["id"]!);
        return answer["output"]!;
    }

    public static double Number(string module, string function, object input) => (double)For(module, function, input)!;

    public static double[] Numbers(string module, string function, object input) => Flat(For(module, function, input));

    /// <summary>All numbers in a node, in order.</summary>
    public static double[] Flat(JsonNode node) => node is JsonArray array ? [.. array.SelectMany(n => Flat(n!))] : [(double)node];
}
