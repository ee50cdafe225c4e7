namespace AutoVec.Benchmarks.Workloads;

/// <summary>A loop that each point leaves after another number of trips.</summary>
internal static partial class Mandelbrot
{
    /// <summary>The trips of z ← z² + c until |z| &gt; 2, and a tenth of |z|² then.</summary>
    [Vectorize, Differentiable]
    public static float Escape(float cr, float ci, [Shared] int limit)
    {
        float zr = 0, zi = 0;
        int n = 0;
        while (n < limit && zr * zr + zi * zi <= 4)
        {
            (zr, zi) = (zr * zr - zi * zi + cr, 2 * zr * zi + ci);
            n++;
        }
        return n + 0.1f * (zr * zr + zi * zi);
    }
}
