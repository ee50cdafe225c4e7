using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit.Text;

/// <summary>C# names of the IR's types, and words in C# text.</summary>
public static class CSharp
{
    public static string Of(Scalar scalar) => scalar switch
    {
        Scalar.F32 => "float",
        Scalar.F64 => "double",
        Scalar.I32 => "int",
        Scalar.I64 => "long",
        Scalar.F16 => "Half",
        _ => "bool",
    };

    /// <summary>Does the identifier occur in the text?</summary>
    public static bool Mentions(string text, string name)
    {
        for (int at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            // Not a member, and not the name inside a message.
            bool starts = at == 0 || !IsWord(text[at - 1]) && text[at - 1] is not ('.' or '"');
            int end = at + name.Length;
            if (starts && (end == text.Length || !IsWord(text[end]))) return true;
        }
        return false;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
