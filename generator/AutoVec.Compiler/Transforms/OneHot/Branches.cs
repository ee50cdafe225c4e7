using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.OneHot;

/// <summary>
/// Takes the code of one sample, gives the same in which an array that one side of a branch makes, and of which the other makes constants, is made of elements
/// with the branch inside: an array of all samples that fission can take apart, where the branch would have stayed whole in each sample's thread.
/// <code>
/// y = if c { a = build i&lt;n { e }   yield a } else { z = build i&lt;n { 0 }   yield z }      ⇒      y = build i&lt;n { if c { e } else { 0 } }
/// </code>
/// </summary>
public static class Branches
{
    public static FunctionIr Run(FunctionIr f)
    {
        bool changed = false;
        var names = new Names(f);
        Block Inside(Block block) => block with { Stmts = block.Stmts.Map(s => One(s.Map(v => v, a => a, Inside))) };
        Stmt One(Stmt s)
        {
            if (s is not If { Results.Count: 1 } i || Only(i.Then) is not { } then || Only(i.Else) is not { } otherwise) return s;
            if (!IsFill(then) && !IsFill(otherwise) || then.Dims.Map(d => d.Extent) != otherwise.Dims.Map(d => d.Extent)) return s;
            changed = true;
            var same = new Substitution(otherwise.Dims.Zip(then.Dims, (o, t) => (o.Index, (Atom)t.Index)));
            var element = names.Fresh(i.Results[0].Name, i.Results[0].Type.Element);
            return new Build(i.Results, then.Dims, new Block([new If([element], i.Condition, then.Body, same.Apply(otherwise.Body))], [element]));
        }
        var body = Inside(f.Body);
        return changed ? f with { Body = body } : f;
    }

    private static bool IsFill(Build b) => b.Body.Stmts.IsEmpty && b.Body.Results[0] is Const;

    /// <summary>The build that is all there is to a block.</summary>
    private static Build? Only(Block block) =>
        block.Stmts is { Count: 1 } one && one[0] is Build { Results.Count: 1 } b && block.Results[0].Equals(b.Results[0]) && !b.Body.Results[0].Type.IsArray ? b : null;
}
