using AutoVec.Generator.Tests.Zoo;
using AutoVec.Tests.Gpu;
using Xunit.Abstractions;

namespace AutoVec.Generator.Tests.EndToEnd;

/// <summary>Every kernel of the zoo compiles to PTX for sm_90 and calls nothing that is not there.</summary>
public class ZooKernelTests(ITestOutputHelper output)
{
    public static TheoryData<string> Families => ZooTests.Families;

    [ZooTheory]
    [MemberData(nameof(Families))]
    public void Compile_for_sm_90(string family)
    {
        var kernels = Ptx.CompileAll(Generated.Run(ZooFolder.Read($"Cases.{family}.cs"), oneWidth: true, vjp: false).Load());
        output.WriteLine($"{family}: {kernels.Count} kernels");
        Assert.NotEmpty(kernels);
    }
}
