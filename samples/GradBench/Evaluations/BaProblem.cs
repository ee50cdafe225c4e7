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

    /// <summary>Room for what <see cref="Observe"/> fills in.</summary>
    public double[][] Columns() => [.. Enumerable.Range(0, Cameras.GetLength(1) + Points.GetLength(1)).Select(_ => new double[Weights.Length])];

    /// <summary>The camera and the point of each observation: one array for each of their numbers.</summary>
    public (Camera.Batch Cameras, Point.Batch Points) Observe(double[][] into)
    {
        for (int c = 0; c < 11; c++) Repeat(Cameras, c, into[c]);
        for (int c = 0; c < 3; c++) Repeat(Points, c, into[11 + c]);
        return (
            new(into[0], into[1], into[2], into[3], into[4], into[5], into[6], into[7], into[8], into[9], into[10]),
            new(into[11], into[12], into[13]));
    }

    /// <summary>A column, again and again: observation i has the entry that is i modulo the number of rows.</summary>
    private static void Repeat(double[,] rows, int column, double[] observed)
    {
        double[] entries = new double[rows.GetLength(0)];
        for (int r = 0; r < entries.Length; r++) entries[r] = rows[r, column];
        for (int i = 0; i < observed.Length; i += entries.Length)
            entries.AsSpan(0, Math.Min(entries.Length, observed.Length - i)).CopyTo(observed.AsSpan(i));
    }

    private static double[,] Repeat(double[] row, int count)
    {
        var rows = new double[count, row.Length];
        for (int i = 0; i < count; i++)
            for (int j = 0; j < row.Length; j++) rows[i, j] = row[j];
        return rows;
    }
}
