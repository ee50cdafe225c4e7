namespace AutoVec.Tests.Random;

/// <summary>
/// What numerical code is made of, between the random statements: products of matrices, scans, windows, searches, buckets, sorts, eliminations. Passes
/// look for these forms, and random statements hardly ever fall into one.
/// </summary>
internal sealed partial class Maker
{
    private readonly System.Random _forms = new(seed * 17 + 3);

    private bool Sometimes(double p) => _forms.NextDouble() < p;
    private T Form<T>(params IReadOnlyList<T> of) => of[_forms.Next(of.Count)];

    private List<Step> Idiom(int depth)
    {
        int arrays = _arrays.Count;
        var steps = new List<Step>();
        Form<Action<List<Step>>>(
            Dense, Dense, Layers, Layers, NearestRow, NearestRow, Product, OuterProduct, Recurrent, Scan, Recurrence, Window, Pairs, Softmax, Moments, TriangularSolve, Elimination, Transpose,
            s => Winner(s, depth), s => Search(s, depth), s => Buckets(s, depth), Nearest, Rows, Compaction, Sort, Strided, Bits)(steps);
        if (depth > 0) _arrays.RemoveRange(arrays, _arrays.Count - arrays);
        return steps;
    }

    // ---- parts

    private static IntVar Var(string name) => new(name);
    private static Length Extent(string array, int dimension = 0) => new(array, dimension);
    private static Elem At(string array, params Int[] index) => new(array, index);
    private static Loop Each(string counter, Int extent, params Step[] body) => new(counter, extent, body, null);
    private static Store Set(string array, Int index, Expr value) => new(array, [index], value);
    private static Store Add(string array, Int index, Expr value) => Set(array, index, new Bin("+", At(array, index), value));
    private static Assign Add(string scalar, Expr value) => new(scalar, new Bin("+", new Local(scalar), value));
    private static Bin Times(Expr left, Expr right) => new("*", left, right);
    private static Bin Minus(Expr left, Expr right) => new("-", left, right);
    private static Bin Over(Expr value, Expr by) => new("/", value, new Bin("+", new Num(2), new Fn("Abs", by)));
    private static Int Last(Int n, Int i) => new IntBin("-", new IntBin("-", n, new IntConst(1)), i);
    private static Int Next(Int i) => new IntBin("+", i, new IntConst(1));

    /// <summary>An index below n that the data decides.</summary>
    private Int Bucket(Expr value, Int n) => new IntBin("%", new Truncate(Times(new Fn("Abs", value), new Num(Form(1.0, 2.5, 7.3)))), n);

    /// <summary>Of n elements.</summary>
    private string Vector() => Form([.. _arrays.Where(a => a.Rank == 1 && a.Name != _twice).Select(a => a.Name)]);
    private string Matrix() => Form([.. _arrays.Where(a => a.Rank == 2).Select(a => a.Name)]);

    private string NewVector(List<Step> steps, Int extent) => NewArray(steps, extent);
    private string NewMatrix(List<Step> steps, Int rows, Int columns) => NewArray(steps, rows, columns);

    private string NewArray(List<Step> steps, params Int[] extents)
    {
        string name = Fresh("h");
        steps.Add(new NewArray(name, extents));
        _arrays.Add((name, extents.Length, true));
        return name;
    }

    private string NewScalar(List<Step> steps, Expr value)
    {
        string name = Fresh("s");
        steps.Add(new Declare(name, value));
        _scalars.Add(name);
        return name;
    }

    /// <summary>An expression over an index that runs through all elements.</summary>
    private Expr Value(string counter, int depth)
    {
        _counters.Add((counter, true));
        var e = Value(depth);
        _counters.RemoveAt(_counters.Count - 1);
        return e;
    }

    private Expr Activation(Expr e) => _forms.Next(4) switch
    {
        0 => new Fn("Tanh", e),
        1 => new Fn("Max", e, new Num(0)),
        2 => Times(new Num(0.25), e),
        _ => Over(e, e),
    };

