using System.Text.Json.Serialization;
using AutoVec.Samples.GradBench.Protocol;

namespace AutoVec.Samples.GradBench.Evaluations;

/// <summary>A camera: its rotation (an axis times an angle), where it stands, focal length, principal point, and two coefficients of radial distortion.</summary>
[Tree]
public partial record Camera(
    double R1, double R2, double R3, double C1, double C2, double C3, double F, double U0, double V0, double K1, double K2);

/// <summary>A point in space.</summary>
[Tree]
public partial record Point(double X, double Y, double Z);

/// <summary>Bundle adjustment: how far points, as cameras see them, are from where they were observed.</summary>
public static partial class Ba
{
    public sealed record Input(int N, int M, int P, double[] Cam, double[] X, double W, double[] Feat);

    public sealed record Errors(Pairs ReprojError, Same WErr);
    public sealed record Pairs(double[] Elements, int Repeated);
    public sealed record Same(double Element, int Repeated);

    public static Module Module { get; } = new("ba",
        Function.Of<Input, BaProblem, (double[] U, double[] V, double[] W), Errors>("objective", BaProblem.Of, Objective,
            e => new Errors(new([e.U[0], e.V[0]], e.U.Length), new(e.W[0], e.W.Length))),
        Function.Of<Input, BaProblem, SparseMatrix, SparseMatrix>("jacobian", BaProblem.Of, Jacobian, j => j.Abridged(30)));

    /// <summary>The weighted distance, in the image, of where the camera sees the point from where it was observed.</summary>
    [Vectorize, Differentiable]
    public static (double U, double V) Reprojection(Camera cam, Point x, double w, [NoGrad] double featU, [NoGrad] double featV)
    {
        double x1 = x.X - cam.C1, x2 = x.Y - cam.C2, x3 = x.Z - cam.C3;
        (double y1, double y2, double y3) = Rotate(cam.R1, cam.R2, cam.R3, x1, x2, x3);
        double u = y1 / y3, v = y2 / y3;
        double r = u * u + v * v;
        double distortion = 1 + cam.K1 * r + cam.K2 * r * r;
        return (w * (u * distortion * cam.F + cam.U0 - featU), w * (v * distortion * cam.F + cam.V0 - featV));
    }

    /// <summary>Keeps a weight from going to 0.</summary>
    [Vectorize, Differentiable]
    public static double WeightError(double w) => 1 - w * w;

    /// <summary>Rodrigues' formula: x turned about the axis r by the angle ‖r‖; to first order in r where r is 0.</summary>
    private static (double, double, double) Rotate(double r1, double r2, double r3, double x1, double x2, double x3)
    {
        double square = r1 * r1 + r2 * r2 + r3 * r3;
        if (square == 0) return (x1 + r2 * x3 - r3 * x2, x2 + r3 * x1 - r1 * x3, x3 + r1 * x2 - r2 * x1);
        double angle = Math.Sqrt(square), cos = Math.Cos(angle), sin = Math.Sin(angle);
        double a1 = r1 / angle, a2 = r2 / angle, a3 = r3 / angle;
        double along = (a1 * x1 + a2 * x2 + a3 * x3) * (1 - cos);
        return (
            x1 * cos + (a2 * x3 - a3 * x2) * sin + a1 * along,
            x2 * cos + (a3 * x1 - a1 * x3) * sin + a2 * along,
            x3 * cos + (a1 * x2 - a2 * x1) * sin + a3 * along);
    }

    /// <summary>The errors of all observations.</summary>
    public static (double[] U, double[] V, double[] W) Objective(BaProblem problem)
    {
        var (u, v) = ReprojectionBatch(
            problem.ObservedCameras(problem.Memory.Cameras), problem.ObservedPoints(problem.Memory.Points), problem.Weights, problem.FeaturesU, problem.FeaturesV);
        return (u, v, WeightErrorBatch(problem.Weights));
    }

    /// <summary>
    /// The Jacobian of all errors: two rows of 15 an observation, then one row of 1 for each weight. The columns are 11 a camera, 3 a
    /// point, and one for each weight. It lies in the problem's memory, until the next one is asked for.
    /// </summary>
    public static SparseMatrix Jacobian(BaProblem problem)
    {
        BaMemory memory = problem.Memory;
        Camera.Batch cameras = problem.ObservedCameras(memory.Cameras);
        Point.Batch points = problem.ObservedPoints(memory.Points);
        derivatives(1, 0, ref memory.OfU);
        derivatives(0, 1, ref memory.OfV);
        WeightErrorGradBatch(problem.Weights, ref memory.OfWeights);

        int p = problem.Weights.Length;
        SparseMatrix matrix = memory.Jacobian;
        double[][] u = Columns(memory.OfU), v = Columns(memory.OfV);
        // So many observations' rows stay in the cache while their columns are put there.
        const int some = 64;
        for (int from = 0; from < p; from += some)
        {
            int to = Math.Min(from + some, p);
            for (int c = 0; c < 15; c++)
            {
                Put(u[c], matrix.Vals, c, from, to);
                Put(v[c], matrix.Vals, 15 + c, from, to);
            }
        }
        memory.OfWeights.W.CopyTo(matrix.Vals.AsSpan(30 * p));
        Places(problem, matrix);
        return matrix;

        void derivatives(double ofU, double ofV, ref ReprojectionGradientBatch gradient) => ReprojectionVjpBatch(
            cameras, points, problem.Weights, problem.FeaturesU, problem.FeaturesV, ofU, ofV, memory.U, memory.V, ref gradient);
    }

    /// <summary>A column of the observations' rows, which are 30 values for each.</summary>
    private static void Put(double[] column, double[] vals, int first, int from, int to)
    {
        for (int i = from; i < to; i++) vals[30 * i + first] = column[i];
    }

    /// <summary>Where the values stand.</summary>
    private static void Places(BaProblem problem, SparseMatrix matrix)
    {
        int n = problem.Cameras.GetLength(0), m = problem.Points.GetLength(0), p = problem.Weights.Length;
        for (int i = 0; i < p; i++)
        {
            int camera = 11 * problem.CameraOf(i), point = 11 * n + 3 * problem.PointOf(i), weight = 11 * n + 3 * m + i;
            matrix.Rows[2 * i + 1] = 30 * i + 15;
            matrix.Rows[2 * i + 2] = 30 * i + 30;
            matrix.Rows[2 * p + i + 1] = 30 * p + i + 1;
            Span<int> cols = matrix.Cols.AsSpan(30 * i, 30);
            for (int c = 0; c < 11; c++) cols[c] = cols[15 + c] = camera + c;
            for (int c = 0; c < 3; c++) cols[11 + c] = cols[26 + c] = point + c;
            cols[14] = cols[29] = weight;
            matrix.Cols[30 * p + i] = weight;
        }
    }

    private static double[][] Columns(ReprojectionGradientBatch g) =>
    [
        g.Cam.R1, g.Cam.R2, g.Cam.R3, g.Cam.C1, g.Cam.C2, g.Cam.C3, g.Cam.F, g.Cam.U0, g.Cam.V0, g.Cam.K1, g.Cam.K2,
        g.X.X, g.X.Y, g.X.Z, g.W,
    ];
}
