namespace AutoVec;

/// <summary>
/// One value for the whole batch, known when the method is compiled (JAX's <c>in_axes=None</c>). The batched gradient with
/// respect to it is the sum over the samples (under <see cref="Reduction.Mean"/> their mean).
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class SharedAttribute : Attribute;
