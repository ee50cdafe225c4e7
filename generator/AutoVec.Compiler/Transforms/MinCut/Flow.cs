namespace AutoVec.Compiler.Transforms.MinCut;

/// <summary>The least cut between two nodes of a small directed graph, by augmenting along shortest paths (Edmonds and Karp 1972).</summary>
internal sealed class Flow
{
    public const long Infinite = long.MaxValue / 4;

    private readonly List<List<int>> _edgesOf = [];
    private readonly List<(int To, long Left)> _edges = [];

    /// <returns>Its number.</returns>
    public int Node()
    {
        _edgesOf.Add([]);
        return _edgesOf.Count - 1;
    }

    public void Edge(int from, int to, long capacity)
    {
        // An edge and its reverse are neighbours: each is the other's number with the last bit turned.
        _edgesOf[from].Add(_edges.Count);
        _edges.Add((to, capacity));
        _edgesOf[to].Add(_edges.Count);
        _edges.Add((from, 0));
    }

    /// <summary>The side of the source, of all least cuts the one that is nearest to it.</summary>
    public HashSet<int> Cut(int source, int sink)
    {
        while (true)
        {
            var (by, queue) = (new Dictionary<int, int> { [source] = -1 }, new Queue<int>([source]));
            while (queue.Count > 0 && !by.ContainsKey(sink))
            {
                int at = queue.Dequeue();
                foreach (int e in _edgesOf[at])
                {
                    if (_edges[e].Left <= 0 || by.ContainsKey(_edges[e].To)) continue;
                    by[_edges[e].To] = e;
                    queue.Enqueue(_edges[e].To);
                }
            }
            if (!by.ContainsKey(sink)) return [.. by.Keys];
            long most = Infinite;
            for (int at = sink; at != source; at = _edges[by[at] ^ 1].To) most = Math.Min(most, _edges[by[at]].Left);
            for (int at = sink; at != source; at = _edges[by[at] ^ 1].To)
            {
                int e = by[at];
                _edges[e] = (_edges[e].To, _edges[e].Left - most);
                _edges[e ^ 1] = (_edges[e ^ 1].To, _edges[e ^ 1].Left + most);
            }
        }
    }
}
