namespace AutoVec.Samples.Pricing;

/// <summary>A European call: its price by Black and Scholes. The sensitivities are the gradient, which nobody wrote.</summary>
public static partial class Option
{
    /// <summary>What the right to buy at <paramref name="strike"/> in so many years is worth today.</summary>
    [Vectorize, Differentiable]
    public static double Price(double spot, double strike, double rate, double volatility, double years)
    {
        double deviation = volatility * Math.Sqrt(years);
        double d1 = (Math.Log(spot / strike) + (rate + volatility * volatility / 2) * years) / deviation;
        return spot * Normal(d1) - strike * Math.Exp(-rate * years) * Normal(d1 - deviation);
    }

    /// <summary>
    /// The probability that a normal variable is at most x, to 1e-15 (Hart's rational function and a continued fraction, as given
    /// in West, "Better approximations to cumulative normal functions", 2005).
    /// </summary>
    public static double Normal(double x)
    {
        double a = Math.Abs(x);
        double tail = 0;
        if (a < 7.07106781186547)
        {
            double above = ((((((0.0352624965998911 * a + 0.700383064443688) * a + 6.37396220353165) * a + 33.912866078383) * a
                + 112.079291497871) * a + 221.213596169931) * a) + 220.206867912376;
            double below = (((((((0.0883883476483184 * a + 1.75566716318264) * a + 16.064177579207) * a + 86.7807322029461) * a
                + 296.564248779674) * a + 637.333633378831) * a + 793.826512519948) * a) + 440.413735824752;
            tail = Math.Exp(-a * a / 2) * above / below;
        }
        else if (a < 37)
        {
            tail = Math.Exp(-a * a / 2) / ((a + 1 / (a + 2 / (a + 3 / (a + 4 / (a + 0.65))))) * 2.506628274631);
        }
        return x > 0 ? 1 - tail : tail;
    }
}
