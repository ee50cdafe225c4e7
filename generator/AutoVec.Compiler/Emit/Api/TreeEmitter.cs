using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Api;

/// <summary>
/// What a [Tree] record gets: <c>Batch</c> (a leading dimension on every leaf), <c>OnDevice</c>, <c>In</c> (one or a batch) and
/// <c>Upload</c>.
/// </summary>
internal static class TreeEmitter
{
    public static void Emit(TreeModel tree, CodeWriter code)
    {
        var value = new TreeValue(tree.Name, tree.Fields);
        var leaves = Leaf.Of(value);
        var arrays = leaves.Where(l => l.Rank > 0 && !l.IsLayout).ToSeq();
        if (Leaf.IsPacked(value))
        {
            WithArraysOfTrees(tree, leaves, arrays, code);
            return;
        }
        HostLeaves(arrays, tree.Name, code);
        code.Separate();
        code.Lines("/// <summary>Copies every leaf to a device.</summary>\n/// <param name=\"device\">Where to.</param>");
        code.Lines($"public OnDevice Upload(global::AutoVec.Device device) => {Upload(tree.Fields)};");

        code.Separate();
        code.Lines($"/// <summary>A batch of <see cref=\"{tree.Name}\"/>: a leading dimension on every leaf.</summary>");
        Parameters(tree, code);
        code.List("public sealed partial record Batch(", tree.Fields.Map(f => Field(f, Form.Batch)), ") : IHostTree");
        code.Open();
        HostLeaves(leaves, "Batch", code);
        code.Separate();
        code.Lines("/// <summary>Copies every leaf to a device.</summary>\n/// <param name=\"device\">Where to.</param>");
        code.Lines($"public OnDevice Upload(global::AutoVec.Device device) => {Upload(tree.Fields, batch: true)};");
        code.Close();

        OnDevice(tree, leaves, arrays, code);
        In(tree, leaves, code);
    }

    /// <summary>No batch of these: a batch has one shape.</summary>
    private static void WithArraysOfTrees(TreeModel tree, Seq<Leaf> leaves, Seq<Leaf> arrays, CodeWriter code)
    {
        LeavesOfTrees(tree, code);
        code.Separate();
        code.Lines("/// <summary>Copies every leaf to a device; the trees of an array are packed.</summary>\n/// <param name=\"device\">Where to.</param>");
        code.Lines($"public OnDevice Upload(global::AutoVec.Device device) => {Upload(tree.Fields)};");
        foreach (var f in tree.Fields.Where(f => f.Value is PackedValue)) PackEmitter.Emit(f, code);
        OnDevice(tree, leaves, arrays, code);
    }

    /// <summary>The array leaves: those of the tree itself, then those of its trees, whose number is known at run time.</summary>
    private static void LeavesOfTrees(TreeModel tree, CodeWriter code)
    {
        var own = Leaf.Of(new TreeValue(tree.Name, tree.Fields.Where(f => !Leaf.IsPacked(f.Value)).ToSeq())).Where(l => l.Rank > 0).ToList();
        var nested = tree.Fields.Where(f => f.Value is TreeValue && Leaf.IsPacked(f.Value)).ToList();
        var packed = tree.Fields.Where(f => f.Value is PackedValue).Select(f => (Name: Identifiers.Of(f.Property),
            Arrays: ((PackedValue)f.Value).Fields.Where(x => x.Value is ArrayValue { Rank: > 0 }).Select(x => Identifiers.Of(x.Property)).ToList())).ToList();
        code.Separate();
        code.Lines($"int IHostTree.LeafCount => {string.Join(" + ", new[] { $"{own.Count}" }.Concat(nested.Select(f => $"((IHostTree){Identifiers.Of(f.Property)}).LeafCount")).Concat(packed.Select(p => $"{p.Arrays.Count} * {p.Name}.Length")))};");
        code.Separate();
        code.Open("global::System.Array IHostTree.Leaf(int index)");
        for (int k = 0; k < own.Count; k++) code.Lines($"if (index == {k}) return {own[k].Path.Substring(1)};");
        code.Lines($"index -= {own.Count};");
        foreach (var f in nested)
        {
            code.Lines($"if (index >= 0 && index < ((IHostTree){Identifiers.Of(f.Property)}).LeafCount) return ((IHostTree){Identifiers.Of(f.Property)}).Leaf(index);");
            code.Lines($"index -= ((IHostTree){Identifiers.Of(f.Property)}).LeafCount;");
        }
        foreach (var (name, arrays) in packed.Where(p => p.Arrays.Count > 0))
        {
            code.Lines($"if (index >= 0 && index < {arrays.Count} * {name}.Length)");
            code.Lines($"    return (index % {arrays.Count}) switch {{ {string.Join(", ", arrays.Select((a, k) => $"{(k == arrays.Count - 1 ? "_" : $"{k}")} => (global::System.Array){name}[index / {arrays.Count}].{a}"))} }};");
            code.Lines($"index -= {arrays.Count} * {name}.Length;");
        }
        code.Lines("throw new global::System.ArgumentOutOfRangeException(nameof(index));");
        code.Close();
    }

