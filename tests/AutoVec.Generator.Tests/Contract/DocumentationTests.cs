using System.Reflection;
using Microsoft.CodeAnalysis;

namespace AutoVec.Generator.Tests.Contract;

/// <summary>Every diagnostic has a section on the page that its help link opens, and an id of its own.</summary>
public class DocumentationTests
{
    private static readonly List<DiagnosticDescriptor> Rules = [.. typeof(AutoVecGenerator).Assembly.GetTypes()
        .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(f => f.FieldType == typeof(DiagnosticDescriptor)).Select(f => (DiagnosticDescriptor)f.GetValue(null)!)];

    private static string Find(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, file))) return Path.Combine(folder.FullName, file);
        throw new FileNotFoundException(file);
    }

    [Fact]
    public void Every_rule_has_its_section_and_release_note()
    {
        Assert.True(Rules.Count > 40);
        string page = File.ReadAllText(Find("docs/diagnostics.md"));
        string release = File.ReadAllText(Find("generator/AutoVec.Generator/AnalyzerReleases.Unshipped.md"));
        foreach (var rule in Rules)
        {
            Assert.Contains($"### {rule.Id}\n", page, StringComparison.Ordinal);
            Assert.Contains($"**{rule.Title}.**", page, StringComparison.Ordinal);
            Assert.EndsWith("#" + rule.Id.ToLowerInvariant(), rule.HelpLinkUri, StringComparison.Ordinal);
            Assert.Contains($"{rule.Id} | {rule.Category} | {rule.DefaultSeverity}", release, StringComparison.Ordinal);
        }
        Assert.Equal(Rules.Count, Rules.Select(r => r.Id).Distinct().Count());
        Assert.Equal(Rules.Count, page.Split('\n').Count(l => l.StartsWith("### AV", StringComparison.Ordinal)));
    }
}
