namespace AutoVec.Benchmarks.Generation;

/// <summary>An annotated method of fifty lines as one writes them: layers, a recurrence, branches, a helper.</summary>
internal static class MeasuredMethod
{
    /// <summary>The file of one of many such methods, each in a class of its own.</summary>
    public static string Text(int number, string constant = "0.1f") => $$"""
        using System;
        using AutoVec;

        namespace Measured;

        public static partial class C{{number}}
        {
            [Vectorize, Differentiable]
            public static float Score(float[] x, [Shared] float[,] w, [Shared] float[] b, float start, [NoGrad] float target)
            {
                var hidden = new float[b.Length];
                for (int j = 0; j < hidden.Length; j++)
                {
                    float sum = b[j];
                    for (int i = 0; i < x.Length; i++)
                    {
                        sum += x[i] * w[i, j];
                    }
                    hidden[j] = MathF.Max(sum, {{constant}} * sum);
                }

                float largest = float.NegativeInfinity;
                for (int j = 0; j < hidden.Length; j++)
                {
                    largest = MathF.Max(largest, hidden[j]);
                }
                float mass = 0;
                for (int j = 0; j < hidden.Length; j++)
                {
                    mass += MathF.Exp(hidden[j] - largest);
                }
                float level = largest + MathF.Log(mass);

                float position = start;
                float speed = 0;
                for (int s = 0; s < 20; s++)
                {
                    float force = Force(position, level);
                    speed += 0.05f * force;
                    if (position > 2)
                    {
                        speed *= 0.9f;
                    }
                    position += 0.05f * speed;
                }

                float energy = 0.5f * speed * speed;
                energy += position < 0
                    ? 0.25f * position * position
                    : MathF.Sqrt(1 + position * position);
                float difference = energy - target;
                float loss = MathF.Abs(difference) < 1
                    ? 0.5f * difference * difference
                    : MathF.Abs(difference) - 0.5f;
                return loss + 0.01f * level;
            }

            private static float Force(float position, float level) => -MathF.Sin(position) + 0.1f * level * MathF.Tanh(position);
        }
        """;
}
