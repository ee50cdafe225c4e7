namespace AutoVec.Samples.Convolve;

public static partial class Signal
{
    /// <summary>The weighted sum of each point and its neighbours; the result is shorter by w.Length − 1.</summary>
    [Vectorize]
    public static float[] Convolve(float[] x, float[] w)
    {
        var result = new float[x.Length - w.Length + 1];
        for (int i = 0; i < result.Length; i++)
        {
            float sum = 0;
            for (int k = 0; k < w.Length; k++) sum += x[i + k] * w[k];
            result[i] = sum;
        }
        return result;
    }
}
