using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Flatten;

/// <summary>What one run of Flatten knows, and the walk over the statements of the host.</summary>
internal sealed class Fission(FunctionIr function, bool motion)
{
    public Names Names { get; } = new(function);
    public Totality Total { get; } = new(function.Body.Stmts, function.Sizes);
    /// <summary>May floats that are the same for every element be computed outside? See <see cref="Flatten.Run"/>.</summary>
    public bool Motion => motion;

    public List<string> Notes { get; } = [];

    /// <summary>Results of builds that turned out to be an array that exists already.</summary>
    public Substitution Renamed { get; } = new();

    public Block Host(Block block)
    {
        var host = new Builder(Names);
        var alone = motion ? new Alone(block, this) : null;
        for (int k = 0; k < block.Stmts.Count; k++)
            if (alone?.Takes(k, host) != true) Host(block.Stmts[k], host);
        return host.Block(block.Results);
    }

    public void Host(Stmt stmt, Builder host)
    {
        switch (stmt)
        {
            case For f:
                host.Append(LoopPlaces.Decided(f, this) with { Body = Host(f.Body) });
                break;
            case While or If:
                host.Append(stmt.Map(v => v, a => a, Host));
                break;
            case Build b:
                Host(b, host);
                break;
            case Reduce r:
                var reduced = new Nest(this, host, r.Dims).Distribute(r.Body);
                host.Append(r with { Body = reduced.Rest(r.Body.Results) });
                break;
            case Scatter s:
                var scattered = new Nest(this, host, s.Dims).Distribute(s.Body);
                host.Append(s with { Body = scattered.Rest(s.Body.Results) });
                break;
            default:
                host.Append(stmt);
                break;
        }
    }

    private void Host(Build build, Builder host)
    {
        var nest = new Nest(this, host, build.Dims).Distribute(build.Body);
        var outs = new List<Var>();
        var scalars = new List<Atom>();
        for (int k = 0; k < build.Results.Count; k++)
        {
            var result = build.Body.Results[k];
            if (nest.Existing(result) is { } array && !(result is Const))
            {
                Renamed[build.Results[k]] = array;
                continue;
            }
            outs.Add(build.Results[k]);
            scalars.Add(result);
        }
        if (outs.Count > 0) host.Append(new Build(outs.ToSeq(), build.Dims, nest.Rest(scalars.ToSeq())));
    }

    /// <summary>"line 12: " where the source of the loop variable is known.</summary>
    public string Where(Var index)
    {
        var line = function.Sources.FirstOrDefault(s => s.Base == index.Base);
        return line is null ? "" : $"line {line.Line}: ";
    }

    public void Note(string note)
    {
        if (!Notes.Contains(note)) Notes.Add(note);
    }
}
