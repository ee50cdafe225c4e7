namespace AutoVec.Samples.Pricing;

/// <summary>The sensitivities as textbooks give them, one option at a time: what the generated gradient is checked against.</summary>
public readonly record struct Greeks(double Delta, double DualDelta, double Rho, double Vega, double Theta)
{
    /// <summary>By Black and Scholes; theta is by the time that is left.</summary>
    public static Greeks Of(double spot, double strike, double rate, double volatility, double years)
    {
        double root = Math.Sqrt(years), discount = Math.Exp(-rate * years);
        double d1 = (Math.Log(spot / strike) + (rate + volatility * volatility / 2) * years) / (volatility * root);
        double exercised = Option.Normal(d1 - volatility * root);
        double density = Math.Exp(-d1 * d1 / 2) / Math.Sqrt(2 * Math.PI);
        return new(Option.Normal(d1), -discount * exercised, strike * years * discount * exercised, spot * density * root,
            spot * density * volatility / (2 * root) + rate * strike * discount * exercised);
    }
}
