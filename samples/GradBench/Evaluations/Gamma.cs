namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>The logarithm of the gamma function, of one and of several variables.</summary>
public static class Gamma
{
    /// <summary>log Γ(x) for x &gt; 0: Stirling's series (DLMF 5.11.1) from 12 on, below it Γ(x) = Γ(x + 1) / x.</summary>
    public static double Log(double x)
    {
        double product = 1;
        while (x < 12)
        {
            product *= x;
            x += 1;
        }
        double z = 1 / (x * x);
        double series = (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * (691.0 / 360360 - z / 156)))))) / x;
        return (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + series - Math.Log(product);
    }

    /// <summary>log Γ_d(a) = d(d − 1)/4 · log π + Σ log Γ(a + (1 − j)/2), j = 1 … d, for a &gt; (d − 1)/2.</summary>
    public static double LogMultivariate(double a, int d)
    {
        double sum = d * (d - 1) / 4.0 * Math.Log(Math.PI);
        for (int j = 1; j <= d; j++) sum += Log(a + (1 - j) / 2.0);
        return sum;
    }
}
