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
}
