using System.Globalization;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit;

/// <summary>
/// Numbers as C# text. Every number of generated code passes through here: it reads back to the same bits in every culture
/// (−0.0 included; a NaN stays a NaN).
/// </summary>
public static class Literals
{
    public static string Of(Const value) => value.Scalar switch
    {
        Scalar.F32 => Of((float)value.AsDouble),
        Scalar.F64 => Of(value.AsDouble),
        Scalar.I32 => Of(value.AsInt),
        Scalar.I64 => Of(value.AsLong),
        Scalar.F16 => Of((float)value.AsDouble) is var text && text[0] == '-' ? $"(Half)({text})" : $"(Half){text}",
        _ => Of(value.AsBool),
    };

    public static string Of(bool value) => value ? "true" : "false";

    public static string Of(int value) => value == int.MinValue ? "int.MinValue" : value.ToString(CultureInfo.InvariantCulture);

    public static string Of(long value) =>
        value == long.MinValue ? "long.MinValue" : value.ToString(CultureInfo.InvariantCulture) + "L";

    public static string Of(float value)
    {
        if (float.IsNaN(value)) return "float.NaN";
        if (float.IsInfinity(value)) return value > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";
        if (value == 0) return 1 / value < 0 ? "-0f" : "0f";
        // "R" is shortest on .NET, and not always exact on .NET Framework, where the generator may run inside an IDE.
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float back) || back != value)
            text = value.ToString("G9", CultureInfo.InvariantCulture);
        return text + "f";
    }

    public static string Of(double value)
    {
        if (double.IsNaN(value)) return "double.NaN";
        if (double.IsInfinity(value)) return value > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity";
        if (value == 0) return 1 / value < 0 ? "-0.0" : "0.0";
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double back) || back != value)
            text = value.ToString("G17", CultureInfo.InvariantCulture);
        return text.IndexOfAny(['.', 'E', 'e']) < 0 ? text + ".0" : text;
    }

    /// <summary>A C# string literal.</summary>
    public static string Quote(string text)
    {
        var quoted = new System.Text.StringBuilder("\"");
        foreach (char c in text)
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        return quoted.Append('"').ToString();
    }
}