    private static string Field(TreeField f, Form form) => $"{CSharpTypes.Of(f.Value, form)} {(f.Value is PackedValue && form == Form.Device ? f.Property + "Pack" : Identifiers.Of(f.Property))}";

    private static void Parameters(TreeModel tree, CodeWriter code)
    {
        foreach (var f in tree.Fields) code.Lines($"/// <param name=\"{f.Property}\">As <see cref=\"{tree.Name}.{f.Property}\"/>.</param>");
    }

    /// <summary>The leaves by number, for <c>Tree.Zip</c>: explicit members, so that no name is taken.</summary>
    private static void HostLeaves(Seq<Leaf> leaves, string type, CodeWriter code) => Leaves(leaves, "IHostTree", "global::System.Array", type, code);

    private static void Leaves(Seq<Leaf> leaves, string tree, string result, string type, CodeWriter code)
    {
        code.Separate();
        code.Lines($"int {tree}.LeafCount => {leaves.Count};");
        code.Separate();
        code.Lines($"{result} {tree}.Leaf(int index) => index switch");
        code.Lines("{");
        for (int k = 0; k < leaves.Count; k++) code.Lines($"    {k} => {leaves[k].Path.Substring(1)},");
        code.Lines($"    _ => throw new global::System.ArgumentOutOfRangeException(nameof(index), index, \"{type} has {leaves.Count} array leaves\"),");
        code.Lines("};");
    }

    /// <summary>Nested trees upload themselves.</summary>
    private static string Upload(Seq<TreeField> fields, bool batch = false) =>
        $"new({string.Join(", ", fields.Map(f => Upload(f.Value, f.Value is PackedValue ? f.Property + "Pack" : Identifiers.Of(f.Property), batch)))})";

    private static string Upload(ValueModel value, string path, bool batch) => value switch
    {
        ArrayValue { Rank: 0 } when !batch => $"device.UploadScalar({path})",
        ArrayValue => $"device.Upload({path})",
        TupleValue t => $"({string.Join(", ", t.Elements.Map(e => Upload(e.Value, $"{path}.{Identifiers.Of(e.Property)}", batch)))})",
        _ => $"{path}.Upload(device)",
    };

