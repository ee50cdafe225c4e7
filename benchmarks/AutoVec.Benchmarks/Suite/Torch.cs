namespace AutoVec.Benchmarks.Suite;

/// <summary>TorchSharp, where the project was built with it (<c>-p:TorchSharp=true</c>, <c>TorchPeers.cs</c>) and its native library loads.</summary>
internal static partial class Torch
{
    private static readonly Lazy<string> s_why = new(() =>
    {
        string why = "built without it (build with -p:TorchSharp=true)";
        Load(ref why);
        return why;
    });

    /// <summary>Does it load?</summary>
    public static bool IsThere => s_why.Value.Length == 0;

    public static string Say => IsThere ? "TorchSharp: loaded" : $"TorchSharp: skipped, {s_why.Value}";

    /// <summary>TorchSharp's way to compute outputs from inputs; none where there is no such way here.</summary>
    public static Contestant[] Peer(string what, Array[] inputs, Array[] outputs)
    {
        Action? run = null;
        if (IsThere) Make(what, inputs, outputs, ref run);
        return run is null ? [] : [new(Contestant.Torch, run)];
    }

    /// <summary>Empties the reason if the library loads, else says it.</summary>
    static partial void Load(ref string why);

    /// <summary>How it is computed.</summary>
    static partial void Make(string what, Array[] inputs, Array[] outputs, ref Action? run);
}
