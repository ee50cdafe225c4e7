using System.Text.Json;
using System.Text.Json.Nodes;

namespace AutoVec.Samples.GradBench.Protocol;

/// <summary>JSON as the protocol has it: names in snake_case, matrices as lists of rows, no NaN.</summary>
public static class Json
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new Matrix() },
    };

    /// <exception cref="ToolException">The element is not a <typeparamref name="T"/>.</exception>
    public static T Read<T>(JsonElement element) where T : notnull
    {
        try
        {
            return element.Deserialize<T>(Options) ?? throw new ToolException("input: null");
        }
        catch (JsonException e)
        {
            throw new ToolException($"input: {e.Message}");
        }
    }

    /// <exception cref="ToolException">The value holds a NaN or an infinity, for which JSON has no number.</exception>
    public static JsonNode Write<T>(T value) where T : notnull
    {
        try
        {
            return JsonSerializer.SerializeToNode(value, Options)!;
        }
        catch (ArgumentException)
        {
            throw new ToolException("output: a number in it is not finite");
        }
    }

    /// <summary>A matrix as a list of rows of one length.</summary>
    private sealed class Matrix : System.Text.Json.Serialization.JsonConverter<double[,]>
    {
        public override double[,] Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            double[][] rows = JsonSerializer.Deserialize<double[][]>(ref reader, options)!;
            int width = rows.Length == 0 ? 0 : rows[0]?.Length ?? 0;
            var matrix = new double[rows.Length, width];
            for (int i = 0; i < rows.Length; i++)
            {
                if (rows[i]?.Length != width) throw new JsonException($"row {i} has {rows[i]?.Length ?? 0} numbers, row 0 has {width}");
                for (int j = 0; j < width; j++) matrix[i, j] = rows[i][j];
            }
            return matrix;
        }

        public override void Write(Utf8JsonWriter writer, double[,] value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            for (int i = 0; i < value.GetLength(0); i++)
            {
                writer.WriteStartArray();
                for (int j = 0; j < value.GetLength(1); j++) writer.WriteNumberValue(value[i, j]);
                writer.WriteEndArray();
            }
            writer.WriteEndArray();
        }
    }
}
