using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Api;

/// <summary>The record structs that hold gradients: <c>FGradient</c>, <c>FGradientBatch</c> and <c>FGradientBatch.OnDevice</c>.</summary>
internal static class GradientTypes
{
    public static void Emit(MethodModel method, CodeWriter code)
    {
        var parameters = CallModel.Differentiable(method);
        string name = method.Name + "Gradient";
        code.Separate();
        code.Lines(Docs(method, parameters, $"The gradient of <c>{method.Name}</c>: one property per differentiable parameter."));
        code.List($"{method.Accessibility} readonly record struct {name}(", parameters.Map(p => Property(method, p, Form.Own)), ");");
        if (!method.Vectorize) return;

        code.Separate();
        code.Lines(Docs(method, parameters, $"The gradient of <c>{method.Name}</c> over a batch: per sample, or for a shared parameter its own shape."));
        code.List($"{method.Accessibility} readonly record struct {name}Batch(", parameters.Map(p => Property(method, p, p.Shared ? Form.Own : Form.Batch)), ")");
        code.Open();
        code.Lines(Docs(method, parameters, "The same on a device."));
        code.List("public readonly record struct OnDevice(", parameters.Map(p => Property(method, p, Form.Device)), ") : global::System.IDisposable");
        code.Open();
        code.Lines("/// <summary>Hands the memory of all arrays back to the device.</summary>");
        code.Open("public void Dispose()");
        foreach (var p in parameters) code.Lines(Dispose(p));
        code.Close();
        code.Close();
        code.Close();
    }

    /// <summary>As tangents, what is null is zero; as a gradient nothing is.</summary>
    private static string Property(MethodModel method, ParameterModel p, Form form)
    {
        bool mayBeNull = method.Forward && (form != Form.Own || p.Value is ArrayValue { Rank: > 0 } or TreeValue { IsStruct: false });
        return $"{(mayBeNull ? "[AllowNull][property: AllowNull] " : "")}{CSharpTypes.Of(p.Value, form)} {CallModel.Property(p)}";
    }

    // A default gradient has no arrays yet.
    private static string Dispose(ParameterModel p) => p.Value is TupleValue
        ? string.Join("\n", Leaf.Of(p.Value).Map(l => $"{CallModel.Property(p)}{l.Path}?.Dispose();"))
        : $"{CallModel.Property(p)}?.Dispose();";

    private static string Docs(MethodModel method, Seq<ParameterModel> parameters, string summary) => string.Join("\n",
        parameters.Map(p => $"/// <param name=\"{CallModel.Property(p)}\">With respect to <c>{p.Name}</c>.</param>").Prepend($"/// <summary>{summary}</summary>"));
}
