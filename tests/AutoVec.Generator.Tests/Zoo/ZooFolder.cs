namespace AutoVec.Generator.Tests.Zoo;

/// <summary>The folder of cases, next to the repository; tests that need it skip where it is absent.</summary>
internal static class ZooFolder
{
    public static readonly string? Path = Find();

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "shared", "zoo", "cases.json"))) return System.IO.Path.Combine(folder.FullName, "shared", "zoo");
        return null;
    }

    public static string Read(string file) => File.ReadAllText(System.IO.Path.Combine(Path!, file));
    public static IEnumerable<string> Files(string pattern) => Path is null ? [] : Directory.GetFiles(Path, pattern).Order(StringComparer.Ordinal);
}

/// <summary>A theory over the zoo.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ZooTheoryAttribute : TheoryAttribute
{
    public ZooTheoryAttribute()
    {
        if (ZooFolder.Path is null) Skip = "the folder ../shared/zoo is not on this machine";
    }
}
