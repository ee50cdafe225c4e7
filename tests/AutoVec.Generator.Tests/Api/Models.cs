using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using Reduce = AutoVec.Compiler.Emit.Reduction;

namespace AutoVec.Generator.Tests.Api;

/// <summary>Method models as Lowering makes them, written shortly.</summary>
internal static class Models
{
    public static readonly Seq<TypeModel> Type = [new("static partial class", "M")];

    public static MethodModel Method(
        string name, ValueModel result, Seq<ParameterModel> parameters, bool vectorize = true, Reduce reduce = Reduce.None, bool differentiable = true) =>
        new("Demo", Type, "public", name, $"What {name} computes, if a < b.", parameters, result, vectorize, reduce, differentiable);

    public static ParameterModel P(string name, ValueModel value, bool shared = false, bool noGrad = false, string? def = null) =>
        new(name, Named(value, name), shared, noGrad, def);

    /// <summary><c>float</c>, <c>int[,]</c>, <c>ReadOnlySpan&lt;double&gt;</c>, <c>Demo.Color</c>.</summary>
    public static ArrayValue A(string type, string leaf = "0")
    {
        var storage = type.StartsWith("ReadOnlySpan") ? Storage.ReadOnlySpan : Storage.Value;
        string element = storage == Storage.ReadOnlySpan ? type[13..^1] : type.Split('[')[0];
        int rank = storage == Storage.ReadOnlySpan ? 1 : type.Contains('[') ? type.Count(c => c == ',') + 1 : 0;
        var scalar = element switch
        {
            "float" => Scalar.F32,
            "double" => Scalar.F64,
            "long" => Scalar.I64,
            "bool" => Scalar.Bool,
            _ => Scalar.I32,
        };
        return new(scalar, rank, leaf, storage == Storage.ReadOnlySpan ? "global::System." + type : type, storage);
    }

    public static TupleValue Tuple(params (string Name, ValueModel Value)[] elements)
    {
        int next = 0;
        return new(elements.Select(e => new TreeField(e.Name, Numbered(e.Value, ref next))).ToSeq());
    }

    /// <summary>A tree as a result: its leaves are numbered.</summary>
    public static ValueModel Result(ValueModel value)
    {
        int next = 0;
        return Numbered(value, ref next);
    }

    public static TreeValue Tree(string name, params (string Name, ValueModel Value)[] fields) =>
        new("global::Demo." + name, fields.Select(f => new TreeField(f.Name, f.Value)).ToSeq());

    public static readonly TreeValue Mlp = Tree("Mlp", ("W1", A("float[,]")), ("B1", A("float[]")));
    public static readonly TreeValue Deep = Tree("Deep", ("Inner", Mlp), ("Steps", A("int[]")), ("Rate", A("float")));

    public static TreeModel Declared(TreeValue tree, string keyword = "partial record") =>
        new("Demo", [new(keyword, tree.TypeName[13..])], "public", tree.TypeName[13..], tree.Fields);

    /// <summary>What the user wrote for the trees.</summary>
    public const string TreesSource = """
        namespace Demo;
        public partial record Mlp(float[,] W1, float[] B1);
        public partial record Deep(Mlp Inner, int[] Steps, float Rate);
        public enum Color { Red, Green }
        /// <summary>The methods.</summary>
        public static partial class M { }
        """;

    public static readonly string[] TreeFiles = [TreesSource, GeneratedFile.Tree(Declared(Mlp)).Text, GeneratedFile.Tree(Declared(Deep)).Text];

    private static ValueModel Named(ValueModel value, string prefix) => value switch
    {
        ArrayValue a => a with { Leaf = prefix },
        TreeValue t => t with { Fields = t.Fields.Map(f => f with { Value = Named(f.Value, $"{prefix}_{f.Property}") }) },
        TupleValue t => t with { Elements = t.Elements.Map(f => f with { Value = Named(f.Value, $"{prefix}_{f.Property}") }) },
        _ => value,
    };

    private static ValueModel Numbered(ValueModel value, ref int next)
    {
        switch (value)
        {
            case ArrayValue a: return a with { Leaf = (next++).ToString() };
            case TreeValue t:
                var fields = new List<TreeField>();
                foreach (var f in t.Fields) fields.Add(f with { Value = Numbered(f.Value, ref next) });
                return t with { Fields = fields.ToSeq() };
            default: return value;
        }
    }
}
