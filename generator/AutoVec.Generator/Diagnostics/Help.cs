namespace AutoVec.Generator.Diagnostics;

/// <summary>What all descriptors share. Every id has a section in docs/diagnostics.md.</summary>
internal static class Help
{
    public const string Page = "https://github.com/autovec/autovec/blob/main/docs/diagnostics.md#";
    public const string Contract = "AutoVec.Contract";
    public const string Language = "AutoVec.Language";
    public const string Arrays = "AutoVec.Arrays";
    public const string Calls = "AutoVec.Calls";
    public const string Compiler = "AutoVec.Compiler";
}
