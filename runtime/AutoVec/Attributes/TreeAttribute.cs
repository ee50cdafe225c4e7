namespace AutoVec;

/// <summary>
/// A bundle of parameters on a partial record (JAX's pytree); trees nest. For a tree <c>Mlp</c> this generates <c>Mlp.Batch</c>,
/// <c>Mlp.OnDevice</c>, <c>Mlp.In</c> and <c>Upload</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class TreeAttribute : Attribute;
