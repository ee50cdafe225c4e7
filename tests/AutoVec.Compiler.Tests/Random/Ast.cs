namespace AutoVec.Tests.Random;

// A small imperative language for random programs. It is written out twice, as C# (RandomProgram.CSharp) and as IR
// (RandomProgram.Lower), so that a difference is a bug of the compiler and not of one reading of the program.

public abstract record Expr;
public sealed record Num(double Value) : Expr;
public sealed record Local(string Name) : Expr;
public sealed record Elem(string Array, Int[] Index) : Expr;
public sealed record Bin(string Op, Expr Left, Expr Right) : Expr;       // + - * /
public sealed record Fn(string Name, params Expr[] Args) : Expr;         // Sin Tanh Abs Max Min ...
public sealed record Choose(Cond If, Expr Then, Expr Else) : Expr;

/// <summary>Integer expressions: counters, extents and indices.</summary>
public abstract record Int;
public sealed record IntConst(int Value) : Int;
public sealed record IntVar(string Name) : Int;
public sealed record Length(string Array, int Dim) : Int;
public sealed record IntBin(string Op, Int Left, Int Right) : Int;       // + - * / % & << >>

/// <summary><c>(int)value</c>: an index that the data decides.</summary>
public sealed record Truncate(Expr Value) : Int;

public abstract record Cond;
public sealed record Compare(string Op, Expr Left, Expr Right) : Cond;   // < > <= >=
public sealed record IntCompare(string Op, Int Left, Int Right) : Cond;

public abstract record Step;
public sealed record Declare(string Name, Expr Value) : Step;
public sealed record NewArray(string Name, Int[] Extents) : Step;

/// <summary><c>var v = a.AsSpan(start, length)</c>: another name for a part of a, which is of rank 1. Views are called v….</summary>
public sealed record Slice(string Name, string Array, Int Start, Int Count) : Step;
public sealed record Assign(string Name, Expr Value) : Step;
public sealed record DeclareInt(string Name, Int Value) : Step;
public sealed record AssignInt(string Name, Int Value) : Step;
public sealed record Store(string Array, Int[] Index, Expr Value) : Step;
public sealed record Branch(Cond If, Step[] Then, Step[] Else) : Step;

/// <summary><c>for (int v = 0; v &lt; Extent; v++) { Body; if (Break) break; }</c></summary>
public sealed record Loop(string Counter, Int Extent, Step[] Body, Cond? Break) : Step;

/// <summary><c>int v = 0; while (v &lt; Limit &amp;&amp; Go) { Body; v++; }</c>: trips that the data decides, bounded.</summary>
public sealed record Repeat(string Counter, int Limit, Cond Go, Step[] Body) : Step;

/// <summary>A parameter: rank 0 to 2. All extents are equal to n at run time, though each array has names of its own.</summary>
public sealed record Parameter(string Name, int Rank);
