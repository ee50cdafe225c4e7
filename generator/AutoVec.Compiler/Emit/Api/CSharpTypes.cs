namespace AutoVec.Compiler.Emit.Api;

/// <summary>How a value is held: as the method has it, with a leading dimension on every leaf, or on a device.</summary>
internal enum Form { Own, Batch, Device }

/// <summary>Types of generated members as text.</summary>
internal static class CSharpTypes
{
    /// <summary>The element type of a leaf: <c>float</c> of <c>float[,]</c> and of <c>ReadOnlySpan&lt;float&gt;</c>.</summary>
    public static string Element(ArrayValue value)
    {
        string type = value.CSharpType;
        if (value.Rank == 0) return type;
        int end = value.Storage == Storage.Value ? type.LastIndexOf('[') : type.LastIndexOf('>');
        int start = value.Storage == Storage.Value ? 0 : type.IndexOf('<') + 1;
        return type.Substring(start, end - start);
    }

    public static string Array(string element, int rank) => rank == 0 ? element : $"{element}[{new string(',', rank - 1)}]";

    /// <summary>The type that holds a result or a gradient; a span becomes an array.</summary>
    public static string Of(ValueModel value, Form form) => value switch
    {
        ArrayValue a => form switch
        {
            Form.Own => Array(Element(a), a.Rank),
            Form.Batch => Array(Element(a), a.Rank + 1),
            _ => $"DeviceArray<{Element(a)}>",
        },
        TreeValue t => form switch { Form.Own => t.TypeName, Form.Batch => t.TypeName + ".Batch", _ => t.TypeName + ".OnDevice" },
        PackedValue p => form == Form.Own ? p.ElementName + "[]" : form == Form.Device ? p.PackName + ".OnDevice" : throw new NotSupportedException("there is no batch of an array of trees"),
        TupleValue t => $"({string.Join(", ", t.Elements.Map(e => $"{Of(e.Value, form)} {Identifiers.Of(e.Property)}"))})",
        _ => throw new InvalidOperationException(value.GetType().Name),
    };

    /// <summary>The value, made of its leaves.</summary>
    /// <param name="leaf">The text of the k-th leaf in order.</param>
    public static string Construct(ValueModel value, Form form, Func<int, string> leaf)
    {
        int next = 0;
        return Make(value);

        string Make(ValueModel v) => v switch
        {
            TreeValue t => $"new {Of(t, form)}({Fields(t.Fields)})",
            TupleValue t => $"({Fields(t.Elements)})",
            PackedValue p => $"{(form == Form.Device ? $"new {p.PackName}.OnDevice" : $"{p.PackName}.Unpack")}({string.Join(", ", p.Leaves.Map(_ => leaf(next++)))})",
            _ => leaf(next++),
        };

        string Fields(Ir.Seq<TreeField> fields) =>
            string.Join(", ", fields.Map(f => $"{(f.Value is PackedValue && form == Form.Device ? f.Property + "Pack" : Identifiers.Of(f.Property))}: {Make(f.Value)}"));
    }

    /// <summary>The parameter of a batch function that takes one value or a batch.</summary>
    public static string Argument(ValueModel value, bool onDevice) => value switch
    {
        ArrayValue { Rank: 0 } a => $"{(onDevice ? "DeviceIn" : "In")}<{Element(a)}>",
        ArrayValue a => onDevice ? $"DeviceArray<{Element(a)}>" : $"In{a.Rank}<{Element(a)}>",
        TreeValue t => t.TypeName + (onDevice ? ".OnDevice" : ".In"),
        _ => throw new NotSupportedException("a tuple is no parameter of a batch function"),
    };

    /// <summary>The parameter as the method itself has it.</summary>
    public static string Parameter(ValueModel value) => value is ArrayValue a ? a.CSharpType : Of(value, Form.Own);
}
