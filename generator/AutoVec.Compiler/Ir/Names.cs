namespace AutoVec.Compiler.Ir;

/// <summary>Fresh names for one function: <c>h</c> becomes <c>h.1</c>, <c>h.2</c>, ... Never static, so that output is reproducible.</summary>
public sealed class Names
{
    private readonly Dictionary<string, int> _last;

    public Names() => _last = [];

    /// <summary>Names that collide with none of the function's.</summary>
    public Names(FunctionIr function)
    {
        // Most passes ask this of a body that another has asked before.
        var facts = function.Body.Facts.Known ??= new();
        if (facts.LastNames is null)
        {
            _last = [];
            foreach (var v in function.Body.AllBinders()) Seen(v);
            facts.LastNames = _last;
        }
        _last = new(facts.LastNames);
        foreach (var v in function.Params) Seen(v);
        foreach (var v in function.Sizes) Seen(v);
    }

    /// <summary>From now on, names that collide with none of this function's either.</summary>
    public void Avoid(FunctionIr function)
    {
        foreach (var v in function.Params) Seen(v);
        foreach (var v in function.Sizes) Seen(v);
        foreach (var v in function.Body.AllBinders()) Seen(v);
    }

    public static string BaseOf(string name)
    {
        int dot = name.IndexOf('.');
        return dot < 0 ? name : name.Substring(0, dot);
    }

    public Var Fresh(string like, IrType type)
    {
        string text = BaseOf(like);
        int n = _last.TryGetValue(text, out int last) ? last + 1 : 1;
        _last[text] = n;
        return new Var(text + "." + n.ToString(System.Globalization.CultureInfo.InvariantCulture), type);
    }

    public Var Fresh(Var like) => Fresh(like.Name, like.Type);

    private void Seen(Var v)
    {
        int n = Counter(v.Name, v.Base.Length + 1);
        if (!_last.TryGetValue(v.Base, out int last) || n > last) _last[v.Base] = n;
    }

    /// <summary>The number that the name ends in; 0 if it is none.</summary>
    private static int Counter(string name, int from)
    {
        long n = 0;
        for (int k = from; k < name.Length; k++)
        {
            if (name[k] is < '0' or > '9' || (n = n * 10 + (name[k] - '0')) > int.MaxValue) return 0;
        }
        return (int)n;
    }
}
