namespace AutoVec.Benchmarks.Workloads;

/// <summary>The price of a European call (Black and Scholes 1973). Its five derivatives are the greeks.</summary>
internal static partial class BlackScholes
{
    /// <summary>The price.</summary>
    [Vectorize, Differentiable]
    public static float Call(float spot, float strike, float rate, float vol, float time)
    {
        float deviation = vol * MathF.Sqrt(time);
        float d1 = (MathF.Log(spot / strike) + (rate + 0.5f * vol * vol) * time) / deviation;
        return spot * Cdf(d1) - strike * MathF.Exp(-rate * time) * Cdf(d1 - deviation);
    }

    /// <summary>The normal distribution function, by formula 26.2.17 of Abramowitz and Stegun: absolute error 7.5e-8.</summary>
    private static float Cdf(float x)
    {
        // Not Abs: its derivative at 0 is 0, which would drop the density from the derivative of an option with d1 or d2 of exactly 0.
        float distance = x > 0 ? x : -x;
        float t = 1 / (1 + 0.2316419f * distance);
        float polynomial = t * (0.31938153f + t * (-0.356563782f + t * (1.781477937f + t * (-1.821255978f + t * 1.330274429f))));
        float tail = 0.39894228f * MathF.Exp(-0.5f * x * x) * polynomial;
        return x > 0 ? 1 - tail : tail;
    }
}
