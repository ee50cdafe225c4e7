using System.Text.RegularExpressions;

namespace AutoVec.Generator.Tests.Language;

internal static partial class Programs
{
    private static readonly Regex Method = new(@"\[V\] public static (?<result>.+?) (?<name>\w+)\((?<parameters>[^)]*)\)", RegexOptions.Compiled);

    private static readonly string[] Themes = [Statements, Values, Numbers, Jagged, Structs, Members, Traps, Recipes, Halves];

    /// <summary>The names of all methods.</summary>
    public static IEnumerable<string> Names(int theme) => Method.Matches(Themes[theme]).Select(m => m.Groups["name"].Value);

    public static int Count => Themes.Length;

    /// <summary>Halves come last: by differences they have no derivative.</summary>
    public static int Smooth => Themes.Length - 1;

    /// <summary>A compilation unit with the methods of one theme, or every sixth of them, the others as plain C#.</summary>
    public static string Source(int theme, int every = 1) => Unit(Marked(Themes[theme], every));

    /// <summary>A compilation unit with these methods.</summary>
    public static string Of(string methods) => Unit(Marked(methods, 1));

    private static string Unit(string methods) => $$"""
        using System; using System.Linq; using static System.Math;
        using AutoVec;
        public static class Ext { public static double Sq(this double x) => x * x; }
        public static class Consts { public const double K = 1.25; }
        public static partial class Subject
        {
        {{Support}}
        {{HalvesSupport}}
        {{MembersSupport}}
        {{TrapsSupport}}
        {{methods}}
        }
        """;

    private static string Marked(string methods, int every)
    {
        int k = 0;
        return Method.Replace(methods, m => m.Value.Replace("[V]",
            k++ % every != 0 ? "" : IsDifferentiable(m) ? "[Vectorize, Differentiable]" : "[Vectorize]", StringComparison.Ordinal));
    }

    private static bool IsDifferentiable(Match method) =>
        method.Groups["result"].Value == "double" && method.Groups["parameters"].Value.Contains("double", StringComparison.Ordinal);
}
