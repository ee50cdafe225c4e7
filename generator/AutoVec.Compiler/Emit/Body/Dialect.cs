using AutoVec.Compiler.Emit.Text;
using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Emit.Body;

/// <summary>What differs between the kinds of C# that a body is written in: pointers on the CPU, views in a kernel.</summary>
public abstract class Dialect
{
    /// <summary>The op's template, see <see cref="Op.CSharp"/>.</summary>
    public abstract string Spell(Op op);

    /// <summary>The type of an array's variable: <c>float*</c>.</summary>
    public abstract string ArrayType(string element);

    /// <summary>One element, as an expression that can be assigned to.</summary>
    public virtual Expr Element(string array, string offset) => new($"{array}[{offset}]", Precedence.Primary);

    /// <summary>An element as a value.</summary>
    public virtual Expr Load(Expr element, Scalar scalar) => element;

    /// <summary>Does the expression load from memory?</summary>
    public virtual bool Loads(Expr value) => value.Text.Contains("[");

    /// <summary>The array from an offset on.</summary>
    public abstract Expr From(string array, Expr offset);

    /// <summary>An expression for fresh memory inside the thread.</summary>
    public abstract Expr Rent(string element, Expr count);

    /// <summary>Takes and returns the thread's memory position; null where memory needs no return.</summary>
    public abstract string? Mark { get; }
    public abstract string Release(string mark);

    /// <summary>Copies a run of elements.</summary>
    public virtual void Move(CodeWriter to, Identifiers names, Expr from, Expr target, Expr count)
    {
        string i = names.Fresh("i"), type = OffsetType ?? "int";
        var body = new CodeWriter();
        body.Line($"{Element(target.At(Precedence.Primary), i)} = {Element(from.At(Precedence.Primary), i)};");
        to.Nest($"for ({type} {i} = 0; {i} < {count.At(Precedence.Shift)}; {i}++)", body);
    }

    /// <summary>Is there a function that adds a run of such elements to another?</summary>
    public virtual bool AddsRows(string element) => false;

    /// <summary>Adds a run of elements to another.</summary>
    public virtual void Add(CodeWriter to, Expr from, Expr target, Expr count) => throw new NotSupportedException("rows are added element by element");

    /// <summary>Sets a run of elements to one value.</summary>
    public virtual void Fill(CodeWriter to, Identifiers names, string array, Expr count, string value)
    {
        string i = names.Fresh("i"), type = OffsetType ?? "int";
        var body = new CodeWriter();
        body.Line($"{Element(array, i)} = {value};");
        to.Nest($"for ({type} {i} = 0; {i} < {count.At(Precedence.Shift)}; {i}++)", body);
    }

    /// <summary>The statement that stops the thread when the condition holds: an index outside its array, a check that fails.</summary>
    public virtual void Violation(CodeWriter to, string condition, Violated what) => to.Line($"if ({condition}) throw {what.Exception};");

    /// <summary>Are there functions that find the next bit of a number?</summary>
    public virtual bool FindsBits => false;

    /// <summary>The offset into an array of rank 2 and more is computed in this type; null: int suffices.</summary>
    public abstract string? OffsetType { get; }
}

/// <summary>What a violation says: everything as C# text.</summary>
/// <param name="Array">The name it is about.</param>
/// <param name="Index">The index; a check's first operand.</param>
/// <param name="Extent">The length there; a check's last operand.</param>
public sealed record Violated(string Function, string Array, string Index, string Extent, string Sample)
{
    public FaultKind Kind { get; init; }

    /// <summary>The exception on the host.</summary>
    public string Exception => Kind == FaultKind.NotFinite ? $"Violation.NotFinite({Literals.Quote(Function)}, Places, (int){Index}, {Extent}, {Sample})" : $"Violation.{Kind}({Literals.Quote(Function)}, {Literals.Quote(Array)}, {Kind switch
    {
        FaultKind.Index or FaultKind.Bounds => $"{Index}, {Extent}, {Sample}",
        FaultKind.Lengths => $"{Index}, {Extent}",
        FaultKind.Length => $"{Index}, {Sample}",
        _ => Sample,
    }})";
}

/// <summary>Plain C# on pointers.</summary>
public class CpuDialect : Dialect
{
    public override string Spell(Op op) => op.CSharp;
    public override string ArrayType(string element) => element + "*";
    public override Expr From(string array, Expr offset) =>
        new($"{array} + {offset.At(Precedence.Additive)}", Precedence.Additive);
    public override Expr Rent(string element, Expr count) => Expr.Name($"Scratch.Rent<{element}>({count})");
    public override string? Mark => "Scratch.Mark()";
    public override string Release(string mark) => $"Scratch.Release({mark});";
    public override string? OffsetType => "nint";
    public override bool FindsBits => true;

    public override void Move(CodeWriter to, Identifiers names, Expr from, Expr target, Expr count) => to.Line($"Lanes.Move({from}, {target}, {count});");
    public override bool AddsRows(string element) => element is "float" or "double";
    public override void Add(CodeWriter to, Expr from, Expr target, Expr count) => to.Line($"Lanes.Add({from}, {target}, {count});");
    public override void Fill(CodeWriter to, Identifiers names, string array, Expr count, string value) => to.Line($"Lanes.Fill({array}, {count}, {value});");
}

/// <summary>Between the stages: whole arrays are copied and filled by all threads.</summary>
public sealed class CpuHostDialect : CpuDialect
{
    public override void Move(CodeWriter to, Identifiers names, Expr from, Expr target, Expr count) => to.Line($"engine.Move({from}, {target}, {count});");
    public override void Fill(CodeWriter to, Identifiers names, string array, Expr count, string value) => to.Line($"engine.Fill({array}, {count}, {value});");
}
