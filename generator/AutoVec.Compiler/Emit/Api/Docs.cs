namespace AutoVec.Compiler.Emit.Api;

/// <summary>The XML documentation of generated members.</summary>
internal static class Docs
{
    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    public static string Member(CallModel call, Site site, ValueMode values, GradientMode gradient, IEnumerable<string> parameters)
    {
        var method = call.Method;
        string what = What(call, site, values, gradient);
        var lines = new List<string>();
        if (method.Summary.Length == 0) lines.Add($"/// <summary>{what}</summary>");
        else
        {
            lines.AddRange([$"/// <summary>", "/// " + what]);
            lines.AddRange(method.Summary.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).Select(l => "/// " + Escape(l)));
            lines.Add("/// </summary>");
        }
        lines.AddRange(parameters.Select(p => $"/// <param name=\"{p.TrimStart('@')}\">{Parameter(method, p, site, call.Kind)}</param>"));
        return string.Join("\n", lines);
    }

    private static string What(CallModel call, Site site, ValueMode values, GradientMode gradient)
    {
        var method = call.Method;
        string of = $"<c>{method.Name}</c>";
        string over = method.Reduce switch
        {
            Reduction.Sum => "the sum over the batch",
            Reduction.Mean => "the mean over the batch",
            _ => "one result per sample",
        };
        string where = site == Site.Device ? " Runs on the device." : "";
        string how = (values, gradient) switch
        {
            (ValueMode.Destination, GradientMode.Reused) => " Fills the destination and the gradient's arrays; allocates only those that are null or of another shape.",
            (_, GradientMode.Reused) => " Fills the gradient's arrays; allocates only those that are null or of another shape.",
            (ValueMode.Destination, _) => call.Kind == CoreKind.Jvp ? " Fills the destinations." : " Fills the destination.",
            _ => "",
        };
        string what = call.Kind switch
        {
            CoreKind.Batch => $"{of} over a batch: {over}.",
            CoreKind.Vjp => site == Site.Single
                ? $"The value of {of}, and the cotangent of the result pulled back to the parameters."
                : $"{of} over a batch, {over}, and the cotangent pulled back to the parameters.",
            CoreKind.Jvp => site == Site.Single
                ? $"The value of {of}, and its derivative along the tangents of the parameters."
                : $"{of} over a batch, {over}, and the derivative of that along the tangents of the parameters.",
            _ => (values == ValueMode.Discarded ? "The gradient of " : "The value and the gradient of ")
                + (site == Site.Single ? $"{of}." : $"{of} over a batch ({over})."),
        };
        return what + how + where;
    }

    private static string Parameter(MethodModel method, string name, Site site, CoreKind kind)
    {
        string plain = name.TrimStart('@');
        if (plain == "device") return "Where the arrays are and the work is done.";
        if (plain == "gradient") return "Its arrays are overwritten.";
        if (plain.StartsWith("destination") && method.Parameters.All(p => p.Name != plain)) return "The result: dense, of exactly its shape.";
        if (plain.StartsWith("cotangent") && method.Parameters.All(p => p.Name != plain)) return "The derivative of what is wanted with respect to the result.";
        if (plain == "tangents") return "How the parameters move: an array that is null does not.";
        if (plain.StartsWith("tangentDestination") && method.Parameters.All(p => p.Name != plain)) return "The derivative: dense, of the result's shape.";
        if (method.Parameters.All(p => p.Name.TrimStart('@') != plain) && method.Outputs.FirstOrDefault(p => CallModel.Tangent(p) == plain) is { } moved)
            return $"Overwritten by the derivative of <c>{moved.Name}</c>.";
        var parameter = method.Parameters.First(p => p.Name.TrimStart('@') == plain);
        if (parameter.IsOutput && site != Site.Single) return "What each sample reads and writes, in place: dense, its first dimension is the batch.";
        return site == Site.Single || kind == CoreKind.Batch && parameter.Shared || parameter.Shared
            ? site == Site.Single ? $"As in <c>{method.Name}</c>." : "One value for the whole batch."
            : "One value for the whole batch, or one per sample.";
    }
}
