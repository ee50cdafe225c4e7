using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Parallelize;

/// <summary>One line for each loop of the source, in the order of the source: what it became, or why it stays sequential.</summary>
internal sealed class Notes
{
    private readonly Dictionary<Var, int> _order = [];
    private readonly SortedDictionary<int, string> _lines = [];

    public Notes(FunctionIr function)
    {
        foreach (var stmt in function.Body.Walk())
        {
            if (stmt is For f) _order[f.Dim.Index] = _order.Count;
            if (stmt is not While w) continue;
            _order[w.Results[0]] = _order.Count;
            _lines[_order[w.Results[0]]] = $"while ({Bases(w.State.Map(c => c.Param))}): stays sequential: the data decides how many trips it makes";
        }
    }

    public void Add(For loop, string what)
    {
        // Copies of a loop are not loops of the source.
        if (_order.TryGetValue(loop.Dim.Index, out int at)) _lines[at] = $"loop {loop.Dim.Index.Base}<{(loop.Dim.Extent is Var v ? v.Base : loop.Dim.Extent)}: {what}";
    }

    public IEnumerable<string> InOrder() => _lines.Values;

    public static string Bases(IEnumerable<Var> names) => string.Join(", ", names.Select(v => v.Base));
}
