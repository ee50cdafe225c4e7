namespace AutoVec;

/// <summary>
/// Annotated methods of other assemblies may call this static method: its compiled form is put into the assembly. Public methods
/// marked <see cref="VectorizeAttribute"/> or <see cref="DifferentiableAttribute"/> are callable without it. Nothing is generated for
/// the method itself, hence its type need not be partial, and it may be overloaded.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ComposableAttribute : Attribute;
