namespace AutoVec;

/// <summary>
/// On a static method or a local function: reverse mode remembers nothing of what happens inside a call of it but the arguments, and computes
/// the rest again (JAX's <c>checkpoint</c>). It saves the memory of loops inside, and costs the time of a second run. The function takes its
/// parameters by value, writes nothing that is declared outside of it, and returns new arrays.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CheckpointAttribute : Attribute;
