namespace AutoVec;

/// <summary>
/// Generates the reverse-mode derivatives of a static method <c>F</c>: <c>FGrad</c>, <c>FValueAndGrad</c>, <c>FVjp</c>, and
/// with <see cref="VectorizeAttribute"/> their batched forms.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DifferentiableAttribute : Attribute
{
    /// <summary>Adds forward mode: <c>FJvp</c> and, with <see cref="VectorizeAttribute"/>, <c>FJvpBatch</c>.</summary>
    public bool Forward { get; set; }

    /// <summary>
    /// How much a reverse-mode derivative may remember of one sample: <c>"64 MB"</c> (the default), <c>"1.5 GB"</c>, <c>"512 kB"</c>, in
    /// powers of 1000, or <c>"unlimited"</c>. A loop that would remember more keeps its state at a few trips, and runs what lies between again.
    /// Derivatives that the method itself takes (<c>Ad.Grad</c>) share it.
    /// </summary>
    /// <remarks>
    /// The same numbers come out, to the bit. The budget is of a sample, as the bytes are that the generated file's plan states: what the
    /// gradient of one costs does not depend on how many others are in the batch. As many are remembered at a time as are worked on at a
    /// time: on the CPU one for each thread (or lane), all of the batch where a loop runs on the host and on a GPU.
    /// </remarks>
    public string? MemoryBudget { get; set; }
}
