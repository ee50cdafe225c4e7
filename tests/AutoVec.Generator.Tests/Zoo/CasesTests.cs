using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using AutoVec.Generator.Tests.Kit;

namespace AutoVec.Generator.Tests.Zoo;

/// <summary>Every case of the zoo: the lowered function gives what the plain method gives, on the case's inputs.</summary>
public class CasesTests
{
    private static readonly ConcurrentDictionary<string, Lowered> Families = new();

    private static Lowered Family(string name) => Families.GetOrAdd(name, n => Lowered.From(ZooFolder.Read($"Cases.{n}.cs"), $"Cases.{n}.cs"));

    public static TheoryData<string> Ids()
    {
        var data = new TheoryData<string>();
        if (ZooFolder.Path is null) data.Add("none");
        else foreach (var c in Cases.Value.Values) data.Add(c.GetProperty("id").GetString()!);
        return data;
    }

    private static readonly Lazy<Dictionary<string, JsonElement>> Cases = new(() =>
        JsonDocument.Parse(ZooFolder.Read("cases.json")).RootElement.GetProperty("cases").EnumerateArray().ToDictionary(c => c.GetProperty("id").GetString()!));

    [ZooTheory, MemberData(nameof(Ids))]
    public void Lowered_function_is_the_plain_method(string id)
    {
        var c = Cases.Value[id];
        string method = c.GetProperty("method").GetString()!;
        var family = Family(c.GetProperty("class").GetString()!);
        var parameters = family.Plain(method).GetParameters();
        var inputs = c.GetProperty("inputs");
        var batched = c.TryGetProperty("batched", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToHashSet() : [];
        int samples = c.TryGetProperty("batchSize", out var size) ? size.GetInt32() : 1;
        for (int sample = 0; sample < samples; sample++)
        {
            object Argument(ParameterInfo p)
            {
                var value = inputs.GetProperty(p.Name!);
                return Convert(batched.Contains(p.Name!) ? value[sample] : value, p.ParameterType);
            }
            Agreement.Check(family, method, [.. parameters.Select(Argument)]);
        }
    }

    private static object Convert(JsonElement e, Type type)
    {
        if (type == typeof(int)) return e.GetInt32();
        if (type == typeof(float)) return (float)Number(e);
        if (type == typeof(double)) return Number(e);
        var element = type.GetElementType()!;
        if (type.GetArrayRank() == 1)
        {
            var row = Array.CreateInstance(element, e.GetArrayLength());
            for (int i = 0; i < row.Length; i++) row.SetValue(Convert(e[i], element), i);
            return row;
        }
        int columns = e.GetArrayLength() == 0 ? 0 : e[0].GetArrayLength();
        var table = Array.CreateInstance(element, e.GetArrayLength(), columns);
        for (int i = 0; i < e.GetArrayLength(); i++)
            for (int j = 0; j < columns; j++) table.SetValue(Convert(e[i][j], element), i, j);
        return table;
    }

    private static double Number(JsonElement e) => e.ValueKind == JsonValueKind.String
        ? e.GetString() switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, _ => double.NegativeInfinity }
        : e.GetDouble();
}
