namespace AutoVec;

/// <summary>The method's derivative is the user's own rule (JAX's <c>custom_vjp</c>).</summary>
/// <param name="rule">The name of the rule, a method of the same type: <c>[CustomGrad(nameof(Rule))]</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CustomGradAttribute(string rule) : Attribute
{
    /// <summary>The name of the rule, a method of the same type.</summary>
    public string Rule { get; } = rule;
}
