using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Api;

/// <summary>
/// What a tree gets for a field that is an array of trees, <c>Layer[] Layers</c>: the struct <c>LayersPacked</c>, whose properties pack one leaf each,
/// <c>LayersPacked.OnDevice</c>, which holds them packed, and the property <c>LayersPack</c> that leads to it.
/// </summary>
internal static class PackEmitter
{
    public static void Emit(TreeField field, CodeWriter code)
    {
        var packed = (PackedValue)field.Value;
        string type = field.Property + "Packed", element = packed.ElementName;
        const string Hidden = "[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]";
        code.Separate();
        code.Lines($"/// <summary>The trees of <see cref=\"{field.Property}\"/> leaf by leaf, for generated code.</summary>\n{Hidden}");
        code.Lines($"public {type} {field.Property}Pack => new({Identifiers.Of(field.Property)});");
        code.Separate();
        code.Lines($"/// <summary>Packs the leaves of an array of trees, each when it is asked for.</summary>\n/// <param name=\"trees\">The trees.</param>\n{Hidden}");
        code.Open($"public readonly struct {type}({element}[] trees)");
        foreach (var (leaf, text) in Packs(packed))
        {
            code.Lines($"/// <summary>The leaf <c>{leaf.Property}</c> of all trees.</summary>");
            code.Lines($"public {((ArrayValue)leaf.Value).CSharpType} {Identifiers.Of(leaf.Property)} => {text};");
        }
        Unpack(packed, element, code);
        code.Separate();
        code.Lines("/// <summary>Copies every leaf to a device.</summary>\n/// <param name=\"device\">Where to.</param>");
        code.Lines($"public OnDevice Upload(global::AutoVec.Device device) => new({string.Join(", ", packed.Leaves.Map(l => $"device.Upload({Identifiers.Of(l.Property)})"))}) {{ OwnsLayout = true }};");
        OnDevice(packed, element, code);
        code.Close();
    }

    private static bool IsLayout(PackedValue packed, TreeField leaf) => packed.Fields.All(f => f.Property != leaf.Property);

    /// <summary>Each packed leaf with the expression that packs it.</summary>
    private static IEnumerable<(TreeField Leaf, string Text)> Packs(PackedValue packed)
    {
        int next = 0;
        foreach (var f in packed.Fields)
        {
            var value = (ArrayValue)f.Value;
            string read = $"static tree => tree.{Identifiers.Of(f.Property)}", name = CSharpTypes.Element(value);
            if (value.Rank == 0)
            {
                yield return (packed.Leaves[next++], $"global::AutoVec.Trees.Packing.Scalars(trees, {read})");
                continue;
            }
            yield return (packed.Leaves[next++], $"global::AutoVec.Trees.Packing.Flat<{packed.ElementName}, {name}>(trees, {read})");
            for (int d = 0; d < value.Rank; d++) yield return (packed.Leaves[next++], $"global::AutoVec.Trees.Packing.Extent(trees, {read}, {d})");
            yield return (packed.Leaves[next++], $"global::AutoVec.Trees.Packing.Start(trees, {read})");
        }
    }

    private static string Count(PackedValue packed)
    {
        int next = 0;
        foreach (var f in packed.Fields)
        {
            if (((ArrayValue)f.Value).Rank == 0) return Identifiers.Of(packed.Leaves[next].Property);
            return Identifiers.Of(packed.Leaves[next + 1].Property);
        }
        throw new InvalidOperationException($"{packed.ElementName} has no leaves");
    }

    private static void Unpack(PackedValue packed, string element, CodeWriter code)
    {
        code.Separate();
        code.Lines("/// <summary>New trees from their packed leaves.</summary>");
        code.List($"public static {element}[] Unpack(", packed.Leaves.Map(l => $"{((ArrayValue)l.Value).CSharpType} {Identifiers.Of(l.Property)}"), ")");
        code.Open();
        code.Lines($"var unpacked = new {element}[{Count(packed)}.Length];");
        code.Open("for (int k = 0; k < unpacked.Length; k++)");
        code.Lines($"unpacked[k] = new({string.Join(", ", packed.Fields.Map(f => $"{Identifiers.Of(f.Property)}: {Part(f, "")}"))});");
        code.Close();
        code.Lines("return unpacked;");
        code.Close();
    }

    private static string Part(TreeField f, string from)
    {
        var value = (ArrayValue)f.Value;
        string name = Identifiers.Of(f.Property);
        if (value.Rank == 0) return $"{from}{name}[k]";
        string extents = string.Join(", ", Enumerable.Range(0, value.Rank).Select(d => $"{from}{f.Property}Extent{d}[k]"));
        return $"global::AutoVec.Trees.Packing.Array{value.Rank}({from}{name}, {from}{f.Property}Start[k], {extents})";
    }

    private static void OnDevice(PackedValue packed, string element, CodeWriter code)
    {
        code.Separate();
        code.Lines("/// <summary>The leaves of an array of trees, packed, in the memory of a device.</summary>");
        foreach (var l in packed.Leaves) code.Lines($"/// <param name=\"{l.Property}\">The leaf <c>{l.Property}</c> of all trees.</param>");
        code.List("public sealed record OnDevice(", packed.Leaves.Map(l => $"{CSharpTypes.Of(l.Value, Form.Device)} {Identifiers.Of(l.Property)}"), ") : global::System.IDisposable");
        code.Open();
        code.Lines("/// <summary>Are extents and starts disposed with the leaves? A gradient has those of what it is the gradient of.</summary>");
        code.Lines("public bool OwnsLayout { get; init; }");
        code.Separate();
        code.Lines("/// <summary>Downloads every tree. Waits for the device.</summary>");
        code.Lines($"public {element}[] ToHost() => Unpack({string.Join(", ", packed.Leaves.Map(l => $"{Identifiers.Of(l.Property)}.ToArray()"))});");
        code.Separate();
        code.Lines("/// <summary>Downloads into existing trees. Waits for the device.</summary>\n/// <param name=\"destination\">Trees of the same shapes.</param>");
        code.Open($"public void CopyTo({element}[] destination)");
        var arrays = packed.Fields.Where(f => ((ArrayValue)f.Value).Rank > 0).ToList();
        foreach (var f in arrays) code.Lines($"var {f.Property}Host = {Identifiers.Of(f.Property)}.ToArray(); var {f.Property}At = {f.Property}Start.ToArray();");
        code.Lines("for (int k = 0; k < destination.Length; k++)");
        code.Open();
        foreach (var f in arrays) code.Lines($"global::AutoVec.Trees.Packing.Fill(destination[k].{Identifiers.Of(f.Property)}, {f.Property}Host, {f.Property}At[k]);");
        code.Close();
        code.Close();
        code.Separate();
        code.Lines("/// <summary>Hands the memory back to the device.</summary>");
        code.Open("public void Dispose()");
        foreach (var l in packed.Leaves.Where(l => !IsLayout(packed, l))) code.Lines($"{Identifiers.Of(l.Property)}.Dispose();");
        code.Lines("if (!OwnsLayout) return;");
        foreach (var l in packed.Leaves.Where(l => IsLayout(packed, l))) code.Lines($"{Identifiers.Of(l.Property)}.Dispose();");
        code.Close();
        code.Close();
    }
}
