namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>The checkout that the tests run from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "AutoVec.sln"))) return at.FullName;
        throw new DirectoryNotFoundException("AutoVec.sln is in no folder above the tests");
    }
}
