namespace AutoVec.Tests.Random;

/// <summary>Statements and expressions of a random program.</summary>
internal sealed partial class Maker(int seed, int most)
{
    private readonly System.Random _random = new(seed), _slices = new(seed * 31 + 7);
    private readonly List<string> _scalars = ["a", "b"];
    private readonly List<(string Name, int Rank, bool Writable)> _arrays = [("x", 1, false), ("y", 1, false), ("w", 2, false)];
    private readonly List<(string Name, bool Full)> _counters = [];
    private readonly HashSet<string> _fixed = ["a", "b"];
    private int _next, _left = most;

    /// <summary>The array that is twice as long as the others, if there is one.</summary>
    private string? _twice;

    private bool Chance(double p) => _random.NextDouble() < p;
    private T Pick<T>(params IReadOnlyList<T> of) => of[_random.Next(of.Count)];
    private string Fresh(string like) => $"{like}{++_next}";

    public RandomProgram Program(int size)
    {
        List<Step> body = [Scalar(), Array()];
        if (Chance(0.5)) body.Add(Array());
        if (_slices.Next(4) == 0) body.AddRange(Slices());
        body.AddRange(Block(size, 0));
        Expr result = new Local(Pick(_scalars));
        foreach (var (name, rank, writable) in _arrays.ToArray())
        {
            if (!writable) continue;
            string sum = Fresh("t"), i = Fresh("i"), j = Fresh("j");
            body.Add(new Declare(sum, new Num(0)));
            Expr e = new Elem(name, rank == 1 ? [new IntVar(i)] : [new IntVar(i), new IntVar(j)]);
            Step add = new Assign(sum, new Bin("+", new Local(sum), Chance(0.5) ? e : new Bin("*", e, e)));
            if (rank == 2) add = new Loop(j, new Length(name, 1), [add], null);
            body.Add(new Loop(i, new Length(name, 0), [add], null));
            result = new Bin("+", result, new Local(sum));
        }
        return new RandomProgram(RandomProgram.Signature, [.. body], result);
    }

    private Declare Scalar()
    {
        string name = Fresh("s");
        var value = Chance(0.3) ? new Num(0) : Value(1);
        _scalars.Add(name);
        return new Declare(name, value);
    }

    private NewArray Array()
    {
        string name = Fresh("h");
        int rank = Chance(0.25) ? 2 : 1;
        Int extent() => Chance(0.8) ? new Length(Pick("x", "y"), 0) : new Length("w", _random.Next(2));
        var made = new NewArray(name, rank == 1 ? [extent()] : [extent(), extent()]);
        _arrays.Add((name, rank, true));
        return made;
    }

    /// <summary>An array of 2n elements with views of n: its halves, apart, or one element away from each other.</summary>
    private List<Step> Slices()
    {
        Int n = new Length("x", 0);
        string array = _twice = Fresh("h");
        List<Step> steps = [new NewArray(array, [new IntBin("+", n, n)])];
        _arrays.Add((array, 1, true));
        foreach (var start in new Int[] { new IntConst(0), _slices.Next(2) == 0 ? n : new IntConst(1) })
        {
            string view = Fresh("v");
            steps.Add(new Slice(view, array, start, n));
            _arrays.Add((view, 1, true));
        }
        if (_slices.Next(2) == 0)
        {
            string inner = Fresh("v");
            steps.Add(new Slice(inner, "x", new IntConst(_slices.Next(2)), new IntBin("-", n, new IntConst(1))));
            string i = Fresh("i"), sum = Fresh("s");
            steps.Add(new Declare(sum, new Num(0.5)));
            steps.Add(new Loop(i, new Length(inner, 0), [new Assign(sum, new Bin("+", new Local(sum), new Bin("*", new Elem(inner, [new IntVar(i)]), new Elem("y", [new IntVar(i)]))))], null));
            _scalars.Add(sum);
        }
        return steps;
    }

    private Step[] Block(int size, int depth)
    {
        int scalars = _scalars.Count;
        var steps = new List<Step>();
        for (int k = 0; k < size && (k == 0 || _left > 0); k++)
        {
            if (Sometimes(depth switch { 0 => 0.4, 1 => 0.1, _ => 0 })) steps.AddRange(Idiom(depth));
            steps.Add(Statement(_left-- > 1 ? depth : Innermost));
        }
        if (depth > 0) _scalars.RemoveRange(scalars, _scalars.Count - scalars);
        return [.. steps];
    }

    private const int Innermost = 4;

