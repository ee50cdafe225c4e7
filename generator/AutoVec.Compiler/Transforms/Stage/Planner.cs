using AutoVec.Compiler.Ir;

namespace AutoVec.Compiler.Transforms.Stage;

/// <summary>
/// Takes a flattened, fused function and says what runs: which statements are matrix products and which elementwise work rides on
/// their results, which builds are one kernel, what the host does. The function of the plan holds the same statements in the
/// order of the stages.
/// </summary>
public static class Planner
{
    public static Plan Plan(FunctionIr f)
    {
        var scheduler = new Scheduler(new Contractions(f), new Titles(f));
        var (body, stages) = scheduler.Schedule(f.Body);
        var ordered = f with { Body = body };
        stages = InPlace.Decide(ordered, stages);
        return new Plan(ordered, stages, [.. Titles.Explain(stages), .. f.Notes]);
    }
}
