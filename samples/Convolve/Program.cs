using AutoVec.Samples.Convolve;

// The vmap example of the JAX article: one signal, then a batch of ten, from the same scalar method.
float[] w = [3, 1, 3];
float[] x = [0, 1, 2, 3, 4];

float[] one = Signal.Convolve(x, w);
Console.WriteLine($"Convolve(x[{x.Length}], w[{w.Length}]) → [{one.Length}]: {Row(one)}");

var batch = new float[10, 5];
for (int b = 0; b < 10; b++)
    for (int i = 0; i < 5; i++)
        batch[b, i] = 5 * b + i;

Console.WriteLine($"\none call a row of [{batch.GetLength(0)}, {batch.GetLength(1)}]:");
for (int b = 0; b < 10; b++) Console.WriteLine(Row(Signal.Convolve(RowOf(batch, b), w)));

float[,] all = Signal.ConvolveBatch(batch, w);
Console.WriteLine($"\nConvolveBatch(x[{batch.GetLength(0)}, {batch.GetLength(1)}], w[{w.Length}]) → [{all.GetLength(0)}, {all.GetLength(1)}], one call for all rows:");
for (int b = 0; b < 10; b++) Console.WriteLine(Row(RowOf(all, b)));

static float[] RowOf(float[,] a, int row) => [.. Enumerable.Range(0, a.GetLength(1)).Select(i => a[row, i])];
static string Row(float[] row) => $"[{string.Join(' ', row)}]";
