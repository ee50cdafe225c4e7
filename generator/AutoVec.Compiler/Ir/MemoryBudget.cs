using System.Globalization;

namespace AutoVec.Compiler.Ir;

/// <summary>How many bytes of tape the derivative of one sample may keep.</summary>
/// <param name="IsDefault">Nobody asked for it: what is a small multiple of an argument's own memory does not count.</param>
public sealed record MemoryBudget(long Bytes, bool IsDefault = false)
{
    public static readonly MemoryBudget Default = new(64_000_000, IsDefault: true);

    /// <summary>No loop is cut.</summary>
    public static readonly MemoryBudget Unlimited = new(long.MaxValue);

    /// <summary>The part of each of so many that share it.</summary>
    public MemoryBudget Among(int count) => count <= 1 || this == Unlimited ? this : this with { Bytes = Math.Max(1, Bytes / count) };

    /// <summary>As written in the attribute: <c>64 MB</c>, <c>1.5 GB</c>, <c>512 kB</c>, <c>4096 B</c>, in powers of 1000, or <c>unlimited</c>; null if it is none of these.</summary>
    public static MemoryBudget? Parse(string text)
    {
        text = text.Trim();
        if (text == "unlimited") return Unlimited;
        int digits = 0;
        while (digits < text.Length && (text[digits] is >= '0' and <= '9' or '.')) digits++;
        double unit = text.Substring(digits).Trim().ToUpperInvariant() switch
        {
            "B" => 1,
            "KB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            "TB" => 1e12,
            _ => 0,
        };
        if (unit == 0 || !double.TryParse(text.Substring(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)) return null;
        double bytes = Math.Floor(number * unit);
        return bytes is >= 1 and <= 1e15 ? new((long)bytes) : null;
    }

    public override string ToString() => Bytes switch
    {
        >= 1_000_000_000 => Units(1e9, "GB"),
        >= 1_000_000 => Units(1e6, "MB"),
        >= 1_000 => Units(1e3, "kB"),
        _ => Units(1, "B"),
    };

    private string Units(double unit, string name) => (Bytes / unit).ToString("0.###", CultureInfo.InvariantCulture) + " " + name;
}
