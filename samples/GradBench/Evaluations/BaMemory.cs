namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>
/// What the errors and the Jacobian of p observations are computed in. It is made once a problem: 25 MB of new arrays take .NET ten times
/// as long as the derivatives.
/// </summary>
internal sealed class BaMemory(int p)
{
    public Camera.Batch Cameras { get; } = new(new double[p], new double[p], new double[p], new double[p], new double[p], new double[p],
        new double[p], new double[p], new double[p], new double[p], new double[p]);

    public Point.Batch Points { get; } = new(new double[p], new double[p], new double[p]);

    public double[] U { get; } = new double[p];
    public double[] V { get; } = new double[p];

    public SparseMatrix Jacobian { get; } = new(new int[3 * p + 1], new int[31 * p], new double[31 * p]);

    // The first call makes their arrays, the next ones fill them.
    public Ba.ReprojectionGradientBatch OfU, OfV;
    public Ba.WeightErrorGradientBatch OfWeights;
}
