using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using static AutoVec.Generator.Tests.Api.Models;
using Reduce = AutoVec.Compiler.Emit.Reduction;

namespace AutoVec.Generator.Tests.Api;

/// <summary>The members around every shape of method compile, without a warning.</summary>
public class MethodShapes
{
    private static readonly (string Name, MethodModel Method)[] s_shapes =
    [
        ("scalars", Method("F", A("float"), [P("spot", A("float")), P("strike", A("float"))])),
        ("double", Method("F", A("double"), [P("x", A("double")), P("k", A("int"))])),
        ("integers only", Method("F", A("long"), [P("n", A("int")), P("b", A("bool"))], differentiable: false)),
        ("enum", Method("F", A("global::Demo.Color"), [P("c", A("global::Demo.Color")), P("d", A("global::Demo.Color"), shared: true)], differentiable: false)),
        ("arrays", Method("F", A("float[]"), [P("x", A("float[]")), P("w", A("float[,]")), P("t", A("float[,,]"))])),
        ("spans", Method("F", A("float"), [P("x", A("ReadOnlySpan<float>")), P("w", A("ReadOnlySpan<double>"), shared: true)])),
        ("matrix result", Method("F", A("double[,]"), [P("x", A("double[]"))])),
        ("tuple", Method("F", Tuple(("Price", A("float")), ("Steps", A("int")), ("Path", A("float[]"))), [P("x", A("float"))])),
        ("tuple, reduced", Method("F", Tuple(("Price", A("float")), ("Path", A("float[]"))), [P("x", A("float"))], reduce: Reduce.Sum)),
        ("tuple of reduced scalars", Method("F", Tuple(("A", A("float")), ("B", A("double"))), [P("x", A("float"))], reduce: Reduce.Mean)),
        ("shared", Method("F", A("float"), [P("x", A("float")), P("rate", A("float"), shared: true), P("w", A("float[,]"), shared: true)])),
        ("sum", Method("F", A("float"), [P("x", A("float"))], reduce: Reduce.Sum)),
        ("mean", Method("F", A("float"), [P("x", A("float")), P("w", A("float[]"), shared: true)], reduce: Reduce.Mean)),
        ("reduced array", Method("F", A("float[]"), [P("x", A("float"))], reduce: Reduce.Sum)),
        ("no vectorize", Method("F", A("float"), [P("x", A("float")), P("w", A("float[]")), P("s", A("float"), shared: true)], vectorize: false)),
        ("no vectorize, array result", Method("F", A("float[]"), [P("x", A("float")), P("p", Mlp)], vectorize: false)),
        ("tree, shared", Method("F", A("float"), [P("p", Mlp, shared: true), P("image", A("float[]"), noGrad: true), P("label", A("int"))], reduce: Reduce.Mean)),
        ("tree, batched", Method("F", A("float"), [P("p", Mlp), P("x", A("float[]"))])),
        ("nested tree, shared", Method("F", A("float"), [P("p", Deep, shared: true), P("x", A("float"))], reduce: Reduce.Mean)),
        ("nested tree, batched", Method("F", A("float"), [P("p", Deep), P("x", A("float"))])),
        ("tree result", Method("F", Result(Mlp), [P("p", Mlp), P("x", A("float"))])),
        ("tree result, reduced", Method("F", Result(Deep), [P("x", A("float"))], reduce: Reduce.Sum)),
        ("optional", Method("F", A("float"), [P("x", A("float")), P("y", A("float"), def: "1.5f"), P("z", A("ReadOnlySpan<float>"), def: "default"), P("r", A("float"), shared: true, def: "0.05f")])),
        ("awkward names", Method("F", A("float"), [P("B", A("float")), P("engine", A("float[]")), P("value", A("float")), P("inputs", Mlp), P("lock", A("float")), P("on", A("float")), P("scope", A("float"), shared: true)])),
        ("names of tangents", Method("F", A("float"), [P("x", A("float")), P("x_dot", A("float[]")), P("valueDot", A("float")), P("tangent", Deep)])),
    ];

    public static TheoryData<string> Shapes => [.. s_shapes.Select(s => s.Name)];

    [Theory, MemberData(nameof(Shapes))]
    public void Compile(string shape)
    {
        var method = s_shapes.First(s => s.Name == shape).Method;
        method = method with { Forward = method.Differentiable };
        string text = GeneratedFile.Method(method, kind => FakeCore.Of(method, kind)).Text;
        // The members are clean also without the licence that cores have.
        text = text.Replace("#pragma warning disable", "");
        var problems = Compiled.Problems([text, .. TreeFiles]);
        Assert.True(problems.Length == 0, string.Join("\n", problems) + "\n" + text);
    }

    [Theory]
    [InlineData("partial record", "float[,] W1, float[] B1")]
    [InlineData("readonly partial record struct", "float[,] W1, float[] B1")]
    public void Trees(string keyword, string fields)
    {
        string text = GeneratedFile.Tree(Declared(Mlp, keyword)).Text;
        Assert.Empty(Compiled.Problems(text, $"namespace Demo; public {keyword} Mlp({fields});"));
    }

    [Fact]
    public void A_gradient_of_a_tree_that_is_a_struct()
    {
        var tree = Mlp with { IsStruct = true };
        var method = Method("F", A("float"), [P("p", tree, shared: true), P("x", A("float"))]) with { Forward = true };
        string text = GeneratedFile.Method(method, kind => FakeCore.Of(method, kind)).Text;
        Assert.Empty(Compiled.Problems(
            text, GeneratedFile.Tree(Declared(tree, "partial record struct")).Text,
            "namespace Demo; public partial record struct Mlp(float[,] W1, float[] B1); public static partial class M;"));
    }

    [Fact]
    public void Users_have_types_of_the_same_names()
    {
        var method = Method("F", A("float"), [P("p", Mlp), P("x", A("float"))]);
        string text = GeneratedFile.Method(method, kind => FakeCore.Of(method, kind)).Text;
        Assert.Empty(Compiled.Problems([text, .. TreeFiles,
            "class Call; class Argument<T>; class DeviceCall; class CpuEngine; class In<T>; class CallResult<T>; class ArgumentInfo;",
            "namespace Demo { class Device; class Call; class Result<T>; class Scope; class Shape; class Argument<T>; class Tree; }"]));
    }

    [Fact]
    public void Without_a_namespace_and_nested()
    {
        var method = Method("F", A("float"), [P("x", A("float"))]) with
        {
            Namespace = "",
            Types = [new("partial interface", "Outer"), new("partial struct", "Inner")],
            Accessibility = "internal",
        };
        string text = GeneratedFile.Method(method, kind => FakeCore.Of(method, kind)).Text;
        Assert.Empty(Compiled.Problems(text, "partial interface Outer { partial struct Inner { } }"));
    }
}
