using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Ops;

namespace AutoVec.Compiler.Tests.Ir;

public class VerifierTests
{
    private static string Blame(Func<FunctionIr, FunctionIr> damage)
    {
        var f = Parser.Parse("""
            fun F(x: f64[n], k: i32) {
              a = x[k]
              b = a + 1.0
              yield b
            }
            """);
        return Assert.Throws<VerifierException>(() => Verifier.Check(damage(f), "damage")).Message;
    }

    private static FunctionIr With(FunctionIr f, Func<Seq<Stmt>, IEnumerable<Stmt>> stmts) =>
        f with { Body = f.Body with { Stmts = stmts(f.Body.Stmts).ToSeq() } };

    [Fact]
    public void Names_the_pass_and_the_statement() => Assert.Equal(
        "damage: in F: 'a' (an operand) is not in scope\n  b = a + 1.0", Blame(f => With(f, s => [s[1]])));

    [Fact]
    public void A_name_is_bound_once() => Assert.StartsWith("damage: in F: 'a' is bound twice", Blame(f => With(f, s => [s[0], .. s])));

    [Fact]
    public void A_use_has_the_type_of_its_binder() => Assert.Contains(
        "'a' (an operand) is used as i32 but bound as f64",
        Blame(f => With(f, s => [s[0], new Compute(new Var("b", IrType.I32), OpTable.Add, [new Var("a", IrType.I32), Const.I32(1)])])));

    [Fact]
    public void Extents_are_in_scope() => Assert.Contains(
        "'q' (an operand) is not in scope",
        Blame(f => With(f, s => [.. s, new Build([new Var("z", IrType.F64.Under([new Var("q", IrType.I32)]))],
            [new Dim(new Var("i", IrType.I32), new Var("q", IrType.I32))], new Block([], [Const.F64(0)]))])));
}
