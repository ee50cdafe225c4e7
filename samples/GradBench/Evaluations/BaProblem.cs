using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>Cameras (n × 11), points (m × 3), and p observations: observation i is of point i mod m by camera i mod n.</summary>
public sealed record BaProblem(double[,] Cameras, double[,] Points, double[] Weights, double[] FeaturesU, double[] FeaturesV)
{
    /// <summary>The problem of an input, all of whose cameras, points and observations are alike. Nothing relies on that.</summary>
    /// <exception cref="ToolException">The input's arrays have the wrong lengths.</exception>
    public static BaProblem Of(Ba.Input input)
    {
        ToolException.Unless(input.N > 0 && input.M > 0 && input.P > 0, $"n {input.N}, m {input.M}, p {input.P}: expected counts of 1 or more");
        ToolException.Unless(input.Cam.Length == 11, $"cam has {input.Cam.Length} numbers, expected 11");
        ToolException.Unless(input.X.Length == 3, $"x has {input.X.Length} numbers, expected 3");
        ToolException.Unless(input.Feat.Length == 2, $"feat has {input.Feat.Length} numbers, expected 2");
        return new BaProblem(
            Repeat(input.Cam, input.N), Repeat(input.X, input.M), same(input.W), same(input.Feat[0]), same(input.Feat[1]));

        double[] same(double value)
        {
            var all = new double[input.P];
            Array.Fill(all, value);
            return all;
        }
    }

    public int CameraOf(int observation) => observation % Cameras.GetLength(0);
    public int PointOf(int observation) => observation % Points.GetLength(0);

    /// <summary>What the derivatives of all observations take, made when it is first needed.</summary>
    internal BaMemory Memory => field ??= new BaMemory(Weights.Length);

    /// <summary>The camera of each observation, in the arrays of <paramref name="cameras"/>.</summary>
    internal Camera.Batch ObservedCameras(Camera.Batch cameras)
    {
        var (r1, r2, r3, c1, c2, c3, f, u0, v0, k1, k2) = cameras;
        int n = Cameras.GetLength(0);
        for (int i = 0, j = 0; i < Weights.Length; i++, j = j + 1 < n ? j + 1 : 0)
        {
            (r1[i], r2[i], r3[i]) = (Cameras[j, 0], Cameras[j, 1], Cameras[j, 2]);
            (c1[i], c2[i], c3[i]) = (Cameras[j, 3], Cameras[j, 4], Cameras[j, 5]);
            (f[i], u0[i], v0[i], k1[i], k2[i]) = (Cameras[j, 6], Cameras[j, 7], Cameras[j, 8], Cameras[j, 9], Cameras[j, 10]);
        }
        return cameras;
    }

    /// <summary>The point of each observation, in the arrays of <paramref name="points"/>.</summary>
    internal Point.Batch ObservedPoints(Point.Batch points)
    {
        var (x, y, z) = points;
        int m = Points.GetLength(0);
        for (int i = 0, j = 0; i < Weights.Length; i++, j = j + 1 < m ? j + 1 : 0)
            (x[i], y[i], z[i]) = (Points[j, 0], Points[j, 1], Points[j, 2]);
        return points;
    }

    private static double[,] Repeat(double[] row, int count)
    {
        var rows = new double[count, row.Length];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < row.Length; j++) rows[i, j] = row[j];
        return rows;
    }
}
