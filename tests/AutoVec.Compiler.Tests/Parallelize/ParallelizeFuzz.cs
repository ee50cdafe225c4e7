using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using AutoVec.Compiler.Transforms.Extents;
using AutoVec.Tests.Random;
using Pass = AutoVec.Compiler.Transforms.Parallelize.Parallelize;

namespace AutoVec.Compiler.Tests.Parallelize;

public class ParallelizeFuzz
{
    [Fact]
    public void Random_programs_mean_the_same() => PassFuzz.Check(0, Fuzz.Count(100), ("parallelize", Pass.Run));

    [Fact]
    public void Random_programs_with_equal_extents_mean_the_same() => PassFuzz.Check(10_000, Fuzz.Count(200),
        ("extents", f => Transforms.Extents.Extents.Unify(f).Function), ("parallelize", Pass.Run));
}
