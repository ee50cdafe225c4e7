namespace AutoVec;

/// <summary>
/// Generates <c>FBatch</c> for a static method <c>F</c>: every parameter that is not <see cref="SharedAttribute">shared</see>
/// takes one value or a batch, and the result is one per sample (JAX's <c>vmap</c>).
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorizeAttribute : Attribute
{
    /// <summary>Makes <c>FBatch</c> return the reduced result instead of one per sample.</summary>
    public Reduction Reduce { get; set; }
}