    private static void OnDevice(TreeModel tree, Seq<Leaf> leaves, Seq<Leaf> arrays, CodeWriter code)
    {
        code.Separate();
        code.Lines($"/// <summary>A <see cref=\"{tree.Name}\"/>, or a batch of them, in the memory of a device.</summary>");
        bool packed = tree.Fields.Any(f => Leaf.IsPacked(f.Value));
        foreach (var f in tree.Fields) code.Lines($"/// <param name=\"{(f.Value is PackedValue ? f.Property + "Pack" : f.Property)}\">As <see cref=\"{tree.Name}.{f.Property}\"/>.</param>");
        code.List("public sealed partial record OnDevice(", tree.Fields.Map(f => Field(f, Form.Device)), ") : IDeviceTree, global::System.IDisposable");
        code.Open();
        Leaves(arrays, "IDeviceTree", "object", "OnDevice", code);

        code.Separate();
        code.Lines("/// <summary>Downloads every leaf. Waits for the device.</summary>\n/// <exception cref=\"global::System.InvalidOperationException\">This is a batch.</exception>");
        code.Lines($"public {tree.Name} ToHost() => {Download(tree.Fields, batch: false)};");
        if (!packed)
        {
            code.Separate();
            code.Lines("/// <summary>Downloads every leaf of a batch. Waits for the device.</summary>\n/// <exception cref=\"global::System.InvalidOperationException\">This is no batch.</exception>");
            code.Lines($"public Batch ToBatch() => {Download(tree.Fields, batch: true)};");
        }

        code.Separate();
        code.Lines("/// <summary>Overwrites every leaf.</summary>\n/// <param name=\"source\">Leaves of the same shapes.</param>");
        code.Open($"public void CopyFrom({tree.Name} source)");
        foreach (var l in leaves) code.Lines($"{l.Path.Substring(1)}.CopyFrom({(l.Rank == 0 ? $"[source{l.Path}]" : $"source{l.Path}")});");
        code.Close();
        if (leaves.All(l => l.Rank > 0))
        {
            code.Separate();
            code.Lines("/// <summary>Downloads into existing arrays. Waits for the device.</summary>\n/// <param name=\"destination\">Leaves of the same shapes.</param>");
            code.Open($"public void CopyTo({tree.Name} destination)");
            if (!packed)
                foreach (var l in leaves) code.Lines($"{l.Path.Substring(1)}.CopyTo(destination{l.Path});");
            else
                foreach (var f in tree.Fields) code.Lines($"{(f.Value is PackedValue ? f.Property + "Pack" : Identifiers.Of(f.Property))}.CopyTo(destination.{Identifiers.Of(f.Property)});");
            code.Close();
        }

        code.Separate();
        code.Lines("/// <summary>Hands the memory of every leaf back to the device.</summary>");
        code.Open("public void Dispose()");
        foreach (var f in tree.Fields)
        {
            if (f.Value is PackedValue) code.Lines($"{f.Property}Pack.Dispose();");
            else
                foreach (var l in Leaf.Of(new TreeValue("", [f])).Where(l => !l.IsLayout)) code.Lines($"{l.Path.Substring(1)}.Dispose();");
        }
        code.Close();

        code.Separate();
        code.Lines($"/// <summary>A tree on the host is not on the device.</summary>\n/// <param name=\"host\">The tree.</param>");
        code.Lines("[global::System.Obsolete(\"This tree is on the host: write tree.Upload(device).\", error: true)]");
        code.Lines($"public static implicit operator OnDevice({tree.Name} host) => throw new global::System.NotSupportedException();");
        code.Close();
    }

    private static string Download(Seq<TreeField> fields, bool batch) =>
        $"new({string.Join(", ", fields.Map(f => Download(f.Value, f.Value is PackedValue ? f.Property + "Pack" : Identifiers.Of(f.Property), batch)))})";

    private static string Download(ValueModel value, string path, bool batch) => value switch
    {
        ArrayValue { Rank: 0 } when !batch => $"{path}.ToScalar()",
        ArrayValue a => $"{path}.ToArray{a.Rank + (batch ? 1 : 0)}()",
        TupleValue t => $"({string.Join(", ", t.Elements.Map(e => Download(e.Value, $"{path}.{Identifiers.Of(e.Property)}", batch)))})",
        _ => $"{path}.{(batch ? "ToBatch" : "ToHost")}()",
    };

    private static void In(TreeModel tree, Seq<Leaf> leaves, CodeWriter code)
    {
        bool isStruct = tree.Types[^1].Keyword.Split(' ').Contains("struct");
        code.Separate();
        code.Lines($"/// <summary>The argument of a parameter of type <see cref=\"{tree.Name}\"/> of a batch function: one value for the whole batch, or a batch.</summary>");
        code.Open("public readonly ref struct In");
        foreach (var l in leaves)
        {
            code.Lines($"/// <summary>The leaf <c>{l.Path.Substring(1)}</c>, for generated code.</summary>");
            code.Lines("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
            code.Lines($"public readonly {CSharpTypes.Argument(l.Value, onDevice: false)} {l.FlatName};");
        }
        foreach (var (type, parameter, doc) in new[] { (tree.Name, "one", "One value for the whole batch."), ("Batch", "batch", "One value per sample.") })
        {
            code.Separate();
            code.Open($"private In({type} {parameter})");
            if (type != tree.Name || !isStruct) code.Lines($"if ({parameter} is null) return;");
            foreach (var l in leaves) code.Lines($"{l.FlatName} = {parameter}{l.Path};");
            code.Close();
            code.Separate();
            code.Lines($"/// <summary>{doc}</summary>\n/// <param name=\"{parameter}\">The tree.</param>");
            code.Lines($"public static implicit operator In({type} {parameter}) => new({parameter});");
        }
        code.Close();
    }
}
