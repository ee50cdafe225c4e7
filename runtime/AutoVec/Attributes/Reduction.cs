namespace AutoVec;

/// <summary>What a batch function does with the results of its samples.</summary>
public enum Reduction
{
    /// <summary>One result per sample: the result gains a leading dimension.</summary>
    None,

    /// <summary>The sum over the batch, element by element. The sum of an empty batch is 0.</summary>
    Sum,

    /// <summary>The mean over the batch, element by element. The mean of an empty batch is NaN. Not for integers or bools.</summary>
    Mean,
}
