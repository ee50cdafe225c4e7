using System.Text.RegularExpressions;
using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Tests.Support;

/// <summary>A pass as text in, text out; and the check that it keeps the meaning.</summary>
public static partial class PassText
{
    /// <summary>The text form, normalised by the printer.</summary>
    public static string Normal(string text) => Printer.Print(Parser.Parse(text));

    /// <summary>Runs the pass on the text, verifies the result and compares it with the expected text.</summary>
    public static FunctionIr Gives(Func<FunctionIr, FunctionIr> pass, string before, string after)
    {
        var f = Verifier.Check(Parser.Parse(before), "test");
        var g = Verifier.Check(pass(f), "pass");
        Assert.Equal(Renumber(Normal(after)), Renumber(Printer.Print(g with { Callees = [] })));
        return g;
    }

    /// <summary>Counters of fresh names in order of appearance: which numbers a pass drew is not its meaning.</summary>
    private static string Renumber(string text)
    {
        var names = new Dictionary<string, string>();
        var count = new Dictionary<string, int>();
        return FreshName().Replace(text, m =>
        {
            if (names.TryGetValue(m.Value, out string? known)) return known;
            string of = m.Groups[1].Value;
            count[of] = count.GetValueOrDefault(of) + 1;
            return names[m.Value] = $"{of}.{count[of]}";
        });
    }

    [GeneratedRegex(@"\b([A-Za-z_]\w*)\.\d+\b")]
    private static partial Regex FreshName();

    /// <summary>Runs both functions on random arguments; extents come from <paramref name="sizes"/> in order, repeated.</summary>
    public static void SameMeaning(FunctionIr f, FunctionIr g, int[] sizes, double tolerance = 0, int seed = 1)
    {
        var random = new System.Random(seed);
        var extents = new Dictionary<Var, int>();
        int next = 0;
        int Extent(Atom a)
        {
            if (a is Const c) return c.AsInt;
            if (!extents.TryGetValue((Var)a, out int n)) extents[(Var)a] = n = sizes[next++ % sizes.Length];
            return n;
        }
        var args = f.Params.Select(p =>
        {
            var shape = p.Type.Extents.Map(Extent);
            int count = shape.Aggregate(1, (x, y) => x * y);
            return Value.Of(p.Type.Scalar, shape, Enumerable.Range(0, count).Select(_ => p.Type.Scalar switch
            {
                Scalar.Bool => random.Next(2),
                Scalar.I32 or Scalar.I64 => random.Next(0, 3),
                _ => Math.Round(random.NextDouble() * 4 - 2, 2),
            }));
        }).ToArray();
        var expected = Outcome(f, args);
        var actual = Outcome(g, args);
        Assert.Equal(expected.Error, actual.Error);
        for (int r = 0; r < expected.Values.Length; r++)
        {
            Assert.Equal(expected.Values[r].Shape, actual.Values[r].Shape);
            for (int k = 0; k < expected.Values[r].Data.Length; k++)
            {
                var (e, a) = (expected.Values[r].Data[k], actual.Values[r].Data[k]);
                if (!e.Equals(a) && !(Math.Abs(e.AsDouble - a.AsDouble) <= tolerance))
                    Assert.Fail($"result {r}, element {k}: {e} became {a}\n--- before\n{f}\n--- after\n{g}");
            }
        }
    }

    private static (Value[] Values, string? Error) Outcome(FunctionIr f, Value[] args)
    {
        try
        {
            return (Interpreter.Run(f, args), null);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArithmeticException)
        {
            return ([], e.GetType().Name);
        }
    }
}