    /// <summary>On the outside, an index that later statements may use as they use counters.</summary>
    private string NewIndex(List<Step> steps, int depth)
    {
        string at = Fresh("k");
        steps.Add(new DeclareInt(at, new IntConst(0)));
        if (depth == 0) _counters.Add((at, true));
        return at;
    }

    // ---- products

    private void Dense(List<Step> steps)
    {
        var (m, v, byRows) = (Matrix(), Vector(), Sometimes(0.5));
        var (j, k) = (Fresh("i"), Fresh("i"));
        var element = byRows ? At(m, Var(j), Var(k)) : At(m, Var(k), Var(j));
        var (outer, inner) = (Extent(m, byRows ? 0 : 1), Extent(m, byRows ? 1 : 0));
        string h = NewVector(steps, outer);
        if (Sometimes(0.3))
        {
            steps.Add(Each(k, inner, Each(j, outer, Add(h, Var(j), Times(At(v, Var(k)), element)))));
            return;
        }
        string s = Fresh("s");
        steps.Add(Each(j, outer, new Declare(s, Sometimes(0.5) ? new Num(0) : At(Vector(), Var(j))), Each(k, inner, Add(s, Times(element, At(v, Var(k))))), Set(h, Var(j), Activation(new Local(s)))));
    }

    /// <summary>One on top of the other, of the same weights.</summary>
    private void Layers(List<Step> steps)
    {
        string v = Form("x", "y");
        for (int layer = 0; layer < 2; layer++)
        {
            var (i, j, s) = (Fresh("i"), Fresh("i"), Fresh("s"));
            string h = NewVector(steps, Extent("w", 1));
            steps.Add(Each(j, Extent(h), new Declare(s, layer == 0 ? new Num(0) : At("y", Var(j))), Each(i, Extent(v), Add(s, Times(At(v, Var(i)), At("w", Var(i), Var(j))))), Set(h, Var(j), Activation(new Local(s)))));
            v = h;
        }
    }

    private void Product(List<Step> steps)
    {
        var (left, right) = (Matrix(), Matrix());
        var (i, j, k) = (Fresh("i"), Fresh("i"), Fresh("i"));
        string c = NewMatrix(steps, Extent(left), Extent(right, 1));
        Step add = new Store(c, [Var(i), Var(j)], new Bin("+", At(c, Var(i), Var(j)), Times(At(left, Var(i), Var(k)), At(right, Var(k), Var(j)))));
        var (I, J, K) = (Extent(c), Extent(c, 1), Extent(left, 1));
        steps.Add(_forms.Next(3) switch
        {
            0 => Each(i, I, Each(j, J, Each(k, K, add))),
            1 => Each(i, I, Each(k, K, Each(j, J, add))),
            _ => Each(k, K, Each(i, I, Each(j, J, add))),
        });
    }

    private void OuterProduct(List<Step> steps)
    {
        var (u, v, i, j) = (Vector(), Vector(), Fresh("i"), Fresh("i"));
        string c = NewMatrix(steps, Extent(u), Extent(v));
        steps.Add(Each(i, Extent(c), Each(j, Extent(c, 1), new Store(c, [Var(i), Var(j)], new Bin("+", At(c, Var(i), Var(j)), Times(At(u, Var(i)), At(v, Var(j))))))));
    }

    /// <summary>A layer whose output is its next input.</summary>
    private void Recurrent(List<Step> steps)
    {
        var (m, v) = (Matrix(), Vector());
        var (t, i, j, s, copy) = (Fresh("i"), Fresh("i"), Fresh("i"), Fresh("s"), Fresh("i"));
        string h = NewVector(steps, Extent(m));
        var trip = new List<Step>();
        string g = NewVector(Sometimes(0.5) ? steps : trip, Extent(m));
        _arrays.RemoveAt(_arrays.Count - 1);
        trip.Add(Each(i, Extent(m), new Declare(s, At(v, Sometimes(0.5) ? Var(t) : Var(i))), Each(j, Extent(m, 1), Add(s, Times(At(m, Var(i), Var(j)), At(h, Var(j))))), Set(g, Var(i), new Fn("Tanh", new Local(s)))));
        trip.Add(Each(copy, Extent(m), Set(h, Var(copy), At(g, Var(copy)))));
        steps.Add(new Loop(t, Extent(v), [.. trip], null));
    }

