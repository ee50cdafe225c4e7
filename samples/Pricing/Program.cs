using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using AutoVec.Samples.Pricing;

// Prices a book of random calls, with all sensitivities, and checks both: as a native program, or as any other.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length > 1 || !int.TryParse(args.FirstOrDefault() ?? "100000", out int count) || count < 1)
{
    Console.Error.WriteLine("usage: Pricing [number of options, 1 or more]");
    return 2;
}

var random = new Random(1);
double[] Draw(double from, double to) => [.. Enumerable.Range(0, count).Select(_ => from + (to - from) * random.NextDouble())];
double[] spot = Draw(50, 150), strike = Draw(50, 150), rate = Draw(0, 0.08), volatility = Draw(0.1, 0.6), years = Draw(0.05, 2);

var price = new double[count];
var gradient = default(Option.PriceGradientBatch);
var (first, again) = (Time(Revalue), Time(Revalue));
void Revalue() => Option.PriceValueAndGradBatch(spot, strike, rate, volatility, years, price, ref gradient);

double[] plain = Option.PriceBatch(spot, strike, rate, volatility, years);
double worst = 0;
for (int i = 0; i < count; i++)
{
    var exact = Greeks.Of(spot[i], strike[i], rate[i], volatility[i], years[i]);
    worst = Max(worst, Apart(price[i], Option.Price(spot[i], strike[i], rate[i], volatility[i], years[i])), Apart(plain[i], price[i]),
        Apart(gradient.Spot[i], exact.Delta), Apart(gradient.Strike[i], exact.DualDelta), Apart(gradient.Rate[i], exact.Rho),
        Apart(gradient.Volatility[i], exact.Vega), Apart(gradient.Years[i], exact.Theta));
}

Console.WriteLine($"{count:N0} calls, {(System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported ? "just in time" : "native")}, {Bits()} bits");
Console.WriteLine("    spot   strike    rate     vol   years |   price   delta  dual delta      rho     vega    theta");
for (int i = 0; i < Math.Min(5, count); i++)
    Console.WriteLine($"{spot[i],8:F2} {strike[i],8:F2} {rate[i],7:F3} {volatility[i],7:F3} {years[i],7:F2} | {price[i],7:F3} {gradient.Spot[i],7:F4} "
        + $"{gradient.Strike[i],11:F4} {gradient.Rate[i],8:F3} {gradient.Volatility[i],8:F3} {gradient.Years[i],8:F3}");
Console.WriteLine($"price and five sensitivities: {1e9 * again / count:F1} ns an option (first call {1e3 * first:F1} ms)");
Console.WriteLine($"largest error against the scalar method and the closed forms: {worst:E1}");
return worst < 1e-10 ? 0 : 1;

static double Time(Action action)
{
    long start = Stopwatch.GetTimestamp();
    action();
    return Stopwatch.GetElapsedTime(start).TotalSeconds;
}

static double Apart(double a, double b) => Math.Abs(a - b) / (1 + Math.Abs(b));

static double Max(params ReadOnlySpan<double> values)
{
    double max = 0;
    foreach (double v in values) max = Math.Max(max, double.IsNaN(v) ? double.PositiveInfinity : v);
    return max;
}

static int Bits() => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;