    private Step Statement(int depth)
    {
        double r = _random.NextDouble();
        if (depth < 3 && r < 0.4) return For(depth);
        if (depth < 3 && r < 0.5) return While(depth);
        if (depth < Innermost && r < 0.62)
        {
            var c = Condition();
            return new Branch(c, Block(1 + _random.Next(2), depth + 1), Chance(0.6) ? Block(1, depth + 1) : []);
        }
        if (r < 0.8) return Write();
        if (r < 0.9 && depth == 0) return Scalar();
        return Set();
    }

    private Step Set()
    {
        var targets = _scalars.Where(s => !_fixed.Contains(s)).ToArray();
        string name = Pick(targets);
        var e = Value(2);
        return new Assign(name, _random.Next(4) switch
        {
            0 => Calm(e),
            1 => new Bin("+", new Local(name), new Bin("*", new Num(0.5), e)),
            2 => new Fn(Pick("Max", "Min"), new Local(name), e),
            _ => new Fn("Tanh", new Bin(Pick("*", "+", "-"), new Local(name), e)),
        });
    }

    private Step Write()
    {
        var (name, rank, _) = Pick(_arrays.Where(a => a.Writable).ToArray());
        var index = Enumerable.Range(0, rank).Select(d => Index(name, d)).ToArray();
        var e = Calm(Value(2));
        return new Store(name, index, _random.Next(3) switch
        {
            0 => new Bin("+", new Elem(name, index), e),
            1 => new Bin("*", new Elem(name, index), new Fn("Sin", e)),
            _ => e,
        });
    }

    private Loop For(int depth)
    {
        string i = Fresh("i");
        bool full = Chance(0.85);
        Int extent = full ? new Length(Pick("x", "y", "w"), 0) : new IntConst(_random.Next(0, 4));
        _counters.Add((i, full));
        var body = Block(1 + _random.Next(3), depth + 1);
        var stop = Chance(0.12) ? Condition() : null;
        _counters.RemoveAt(_counters.Count - 1);
        return new Loop(i, extent, body, stop);
    }

    private Repeat While(int depth)
    {
        string k = Fresh("k");
        var go = Condition();
        return new Repeat(k, 1 + _random.Next(4), go, Block(1 + _random.Next(2), depth + 1));
    }

    /// <summary>An index inside dimension d: i, n−1−i, (i+1) % n, (2i) % n, 0.</summary>
    private Int Index(string array, int d)
    {
        Int n = new Length(array, d);
        var full = _counters.Where(c => c.Full).Select(c => c.Name).ToArray();
        if (full.Length == 0 || Chance(0.08)) return new IntConst(0);
        Int i = new IntVar(Pick(full));
        return _random.Next(10) switch
        {
            < 6 => i,
            6 => new IntBin("-", new IntBin("-", n, new IntConst(1)), i),
            7 => new IntBin("%", new IntBin("+", i, new IntConst(1)), n),
            8 => new IntBin("%", new IntBin("*", new IntConst(2), i), n),
            _ => new IntConst(0),
        };
    }

    private Cond Condition()
    {
        if (_counters.Count > 0 && Chance(0.4))
            return new IntCompare(Pick("<", ">", "=="), new IntVar(Pick(_counters.ToArray()).Name), new IntConst(_random.Next(3)));
        return new Compare(Pick("<", ">", "<=", ">="), Value(1), Value(1));
    }

    /// <summary>A value that cannot explode.</summary>
    private Expr Calm(Expr e) => _random.Next(3) switch
    {
        0 => new Fn("Sin", e),
        1 => new Fn("Tanh", e),
        _ => new Bin("*", new Num(Math.Round(_random.NextDouble() - 0.5, 3)), e),
    };

    private Expr Value(int depth)
    {
        if (depth == 0 || Chance(0.25)) return Leaf();
        return _random.Next(9) switch
        {
            < 4 => new Bin(Pick("+", "-", "*"), Value(depth - 1), Value(depth - 1)),
            4 => new Fn(Pick("Sin", "Cos", "Tanh", "Abs"), Value(depth - 1)),
            5 => new Fn("Exp", new Fn("Sin", Value(depth - 1))),
            6 => new Fn(Pick("Max", "Min"), Value(depth - 1), Value(depth - 1)),
            7 => new Bin("/", Value(depth - 1), new Bin("+", new Num(2), new Fn("Abs", Value(depth - 1)))),
            _ => new Choose(Condition(), Value(depth - 1), Value(depth - 1)),
        };
    }

    private Expr Leaf()
    {
        if (Chance(0.15)) return new Num(Math.Round(_random.NextDouble() * 3 - 1.5, 2));
        if (Chance(0.45) || _counters.Count == 0 && Chance(0.6)) return new Local(Pick(_scalars));
        var (name, rank, _) = Pick(_arrays);
        return new Elem(name, [.. Enumerable.Range(0, rank).Select(d => Index(name, d))]);
    }
}
