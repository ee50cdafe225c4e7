using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Differentiate;
using AutoVec.Compiler.Transforms.Differentiate;
using Cut = AutoVec.Compiler.Transforms.Checkpoint.Checkpoint;
using Diff = AutoVec.Compiler.Transforms.Differentiate.Differentiate;
using Tidy = AutoVec.Compiler.Transforms.Simplify.Simplify;

namespace AutoVec.Compiler.Tests.Checkpoint;

/// <summary>The gradient of a function as it is, and within budgets so small that every loop is cut, in every way.</summary>
internal static class Budgets
{
    public static readonly MemoryBudget[] Small = [new(1), new(60), new(300), new(2000)];

    public static FunctionIr Gradient(FunctionIr f)
    {
        var simple = Verifier.Check(Tidy.Run(f), "simplify");
        return Verifier.Check(Tidy.Run(Diff.Run(simple, Derivatives.Floats(f), Seed.One, keepValue: true)), "differentiate");
    }

    /// <summary>The same numbers, to the bit, whatever the budget.</summary>
    public static void Agree(FunctionIr f, IEnumerable<MemoryBudget> budgets, params Value[][] inputs)
    {
        var plain = Gradient(f);
        var expected = inputs.Select(i => Interpreter.Run(plain, i)).ToArray();
        foreach (var budget in budgets)
        {
            var cut = Verifier.Check(Cut.Run(plain with { Budget = budget }), $"checkpoint in {budget}");
            var tidy = Verifier.Check(Tidy.Run(cut), "simplify after checkpoint");
            for (int k = 0; k < inputs.Length; k++)
            {
                var actual = Interpreter.Run(tidy, inputs[k]);
                for (int r = 0; r < actual.Length; r++)
                    if (!actual[r].Equals(expected[k][r]))
                        Assert.Fail($"{budget}, {tidy.ResultNames[r]}: {expected[k][r]} became {actual[r]}\n--- whole\n{plain}\n--- cut\n{tidy}");
            }
        }
    }
}
