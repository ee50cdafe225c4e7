using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Emit;

/// <summary>How <c>Ad</c> in plain C#, which holds a delegate and boxed arguments, calls a generated derivative.</summary>
/// <param name="Delegate">The delegate's type: <c>global::System.Func&lt;double, double&gt;</c>.</param>
/// <param name="Arguments">One for each parameter of the generated member.</param>
public sealed record Registration(string Delegate, Seq<Access> Arguments);

/// <summary>An argument of the generated member: the object at a position, cast to its type, and what is read of it.</summary>
public sealed record Access(int Object, string Type, Seq<string> Path);

/// <summary>A call of <c>Ad</c> in the source, as the compiler's caller information describes it.</summary>
/// <param name="Type">The full name of the type that holds the function.</param>
/// <param name="Text">The argument that is the function.</param>
/// <param name="Captured">The variables it captures: objects after the arguments.</param>
public sealed record CallPlace(string Type, string Member, int Line, string Text, Seq<string> Captured);
