namespace AutoVec.Compiler.Ir;

/// <summary>Fresh names for one function: <c>h</c> becomes <c>h.1</c>, <c>h.2</c>, ... Never static, so that output is reproducible.</summary>
public sealed class Names
{
    private readonly Dictionary<string, int> _last = [];

    public Names() { }

    /// <summary>Names that collide with none of the function's.</summary>
    public Names(FunctionIr function) => Avoid(function);

    /// <summary>From now on, names that collide with none of this function's either.</summary>
    public void Avoid(FunctionIr function)
    {
        foreach (var v in function.Params.Concat(function.Sizes).Concat(function.Body.AllBinders())) Seen(v.Name);
    }

    public static string BaseOf(string name)
    {
        int dot = name.IndexOf('.');
        return dot < 0 ? name : name.Substring(0, dot);
    }

    public Var Fresh(string like, IrType type)
    {
        string text = BaseOf(like);
        _last[text] = _last.TryGetValue(text, out int n) ? n + 1 : 1;
        return new Var($"{text}.{_last[text]}", type);
    }

    public Var Fresh(Var like) => Fresh(like.Name, like.Type);

    private void Seen(string name)
    {
        string text = BaseOf(name);
        int n = name.Length > text.Length + 1 && int.TryParse(name.Substring(text.Length + 1), out int parsed) ? parsed : 0;
        if (!_last.TryGetValue(text, out int last) || n > last) _last[text] = n;
    }
}