    // ---- scans and recurrences

    private void Scan(List<Step> steps)
    {
        string v = Vector(), i = Fresh("i"), h = NewVector(steps, Extent(v)), s = NewScalar(steps, new Num(Form(0, 1)));
        var term = Sometimes(0.5) ? At(v, Var(i)) : Value(i, 1);
        var next = _forms.Next(4) switch
        {
            0 => new Fn(Form("Max", "Min"), new Local(s), term),
            1 => new Bin("+", Times(new Num(0.5), new Local(s)), term),
            2 => Times(new Local(s), new Fn("Sin", term)),
            _ => (Expr)new Bin("+", new Local(s), term),
        };
        Step keep = Set(h, Sometimes(0.2) ? Last(Extent(v), Var(i)) : Var(i), new Local(s)), step = new Assign(s, next);
        steps.Add(Sometimes(0.5) ? Each(i, Extent(v), step, keep) : Each(i, Extent(v), keep, step));
    }

    private void Recurrence(List<Step> steps)
    {
        string v = Vector(), i = Fresh("i"), h = NewVector(steps, Extent(v));
        if (Sometimes(0.7)) steps.Add(Set(h, new IntConst(0), At(v, new IntConst(0))));
        steps.Add(Each(i, new IntBin("-", Extent(v), new IntConst(1)), Set(h, Next(Var(i)), new Bin("+", Times(new Num(Form(0.5, -0.75)), At(h, Var(i))), Calm(At(v, Sometimes(0.5) ? Var(i) : Next(Var(i))))))));
    }

    private void TriangularSolve(List<Step> steps)
    {
        var (m, v, i, j, s) = (Matrix(), Vector(), Fresh("i"), Fresh("i"), Fresh("s"));
        string h = NewVector(steps, Extent(m));
        steps.Add(Each(i, Extent(m), new Declare(s, At(v, Var(i))), Each(j, Var(i), new Assign(s, Minus(new Local(s), Times(At(m, Var(i), Var(j)), At(h, Var(j)))))), Set(h, Var(i), Over(new Local(s), At(m, Var(i), Var(i))))));
    }

    private void Elimination(List<Step> steps)
    {
        string m = Matrix(), c = NewMatrix(steps, Extent(m), Extent(m, 1)), f = Fresh("s");
        var (i, j, k) = (Fresh("i"), Fresh("i"), Fresh("i"));
        Copy(steps, m, c);
        steps.Add(Each(k, Extent(c), Each(i, Last(Extent(c), Var(k)),
            new Declare(f, Over(At(c, Row(), Var(k)), At(c, Var(k), Var(k)))),
            Each(j, Extent(c, 1), new Store(c, [Row(), Var(j)], Minus(At(c, Row(), Var(j)), Times(new Local(f), At(c, Var(k), Var(j)))))))));
        Int Row() => new IntBin("+", Next(Var(k)), Var(i));
    }

    private void Copy(List<Step> steps, string from, string to)
    {
        var (i, j) = (Fresh("i"), Fresh("i"));
        steps.Add(Each(i, Extent(to), Each(j, Extent(to, 1), new Store(to, [Var(i), Var(j)], At(from, Var(i), Var(j))))));
    }

