using System.Globalization;

namespace AutoVec.Benchmarks.Suite;

/// <summary>A workload of one size in the table: numbers as they are printed.</summary>
internal sealed record Row(string Workload, string Size, SideCells Primal, SideCells Gradient, string Slope)
{
    public const string Header = """
        | | | value, µs | ÷ SIMD | plain ÷ | of the limit | gradient, µs | ÷ SIMD | plain ÷ | of the limit | gradient ÷ value |
        |---|---|---|---|---|---|---|---|---|---|---|
        """;

    public (string, string) Key => (Workload, Size);

    public override string ToString() => $"| {Workload} | {Size} | {Primal} | {Gradient} | {Slope} |";

    /// <summary>The row of a line; null of any other line.</summary>
    public static Row? Parse(string line)
    {
        string[] cells = [.. line.Trim().Trim('|').Split('|').Select(c => c.Trim())];
        return cells.Length != 11 || cells[0].Length == 0 || cells[0].StartsWith("---", StringComparison.Ordinal) ? null
            : new Row(cells[0], cells[1], new(cells[2], cells[3], cells[4], cells[5]), new(cells[6], cells[7], cells[8], cells[9]), cells[10]);
    }

    public static Row Of(string workload, string size, Measured primal, Measured gradient) =>
        new(workload, size, SideCells.Of(primal), SideCells.Of(gradient), Number(gradient.Seconds / primal.Seconds));

    /// <summary>Three digits.</summary>
    public static string Number(double x) =>
        double.IsNaN(x) ? "" : x >= 100 ? x.ToString("#,0", CultureInfo.InvariantCulture) : x.ToString(x >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);

    public static double Value(string cell) => double.TryParse(cell, NumberStyles.Number, CultureInfo.InvariantCulture, out double x) ? x : double.NaN;
}

/// <summary>One side of a row.</summary>
internal sealed record SideCells(string Microseconds, string OverSimd, string PlainOver, string OfLimit)
{
    public static SideCells Of(Measured m) =>
        new(Row.Number(m.Seconds * 1e6), Row.Number(1 / m.Ratio(Contestant.Simd)), Row.Number(m.Ratio(Contestant.Plain)), $"{100 * m.Limit / m.Seconds:0} %");

    public override string ToString() => $"{Microseconds} | {OverSimd} | {PlainOver} | {OfLimit}";
}

/// <summary>A side, timed.</summary>
/// <param name="Seconds">Of the generated code.</param>
/// <param name="Limit">The seconds that the machine needs at least: for the operations or the bytes, whichever takes longer.</param>
/// <param name="Others">The other contestants' times as multiples of the generated code's.</param>
internal sealed record Measured(double Seconds, double Limit, IReadOnlyDictionary<string, double> Others)
{
    public double Ratio(string contestant) => Others.TryGetValue(contestant, out double ratio) ? ratio : double.NaN;
}
