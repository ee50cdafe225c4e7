using System.ComponentModel;

namespace AutoVec.CompilerServices;

/// <summary>
/// The compiled form of one function, written by the generator so that functions compose across assemblies. Not for use by hand.
/// </summary>
/// <param name="version">Of the text form.</param>
/// <param name="key">The method's documentation id: <c>M:AutoVec.Np.Dot(System.Single[],System.Single[])</c>.</param>
/// <param name="text">The function in the IR's text form.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FunctionIrAttribute(int version, string key, string text) : Attribute
{
    /// <summary>Of the text form.</summary>
    public int Version { get; } = version;

    /// <summary>The method's documentation id.</summary>
    public string Key { get; } = key;

    /// <summary>The function in the IR's text form.</summary>
    public string Text { get; } = text;
}