    /// <summary>In place.</summary>
    private void Transpose(List<Step> steps)
    {
        string m = Matrix(), c = NewMatrix(steps, Extent(m), Extent(m)), t = Fresh("s");
        Copy(steps, m, c);
        var (i, j) = (Fresh("i"), Fresh("i"));
        steps.Add(Each(i, Extent(c), Each(j, Var(i), new Declare(t, At(c, Var(i), Var(j))), new Store(c, [Var(i), Var(j)], At(c, Var(j), Var(i))), new Store(c, [Var(j), Var(i)], Calm(new Local(t))))));
    }

    // ---- windows and pairs

    private void Window(List<Step> steps)
    {
        var (u, v, i, j, s) = (Vector(), Vector(), Fresh("i"), Fresh("i"), Fresh("s"));
        string h = NewVector(steps, Extent(u));
        var (extent, at) = _forms.Next(3) switch
        {
            0 => (new IntBin("-", Extent(u), Var(i)), new IntBin("+", Var(i), Var(j))),
            1 => (Next(Var(i)), (Int)new IntBin("-", Var(i), Var(j))),
            _ => (Extent(v), new IntBin("%", new IntBin("+", Var(i), Var(j)), Extent(u))),
        };
        steps.Add(Each(i, Extent(u), new Declare(s, new Num(0)), Each(j, extent, Add(s, Times(At(u, at), At(v, Var(j))))), Set(h, Var(i), Sometimes(0.5) ? new Local(s) : Activation(new Local(s)))));
    }

    private void Pairs(List<Step> steps)
    {
        var (u, i, j, d) = (Vector(), Fresh("i"), Fresh("i"), Fresh("s"));
        string h = NewVector(steps, Extent(u));
        Step apart = new Declare(d, Minus(At(u, Var(i)), At(Sometimes(0.7) ? u : Vector(), Var(j))));
        var force = Over(new Local(d), Times(new Local(d), new Local(d)));
        steps.Add(_forms.Next(3) switch
        {
            0 => Each(i, Extent(u), Each(j, Extent(u), apart, Add(h, Var(i), force))),
            // Each pair once, both of it written.
            1 => Each(i, Extent(u), Each(j, Var(i), apart, Add(h, Var(i), force), Set(h, Var(j), Minus(At(h, Var(j)), force)))),
            _ => Each(i, Extent(u), Each(j, Extent(u), new Branch(new IntCompare("<", Var(i), Var(j)), [apart, Add(h, Var(j), force)], []))),
        });
    }

    // ---- rows

    private void Softmax(List<Step> steps)
    {
        var (v, i, j, k) = (Vector(), Fresh("i"), Fresh("i"), Fresh("i"));
        string most = NewScalar(steps, At(v, new IntConst(0))), sum = NewScalar(steps, new Num(0));
        steps.Add(Each(i, Extent(v), new Assign(most, new Fn("Max", new Local(most), At(v, Var(i))))));
        Expr power(string at) => new Fn("Exp", Minus(At(v, Var(at)), new Local(most)));
        if (Sometimes(0.4))
        {
            steps.Add(Each(j, Extent(v), Add(sum, power(j))));
            steps.Add(new Assign(sum, new Bin("+", new Local(most), new Fn("Log", new Local(sum)))));
            return;
        }
        string h = NewVector(steps, Extent(v));
        steps.Add(Each(j, Extent(v), Set(h, Var(j), power(j)), Add(sum, At(h, Var(j)))));
        steps.Add(Each(k, Extent(v), Set(h, Var(k), new Bin("/", At(h, Var(k)), new Local(sum)))));
    }

    private void Moments(List<Step> steps)
    {
        var (v, i, j, k) = (Vector(), Fresh("i"), Fresh("i"), Fresh("i"));
        string mean = NewScalar(steps, new Num(0)), square = NewScalar(steps, new Num(0)), h = NewVector(steps, Extent(v));
        steps.Add(Each(i, Extent(v), Add(mean, Times(new Num(0.25), At(v, Var(i))))));
        steps.Add(Each(j, Extent(v), Add(square, Times(Minus(At(v, Var(j)), new Local(mean)), Minus(At(v, Var(j)), new Local(mean))))));
        steps.Add(Each(k, Extent(v), Set(h, Var(k), new Bin("/", Minus(At(v, Var(k)), new Local(mean)), new Fn("Sqrt", new Bin("+", new Local(square), new Num(0.1)))))));
    }

