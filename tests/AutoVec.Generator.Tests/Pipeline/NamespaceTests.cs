using AutoVec.Generator.Tests.EndToEnd;

namespace AutoVec.Generator.Tests.Pipeline;

/// <summary>What is generated for a method lies in a namespace of its own, whatever it and its types are called.</summary>
public sealed class NamespaceTests
{
    [Fact]
    public void Methods_of_one_name_in_types_of_like_names()
    {
        var generated = Generated.Run("""
            using AutoVec;

            namespace A { public static partial class B_C { [Vectorize] public static float F(float x) => x; } }
            namespace A { public static partial class B { public static partial class C { [Vectorize] public static float F(float x) => x + 1f; } } }
            namespace A_B { public static partial class C { [Vectorize] public static float F(float x) => x + 2f; } }
            """, oneWidth: true);

        Assert.Empty(generated.Errors);
        Assert.NotNull(generated.Load());
    }
}
