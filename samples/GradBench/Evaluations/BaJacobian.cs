namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>
/// The Jacobian of all errors: two rows of 15 an observation, then one row of 1 for each weight. The columns are 11 a camera, 3 a point, and one
/// for each weight. What it is computed in is kept from one time to the next: of new memory, the system takes longer to provide 20 MB than
/// the derivatives take.
/// </summary>
public sealed class BaJacobian
{
    private readonly BaProblem problem;
    private readonly SparseMatrix matrix;
    private readonly double[][] observed;
    private readonly double[] u, v;
    private Ba.ReprojectionGradientBatch ofU, ofV;

    public BaJacobian(BaProblem problem)
    {
        this.problem = problem;
        int p = problem.Weights.Length;
        observed = problem.Columns();
        (u, v) = (new double[p], new double[p]);
        matrix = new SparseMatrix(new int[3 * p + 1], new int[31 * p], new double[31 * p]);
    }

    /// <summary>Valid until it is computed again.</summary>
    public SparseMatrix Compute()
    {
        var (cameras, points) = problem.Observe(observed);
        Ba.ReprojectionVjpBatch(cameras, points, problem.Weights, problem.FeaturesU, problem.FeaturesV, 1.0, 0.0, u, v, ref ofU);
        Ba.ReprojectionVjpBatch(cameras, points, problem.Weights, problem.FeaturesU, problem.FeaturesV, 0.0, 1.0, u, v, ref ofV);
        double[] ofWeights = Ba.WeightErrorGradBatch(problem.Weights).W;

        int n = problem.Cameras.GetLength(0), m = problem.Points.GetLength(0), p = problem.Weights.Length;
        for (int r = 0; r <= 2 * p; r++) matrix.Rows[r] = 15 * r;
        for (int i = 0; i < p; i++)
        {
            int camera = 11 * problem.CameraOf(i), point = 11 * n + 3 * problem.PointOf(i), weight = 11 * n + 3 * m + i;
            Columns(matrix.Cols.AsSpan(30 * i, 15), camera, point, weight);
            Columns(matrix.Cols.AsSpan(30 * i + 15, 15), camera, point, weight);
            matrix.Rows[2 * p + i + 1] = 30 * p + i + 1;
            matrix.Cols[30 * p + i] = weight;
        }
        ofWeights.CopyTo(matrix.Vals, 30 * p);
        Interleave([.. Columns(ofU), .. Columns(ofV)], matrix.Vals);
        return matrix;
    }

    private static void Columns(Span<int> row, int camera, int point, int weight)
    {
        for (int c = 0; c < 11; c++) row[c] = camera + c;
        for (int c = 0; c < 3; c++) row[11 + c] = point + c;
        row[14] = weight;
    }

    /// <summary>Entry i of every column, then entry i + 1 of every column.</summary>
    private static void Interleave(double[][] columns, double[] rows)
    {
        // So many rows stay in the cache until every column has written to them.
        const int Block = 64;
        for (int from = 0; from < columns[0].Length; from += Block)
        {
            for (int c = 0; c < columns.Length; c++)
            {
                var column = columns[c].AsSpan(from, Math.Min(Block, columns[c].Length - from));
                for (int i = 0, at = from * columns.Length + c; i < column.Length; i++, at += columns.Length) rows[at] = column[i];
            }
        }
    }

    private static double[][] Columns(Ba.ReprojectionGradientBatch g) =>
    [
        g.Cam.R1, g.Cam.R2, g.Cam.R3, g.Cam.C1, g.Cam.C2, g.Cam.C3, g.Cam.F, g.Cam.U0, g.Cam.V0, g.Cam.K1, g.Cam.K2,
        g.X.X, g.X.Y, g.X.Z, g.W,
    ];
}