    // ---- indices that the data decides

    private void Winner(List<Step> steps, int depth)
    {
        string v = Vector(), i = Fresh("i"), at = NewIndex(steps, depth), best = NewScalar(steps, At(v, new IntConst(0)));
        var value = Sometimes(0.6) ? At(v, Var(i)) : Value(i, 1);
        List<Step> won = [new Assign(best, value), new AssignInt(at, Var(i))];
        if (Sometimes(0.3)) won.Insert(Sometimes(0.5) ? 0 : 2, new Assign(NewScalar(steps, new Num(0.5)), Value(i, 1)));
        steps.Add(Each(i, Extent(v), new Branch(new Compare(Form("<", ">", "<=", ">="), value, new Local(best)), [.. won], [])));
        Use(steps, at);
    }

    private void Search(List<Step> steps, int depth)
    {
        var (v, i) = (Vector(), Fresh("i"));
        string at = NewIndex(steps, depth);
        var found = new Compare(Form("<", ">"), At(v, Var(i)), Value(1));
        steps.Add(new Loop(i, Extent(v), [Sometimes(0.5) ? new AssignInt(at, Var(i)) : new Branch(found, [new AssignInt(at, Var(i))], [])], found));
        Use(steps, at);
    }

    private void Buckets(List<Step> steps, int depth)
    {
        var (v, u, i) = (Vector(), Vector(), Fresh("i"));
        string k = Fresh("k"), h = NewVector(steps, Extent(u));
        Step at = new DeclareInt(k, Bucket(At(v, Var(i)), Extent(u)));
        steps.Add(Each(i, Extent(v), at, _forms.Next(3) switch
        {
            0 => Add(h, Var(k), Value(i, 1)),
            1 => Set(h, Var(i), Times(At(u, Var(k)), At(v, Var(i)))),
            _ => Set(h, Var(k), new Bin("+", Times(new Num(0.5), At(h, Var(k))), At(u, Var(i)))),
        }));
        if (depth > 0) return;
        string one = NewIndex(steps, depth);
        steps.Add(new AssignInt(one, Bucket(Value(1), Extent(u))));
    }

    private void Use(List<Step> steps, string at)
    {
        if (_arrays.LastOrDefault(a => a is { Rank: 1, Writable: true } && a.Name != _twice).Name is { } h && Sometimes(0.6)) steps.Add(Add(h, Var(at), Calm(Value(1))));
        if (Sometimes(0.5)) NewScalar(steps, At(Vector(), Var(at)));
    }

    /// <summary>k-means: the nearest row of another matrix, and what its winner gets.</summary>
    private void Nearest(List<Step> steps)
    {
        var (p, c, i, j, k) = (Matrix(), Matrix(), Fresh("i"), Fresh("i"), Fresh("i"));
        var (best, d, at, to) = (Fresh("s"), Fresh("s"), Fresh("k"), Fresh("i"));
        string cost = NewScalar(steps, new Num(0)), sums = NewMatrix(steps, Extent(c), Extent(c, 1)), counts = NewVector(steps, Extent(c));
        var apart = Minus(At(p, Var(i), Var(j)), At(c, Var(k), Var(j)));
        steps.Add(Each(i, Extent(p),
            new Declare(best, new Num(1e9)), new DeclareInt(at, new IntConst(0)),
            Each(k, Extent(c),
                new Declare(d, At(Vector(), Var(k))), Each(j, Extent(c, 1), Add(d, Times(apart, apart))),
                new Branch(new Compare("<", new Local(d), new Local(best)), [new Assign(best, new Local(d)), new AssignInt(at, Var(k))], [])),
            Add(cost, new Local(best)),
            Add(counts, Var(at), new Local(best)),
            Each(to, Extent(c, 1), new Store(sums, [Var(at), Var(to)], new Bin("+", At(sums, Var(at), Var(to)), At(p, Var(i), Var(to)))))));
    }

