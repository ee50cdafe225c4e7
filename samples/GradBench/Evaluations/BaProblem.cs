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

    /// <summary>The camera of each observation.</summary>
    public Camera.Batch ObservedCameras()
    {
        double[] of(int parameter)
        {
            var values = new double[Weights.Length];
            for (int i = 0; i < values.Length; i++) values[i] = Cameras[CameraOf(i), parameter];
            return values;
        }
        return new(of(0), of(1), of(2), of(3), of(4), of(5), of(6), of(7), of(8), of(9), of(10));
    }

    /// <summary>The point of each observation.</summary>
    public Point.Batch ObservedPoints()
    {
        double[] of(int coordinate)
        {
            var values = new double[Weights.Length];
            for (int i = 0; i < values.Length; i++) values[i] = Points[PointOf(i), coordinate];
            return values;
        }
        return new(of(0), of(1), of(2));
    }

    private static double[,] Repeat(double[] row, int count)
    {
        var rows = new double[count, row.Length];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < row.Length; j++) rows[i, j] = row[j];
        return rows;
    }
}
