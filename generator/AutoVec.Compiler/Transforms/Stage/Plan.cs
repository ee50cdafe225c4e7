using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Stage;

/// <summary>
/// What runs, in order. The stages cover <c>Function.Body</c>, each statement exactly once; the results are the body's results.
/// </summary>
/// <param name="Explain">One line for each loop of the source or stage: what it became and why.</param>
public sealed record Plan(FunctionIr Function, Seq<Stage> Stages, Seq<string> Explain);

/// <summary>What one launch (CPU: one parallel-for; GPU: one kernel) or one step of the host does.</summary>
public abstract record Stage
{
    /// <summary>One line for the reader of the generated code: <c>GEMM h[B×512] = x[B×784]·W1, + b1, max 0</c>.</summary>
    public string Title { get; init; } = "";
}

/// <summary>A few scalar statements (Compute, element Read) on the host, sequential, in order.</summary>
public sealed record ScalarStage(Seq<Stmt> Stmts) : Stage;

/// <summary>
/// Builds (with anything inside: reduces, loops, whole in-thread computations) that share one leading extent and read each
/// other only at their own leading index. The leading dimension is parallel; nothing else need be.
/// </summary>
public sealed record KernelStage(Seq<Stmt> Stmts) : Stage
{
    /// <summary>The leading extent that all its builds share.</summary>
    public Atom Extent => ((Build)Stmts[0]).Dims[0].Extent;
}

/// <summary>
/// A GEMM over strided views; the epilogue is elementwise over the same (batch, m, n) and reads the finished sums, and what earlier
/// builds of it make, at its own index. The sums may be read by other stages too: then they are stored as well.
/// </summary>
public sealed record ContractionStage(Build Statement, Contraction Spec, Seq<Build> Epilogue) : Stage;

/// <summary>A reduction to one scalar.</summary>
public sealed record ReduceStage(Reduce Statement) : Stage;

/// <summary>A scatter, in lexicographic order.</summary>
public sealed record ScatterStage(Scatter Statement) : Stage;

/// <summary>Write, Accumulate or slice Read of whole arrays of the host. In place: the old version is dead and owned by this function.</summary>
public sealed record UpdateStage(Stmt Statement, bool InPlace) : Stage;

/// <summary>For or While on the host; its body is stages again. Condition is empty for a For.</summary>
public sealed record LoopStage(Stmt Loop, Seq<Stage> Condition, Seq<Stage> Body) : Stage;

public sealed record IfStage(If If, Seq<Stage> Then, Seq<Stage> Else) : Stage;

/// <summary>
/// C[batch, m, n] = Σ_k A[..]·B[..]. A and B are arrays of the function; each axis group lists dims with their strides.
/// </summary>
public sealed record Contraction(Operand A, Operand B, Seq<Axis> Batch, Seq<Axis> M, Seq<Axis> N, Seq<Axis> K);

/// <summary>An input array and its index, affine in the axes' variables; the constant part is <see cref="Offset"/> per dimension.</summary>
public sealed record Operand(Var Array, Seq<Atom> Offset);

/// <summary>
/// One variable of the contraction. A stride is the distance in elements, as a product of extents (empty: 1), null where the
/// operand does not mention the variable.
/// </summary>
public sealed record Axis(Var Index, Atom Extent, Seq<Atom>? A, Seq<Atom>? B, Seq<Atom>? C);
