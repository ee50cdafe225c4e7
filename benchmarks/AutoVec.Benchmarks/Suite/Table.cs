using System.Globalization;

namespace AutoVec.Benchmarks.Suite;

/// <summary>The table in docs/performance.md, between two marks: rows that were measured replace those of the same workload and size.</summary>
internal static class Table
{
    private const string Begin = "<!-- suite: written by `suite`; edit elsewhere -->", End = "<!-- end of suite -->";

    /// <summary>The document of the repository around the working folder; null where there is none.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "AutoVec.sln"))) return Path.Combine(folder.FullName, "docs", "performance.md");
        return null;
    }

    /// <summary>Writes rows into the document's table.</summary>
    /// <exception cref="InvalidDataException">The document has no marks.</exception>
    public static void Merge(string document, IReadOnlyList<Row> rows, string machine)
    {
        string text = File.ReadAllText(document);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin) throw new InvalidDataException($"{document} has no lines '{Begin}' and '{End}'");
        begin += Begin.Length;
        var all = text[begin..end].Split('\n').Select(Row.Parse).OfType<Row>().ToList();
        foreach (var row in rows)
        {
            int at = all.FindIndex(r => r.Key == row.Key);
            if (at < 0) all.Add(row);
            else all[at] = row;
        }
        string[] order = [.. Suite.Workloads.All.Select(w => w.Name)];
        var sorted = all.Where(r => order.Contains(r.Workload)).OrderBy(r => Array.IndexOf(order, r.Workload)).ToList();
        string table = $"\n{machine}\n\n{Row.Header}\n{string.Join('\n', sorted)}\n\n{Summary(sorted)}\n";
        File.WriteAllText(document, text[..begin] + table + text[end..]);
    }

    /// <summary>Geometric means and the worst.</summary>
    public static string Summary(IReadOnlyCollection<Row> rows)
    {
        string of(string what, Func<Row, string> cell)
        {
            var known = rows.Select(r => (r, x: Row.Value(cell(r)))).Where(c => c.x > 0).ToList();
            if (known.Count == 0) return $"{what}: none measured";
            var (worst, most) = known.MaxBy(c => c.x);
            return string.Create(CultureInfo.InvariantCulture,
                $"{what}: {Math.Exp(known.Average(c => Math.Log(c.x))):0.00} in the geometric mean, {most:0.00} in the worst ({worst.Workload}, {worst.Size})");
        }
        return $"{of("Value ÷ SIMD", r => r.Primal.OverSimd)}.\n{of("Gradient ÷ SIMD", r => r.Gradient.OverSimd)}.\n{of("Gradient ÷ value", r => r.Slope)}.";
    }
}
