using System.Text.Json;
using System.Text.Json.Nodes;

namespace AutoVec.Samples.GradBench.Protocol;

/// <summary>The protocol: one JSON object a line in, one a line out, flushed. What goes wrong with a message is said in its answer.</summary>
public sealed class Tool(IReadOnlyList<Module> modules)
{
    /// <summary>Answers messages until the input ends.</summary>
    public void Run(TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            output.WriteLine(Answer(line).ToJsonString());
            output.Flush();
        }
    }

    /// <summary>The answer to one line. It never throws: a line that is no message gets <c>"id": null</c> and an error.</summary>
    public JsonObject Answer(string line)
    {
        JsonNode? id = null;
        try
        {
            using var document = JsonDocument.Parse(line);
            var message = document.RootElement;
            ToolException.Unless(message.ValueKind == JsonValueKind.Object, "the message is no JSON object");
            if (message.TryGetProperty("id", out var given)) id = JsonNode.Parse(given.GetRawText());
            return Answer(id, message);
        }
        catch (Exception e)
        {
            return new JsonObject { ["id"] = id?.DeepClone(), ["success"] = false, ["error"] = Text(e) };
        }
    }

    private JsonObject Answer(JsonNode? id, JsonElement message)
    {
        switch (message.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : null)
        {
            case "start":
                return new JsonObject { ["id"] = id, ["tool"] = "autovec" };
            case "define":
                string name = Name(message, "module");
                bool known = modules.Any(m => m.Name == name);
                var defined = new JsonObject { ["id"] = id, ["success"] = known };
                if (!known) defined["error"] = Unknown(name);
                return defined;
            case "evaluate":
                string module = Name(message, "module");
                var function = (modules.FirstOrDefault(m => m.Name == module) ?? throw new ToolException(Unknown(module))).Find(Name(message, "function"));
                ToolException.Unless(message.TryGetProperty("input", out var input), "the message has no 'input'");
                var (output, times) = function.Evaluate(input, Runs.Of(input));
                var timings = times.Select(t => (JsonNode)new JsonObject { ["name"] = "evaluate", ["nanoseconds"] = t });
                return new JsonObject { ["id"] = id, ["success"] = true, ["output"] = output, ["timings"] = new JsonArray([.. timings]) };
            default:
                return new JsonObject { ["id"] = id };
        }
    }

    private string Unknown(string module) => $"there is no module '{module}'; there are {string.Join(", ", modules.Select(m => m.Name))}";

    private static string Name(JsonElement message, string property) =>
        message.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new ToolException($"the message has no '{property}'");

    // What a caller did wrong reads as it is; anything else names what was thrown.
    private static string Text(Exception e) => e is ToolException ? e.Message : e is JsonException ? $"not JSON: {e.Message}" : $"{e.GetType().Name}: {e.Message}";
}