    /// <summary>The same of one point, which is a sample of many.</summary>
    private void NearestRow(List<Step> steps)
    {
        var (v, j, k, best, d) = (Form("x", "y"), Fresh("i"), Fresh("i"), NewScalar(steps, new Num(1e9)), Fresh("s"));
        string at = NewIndex(steps, 1);
        var apart = Minus(At(v, Var(j)), At("w", Var(k), Var(j)));
        steps.Add(Each(k, Extent("w"), new Declare(d, new Num(0)), Each(j, Extent(v), Add(d, Times(apart, apart))),
            new Branch(new Compare("<", new Local(d), new Local(best)), [new Assign(best, new Local(d)), new AssignInt(at, Var(k))], [])));
        Use(steps, at);
    }

    /// <summary>An embedding: rows that the data decides, read or added to.</summary>
    private void Rows(List<Step> steps)
    {
        string m = Matrix(), v = Vector(), i = Fresh("i"), j = Fresh("i"), k = Fresh("k"), c = NewMatrix(steps, Extent(m), Extent(m, 1));
        bool reads = Sometimes(0.5);
        Int from = reads ? Var(k) : Var(i), to = reads ? Var(i) : Var(k);
        steps.Add(Each(i, Extent(v), new DeclareInt(k, Bucket(At(v, Var(i)), Extent(m))),
            Each(j, Extent(m, 1), new Store(c, [to, Var(j)], reads ? At(m, from, Var(j)) : new Bin("+", At(c, to, Var(j)), Times(At(m, from, Var(j)), At(v, Var(i))))))));
    }

    /// <summary>What is kept lies together.</summary>
    private void Compaction(List<Step> steps)
    {
        string v = Vector(), i = Fresh("i"), count = Fresh("k"), h = NewVector(steps, Extent(v));
        steps.Add(new DeclareInt(count, new IntConst(0)));
        steps.Add(Each(i, Extent(v), new Branch(new Compare(">", At(v, Var(i)), Value(i, 1)), [Set(h, Var(count), At(v, Var(i))), new AssignInt(count, Next(Var(count)))], [])));
        string first = Fresh("i"), sum = NewScalar(steps, new Num(0));
        steps.Add(Each(first, Var(count), Add(sum, Times(At(h, Var(first)), At(h, Var(first))))));
    }

    private void Sort(List<Step> steps)
    {
        string v = Vector(), i = Fresh("i"), j = Fresh("i"), copy = Fresh("i"), t = Fresh("s"), h = NewVector(steps, Extent(v));
        steps.Add(Each(copy, Extent(v), Set(h, Var(copy), At(v, Var(copy)))));
        Step swap = new Branch(new Compare(">", At(h, Var(j)), At(h, Next(Var(j)))), [new Declare(t, At(h, Var(j))), Set(h, Var(j), At(h, Next(Var(j)))), Set(h, Next(Var(j)), new Local(t))], []);
        var pass = Each(j, new IntBin("-", Extent(v), new IntConst(1)), swap);
        steps.Add(Sometimes(0.5) ? pass : Each(i, Extent(v), pass));
    }

    private void Strided(List<Step> steps)
    {
        string v = Vector(), i = Fresh("i"), h = NewVector(steps, Extent(v)), s = NewScalar(steps, new Num(0));
        Int even = new IntBin("*", new IntConst(2), Var(i));
        steps.Add(Each(i, new IntBin("/", Extent(v), new IntConst(2)),
            Set(h, even, new Bin("+", At(v, even), At(v, Next(even)))), Set(h, Next(even), Calm(Minus(At(v, even), At(v, Next(even))))), Add(s, Times(At(h, even), At(v, Next(even))))));
    }
}
