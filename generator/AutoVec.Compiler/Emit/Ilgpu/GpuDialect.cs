using AutoVec.Compiler.Emit.Body;
using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Ilgpu;

/// <summary>
/// C# inside a kernel, in the subset that ILGPU accepts: arrays are views, memory of a thread comes from its part of a scratch
/// view, and a thread that meets a violation notes it and ends.
/// </summary>
internal sealed class GpuDialect(GpuSites sites) : Dialect
{
    public override string Spell(Op op) => op.Ilgpu ?? op.CSharp;
    public override string ArrayType(string element) => $"ArrayView<{GpuText.Element(element)}>";
    public override Expr From(string array, Expr offset) => Expr.Name($"{array}.SubView({offset})");
    public override Expr Rent(string element, Expr count) => Expr.Name($"scratch.Rent<{GpuText.Element(element)}>({count})");
    public override Expr Load(Expr element, Scalar scalar) => GpuText.Load(element, scalar);
    public override string? Mark => "scratch.At";
    public override string Release(string mark) => $"scratch.At = {mark};";
    public override string? OffsetType => null;

    public override void Violation(CodeWriter to, string condition, Violated what)
    {
        // The device keeps ints: of a check only a length says more than its name.
        var (value, extent) = what.Kind switch
        {
            FaultKind.Index => (what.Index, what.Extent),
            FaultKind.Length => ($"(int)({what.Index})", "0"),
            _ => ("0", "0"),
        };
        to.Open($"if ({condition})");
        to.Line($"GpuErrors.Report(errors, site + {sites.Of(what.Kind == FaultKind.Index ? what.Array : $"{what.Kind}:{what.Array}")}, {value}, {extent}, {what.Sample});");
        to.Line("return;");
        to.Close();
    }
}

/// <summary>C# on the host of a GPU: scalars are computed there, elements of arrays are fetched, which waits for the device.</summary>
internal sealed class GpuHostDialect : Dialect
{
    public override string Spell(Op op) => op.CSharp;
    public override string ArrayType(string element) => $"ArrayView<{GpuText.Element(element)}>";
    public override Expr Element(string array, string offset) => Expr.Name($"device.Read({array}, {offset})");
    public override Expr Load(Expr element, Scalar scalar) => GpuText.Load(element, scalar);
    public override bool Loads(Expr value) => value.Text.Contains("device.Read(");
    public override Expr From(string array, Expr offset) => Expr.Name($"{array}.SubView({offset})");
    public override Expr Rent(string element, Expr count) => Expr.Name($"scope.Rent<{GpuText.Element(element)}>({count})");
    public override string? Mark => "device.Begin()";
    public override string Release(string mark) => "";
    public override string? OffsetType => "long";
}

internal static class GpuText
{
    /// <summary>A GpuBool becomes a bool at once: beside one, C# would not know which of them an expression is.</summary>
    public static Expr Load(Expr element, Scalar scalar) =>
        scalar == Scalar.Bool ? new($"(bool){element.At(Precedence.Unary)}", Precedence.Unary) : element;

    /// <summary>What an array holds: ILGPU has no views of bool, and its own Half. (A core that holds halves means GpuHalf by Half.)</summary>
    public static string Element(Scalar scalar) => Element(CSharp.Of(scalar));

    /// <inheritdoc cref="Element(Scalar)"/>
    public static string Element(string type) => type switch { "bool" => "GpuBool", "Half" => "GpuHalf", _ => type };
}

/// <summary>
/// The checked accesses of one core, by the array they index, and its checks, by kind and name (<c>Length:a</c>); a kernel reports
/// the number.
/// </summary>
internal sealed class GpuSites
{
    private readonly List<string> _arrays = [];

    public IReadOnlyList<string> Arrays => _arrays;

    public int Of(string array)
    {
        int at = _arrays.IndexOf(array);
        if (at >= 0) return at;
        _arrays.Add(array);
        return _arrays.Count - 1;
    }
}
