namespace AutoVec.Benchmarks.Suite;

/// <summary>TorchSharp, where the project was built with it and its native library loads.</summary>
internal static partial class Torch
{
    private static readonly Lazy<string> s_why = new(() =>
    {
        string why = "built without it (-p:TorchSharp=true restores and builds it)";
        Load(ref why);
        return why;
    });

    /// <summary>Does it load?</summary>
    public static bool IsThere => s_why.Value.Length == 0;

    public static string Say => IsThere ? "TorchSharp: loaded" : $"TorchSharp: skipped, {s_why.Value}";

    /// <summary>Adds TorchSharp's way to the contestants of a side, where there is one.</summary>
    public static Contestant[] With(string key, Dictionary<string, Array> arrays, params Contestant[] others)
    {
        Contestant? torch = null;
        if (IsThere) Make(key, arrays, ref torch);
        return torch is null ? others : [.. others, torch];
    }

    /// <summary>Empties the reason if the library loads, else says it.</summary>
    static partial void Load(ref string why);

    /// <summary>The contestant for a key.</summary>
    static partial void Make(string key, Dictionary<string, Array> arrays, ref Contestant? contestant);
}
