namespace AutoVec;

/// <summary>No derivative with respect to this parameter. Integers, bools and enums never have one.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NoGradAttribute : Attribute;
