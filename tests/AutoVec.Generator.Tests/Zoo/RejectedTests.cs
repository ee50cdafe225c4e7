using System.Globalization;
using System.Text.RegularExpressions;
using AutoVec.Generator.Tests.Kit;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Tests.Zoo;

/// <summary>Valid C# that must not compile with the generator: one error, on the line that the file's first line names.</summary>
public class RejectedTests
{
    public static TheoryData<string> Files() => [.. ZooFolder.Path is null ? ["none"] : ZooFolder.Files("Rejected/*.cs").Select(f => Path.GetFileName(f))];

    [ZooTheory, MemberData(nameof(Files))]
    public void Is_rejected_at_its_line(string file)
    {
        string text = ZooFolder.Read("Rejected/" + file);
        int line = int.Parse(Regex.Match(text, @"line (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
        var lowered = Lowered.From(text, file);
        Assert.DoesNotContain(lowered.Compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
        var errors = lowered.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        Assert.True(errors.Count == 1 && errors[0].Location.GetLineSpan().StartLinePosition.Line + 1 == line,
            $"expected one error at line {line}, got\n{string.Join("\n", errors)}");
    }
}
