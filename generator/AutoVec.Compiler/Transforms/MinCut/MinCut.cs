using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Transforms.Checkpoint;

namespace AutoVec.Compiler.Transforms.MinCut;

/// <summary>
/// Store or recompute: takes a derivative in which a loop tapes the numbers of its state that its reverse reads; gives the same one with tapes of as few
/// bytes as the reverse can do with. Between what it reads from tapes and what adjoints ask for lies code that computes again what the forward loop has computed; any cut through that
/// code will do, and the least is taken (<see cref="Plan"/>): here a bool instead of a number.
/// <code>
/// s, tape = loop (s0 = a, t0 = room) for i&lt;n {          s, tape = loop (s0 = a, t0 = room) for i&lt;n {
///   t1 = t0 with [i] = s0                                  p = s0 * w   c = p &gt; 0
///   p = s0 * w   c = p &gt; 0   s1 = select c p 0             s1 = select c p 0
///   yield s1, t1 }                                  ⇒      t1 = t0 with [i] = c    yield s1, t1 }
/// x_bar = loop (b = 1) for t&lt;n {                         x_bar = loop (b = 1) for t&lt;n {
///   i = n - 1 - t   s0 = tape[i]                           i = n - 1 - t
///   p = s0 * w   c = p &gt; 0                                 c = tape[i]
///   b1 = select c b 0   b2 = b1 * w   yield b2 }           b1 = select c b 0   b2 = b1 * w   yield b2 }
/// </code>
/// The tapes that nothing reads any more are dead state: Simplify drops them.
/// </summary>
public static class MinCut
{
    public static FunctionIr Run(FunctionIr f)
    {
        var pass = new Pass(f);
        var body = pass.Rewrite(f.Body);
        return pass.Changed ? f with { Body = body } : f;
    }

    private sealed class Pass(FunctionIr f)
    {
        private readonly Names _names = new(f);
        private readonly Dictionary<Var, Stmt> _definitions = f.Body.Definitions();
        private readonly Dictionary<Var, int> _uses = f.Body.Uses();

        public bool Changed { get; private set; }

        public Block Rewrite(Block block)
        {
            var (forward, backward) = (new Dictionary<Stmt, Plan>(), new Dictionary<Stmt, Plan>());
            for (int k = 0; k < block.Stmts.Count; k++)
            {
                if (block.Stmts[k] is not For loop || TapedLoop.Of(loop, block.Stmts.Skip(k + 1).ToSeq(), _definitions, _uses) is not { Back: { } back } taped) continue;
                if (Plan.Of(taped, new HashSet<Var>(block.Stmts.Skip(k).SelectMany(s => s.Outs)), _definitions) is not { } plan) continue;
                (forward[loop], backward[back], Changed) = (plan, plan, true);
            }
            var b = new Builder(_names);
            foreach (var s in block.Stmts)
            {
                var inside = s.Map(v => v, a => a, Rewrite);
                // The reverse of one loop may be the forward loop of another derivative.
                if (backward.TryGetValue(s, out var read)) inside = Reads((For)inside, read);
                if (forward.TryGetValue(s, out var write)) inside = Writes((For)inside, write, b);
                b.Append(inside);
            }
            return block with { Stmts = b.Stmts.ToSeq() };
        }

        /// <summary>The forward loop, which tapes what is stored now.</summary>
        private For Writes(For loop, Plan plan, Builder before)
        {
            var body = before.Nested();
            body.Append(loop.Body.Stmts);
            var (again, map) = plan.Again(loop);
            var values = map.Copy(again, _names);
            body.Append(values.Stmts);
            var (state, results, next) = (new List<Carry>(), new List<Var>(), new List<Atom>());
            for (int k = 0; k < plan.Stored.Count; k++)
            {
                var type = new IrType(plan.Stored[k].Type.Scalar, [loop.Dim.Extent]);
                var param = _names.Fresh("tape", type);
                state.Add(new(param, before.Room(type, "tape")));
                next.Add(body.Write(param, [loop.Dim.Index], values.Results[k]));
                results.Add(plan.Tapes[k] = _names.Fresh("tape", type));
            }
            return new For([.. loop.Results, .. results], [.. loop.State, .. state], loop.Dim, body.Block([.. loop.Body.Results, .. next])) { Place = loop.Place };
        }

        /// <summary>The reverse loop, which reads it.</summary>
        private static For Reads(For back, Plan plan)
        {
            var stmts = back.Body.Stmts.Map(s => s.Outs.Count == 1 && plan.Stored.ToList().IndexOf(s.Outs[0]) is >= 0 and int k ? new Read(s.Outs[0], plan.Tapes[k], [plan.Trip]) : s);
            return back with { Body = back.Body with { Stmts = [.. plan.Index, .. stmts.Where(s => !plan.Index.Contains(s))] } };
        }
    }
}
