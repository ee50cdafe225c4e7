namespace AutoVec.Tests.Random;

/// <summary>
/// <c>double F(double[] x, double[] y, double[,] w, double a, double b)</c> with a random body. Values stay moderate, so
/// that finite differences settle; every index is in bounds for extents ≥ 1.
/// </summary>
public sealed record RandomProgram(Parameter[] Parameters, Step[] Body, Expr Result)
{
    internal static readonly Parameter[] Signature = [new("x", 1), new("y", 1), new("w", 2), new("a", 0), new("b", 0)];

    /// <param name="seed">Of everything in it.</param>
    /// <param name="size">How many statements on the outside, roughly: 1 to 6.</param>
    /// <param name="most">Of all statements, those inside counted: nothing nests any more where they are used up.</param>
    public static RandomProgram Make(int seed, int size, int most = int.MaxValue) => new Maker(seed, most).Program(size);

    public string Text => CSharp.Write(this, "F");
}
