namespace AutoVec.Samples.Mnist;

/// <summary>
/// Digits drawn as strokes with a random tilt, size, place, thickness and wobble: something to learn on a machine without a
/// network. Always the same ones.
/// </summary>
public static class SyntheticDigits
{
    private const int Side = 28;

    /// <summary>Strokes in the unit square, y down; a stroke is a polyline.</summary>
    private static readonly (double X, double Y)[][][] Strokes =
    [
        [Arc(0.5, 0.5, 0.26, 0.40, 0, 360)],
        [[(0.36, 0.26), (0.54, 0.10), (0.54, 0.90)]],
        [[.. Arc(0.5, 0.32, 0.24, 0.22, 180, 385), (0.26, 0.88), (0.78, 0.88)]],
        [Arc(0.47, 0.30, 0.23, 0.20, 200, 450), Arc(0.47, 0.70, 0.26, 0.21, -90, 160)],
        [[(0.60, 0.90), (0.60, 0.10), (0.22, 0.64), (0.80, 0.64)]],
        [[(0.74, 0.12), (0.34, 0.12), (0.31, 0.46), .. Arc(0.48, 0.66, 0.25, 0.23, -110, 150)]],
        [[(0.62, 0.10), (0.36, 0.42), .. Arc(0.50, 0.68, 0.23, 0.22, 200, 560)]],
        [[(0.24, 0.12), (0.76, 0.12), (0.42, 0.90)]],
        [Arc(0.5, 0.30, 0.20, 0.19, 0, 360), Arc(0.5, 0.70, 0.24, 0.21, 0, 360)],
        [[.. Arc(0.50, 0.32, 0.22, 0.21, 20, 380), (0.70, 0.42), (0.58, 0.90)]],
    ];

    public static TrainAndTest Make(int train = 12_000, int test = 2_000) =>
        new("synthetic digits", Draw(train, seed: 1), Draw(test, seed: 2));

    private static (double, double)[] Arc(double x, double y, double rx, double ry, double from, double to) =>
        [.. Enumerable.Range(0, 17).Select(k => (from + (to - from) * k / 16) * Math.PI / 180)
            .Select(a => (x + rx * Math.Cos(a), y + ry * Math.Sin(a)))];

    private static Images Draw(int count, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count * Side * Side];
        var labels = new int[count];
        for (int k = 0; k < count; k++)
        {
            labels[k] = random.Next(10);
            Draw(Strokes[labels[k]], random, pixels.AsSpan(k * Side * Side, Side * Side));
        }
        return new Images(pixels, labels, Side * Side);
    }

    private static void Draw((double X, double Y)[][] strokes, Random random, Span<byte> image)
    {
        double spread(double by) => (random.NextDouble() * 2 - 1) * by;
        double angle = spread(0.22), slant = spread(0.25), size = 20 * (1 + spread(0.15)), wide = 1 + spread(0.15);
        double x0 = 14 + spread(2.2), y0 = 14 + spread(2.2), thick = 1.15 + spread(0.45);
        (double X, double Y) place((double X, double Y) p)
        {
            double x = (p.X - 0.5) * wide + (0.5 - p.Y) * slant + spread(0.018), y = p.Y - 0.5 + spread(0.018);
            return (x0 + size * (x * Math.Cos(angle) - y * Math.Sin(angle)), y0 + size * (x * Math.Sin(angle) + y * Math.Cos(angle)));
        }
        foreach (var stroke in strokes)
        {
            var a = place(stroke[0]);
            foreach (var point in stroke.AsSpan(1))
            {
                var b = place(point);
                Segment(a, b, thick, image);
                a = b;
            }
        }
    }

    private static void Segment((double X, double Y) a, (double X, double Y) b, double thick, Span<byte> image)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, length = dx * dx + dy * dy;
        int left = Math.Clamp((int)(Math.Min(a.X, b.X) - thick - 1), 0, Side - 1), right = Math.Clamp((int)(Math.Max(a.X, b.X) + thick + 1), 0, Side - 1);
        int top = Math.Clamp((int)(Math.Min(a.Y, b.Y) - thick - 1), 0, Side - 1), bottom = Math.Clamp((int)(Math.Max(a.Y, b.Y) + thick + 1), 0, Side - 1);
        for (int y = top; y <= bottom; y++)
            for (int x = left; x <= right; x++)
            {
                double t = length == 0 ? 0 : Math.Clamp(((x - a.X) * dx + (y - a.Y) * dy) / length, 0, 1);
                double far = Math.Sqrt(Square(x - a.X - t * dx) + Square(y - a.Y - t * dy));
                byte ink = (byte)(255 * Math.Clamp(thick + 0.5 - far, 0, 1));
                if (ink > image[y * Side + x]) image[y * Side + x] = ink;
            }
    }

    private static double Square(double x) => x * x;
}
