using System.Xml;
using System.Xml.Linq;
using AutoVec.Compiler.Emit;
using AutoVec.Compiler.Ir;
using AutoVec.Generator.Lowering;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using IrConst = AutoVec.Compiler.Ir.Const;

namespace AutoVec.Generator.Contract;

/// <summary>The symbol-free description of a method that the emitters read.</summary>
internal static class Description
{
    public static MethodModel Of(IMethodSymbol method, Purpose purpose, Seq<Var> leaves)
    {
        int next = 0;
        var parameters = method.Parameters.Select(p => new ParameterModel(
            p.Name, Leaves.Describe(p.Type, Shapes.Of(p.Type, out _)!, () => leaves[next++].Name),
            Attributes.Has(p, Attributes.Shared), Attributes.Has(p, Attributes.NoGrad), Shapes.IsOutput(p) ? null : DefaultOf(p))).ToSeq();
        int result = 0;
        return new MethodModel(
            Containers.Namespace(method), Containers.Describe(method.ContainingType), Containers.Accessibility(method), method.Name, Summary(method),
            parameters, method.ReturnsVoid ? new TupleValue([]) : Leaves.Describe(method.ReturnType, Shapes.Of(method.ReturnType, out _)!, () => $"{result++}"),
            purpose.Vectorize, purpose.Reduce, purpose.Differentiable)
        {
            Forward = purpose.Forward,
            Registration = DerivativeCalls.Of(method, purpose),
        };
    }

    private static string? DefaultOf(IParameterSymbol parameter)
    {
        if (!parameter.HasExplicitDefaultValue) return null;
        string? text = parameter.ExplicitDefaultValue switch
        {
            float f => Literals.Of(f),
            double d => Literals.Of(d),
            int i => Literals.Of(i),
            long l => Literals.Of(l),
            bool b => Literals.Of(b),
            _ => null,
        };
        if (text is null) return "default";
        return parameter.Type.TypeKind == TypeKind.Enum ? $"({Leaves.NameOf(parameter.Type)})({text})" : text;
    }

    /// <summary>The text of the method's summary, without markup, or empty.</summary>
    private static string Summary(IMethodSymbol method)
    {
        string? xml = method.GetDocumentationCommentXml();
        if (string.IsNullOrEmpty(xml)) return "";
        try
        {
            string text = XElement.Parse(xml).Element("summary")?.Value ?? "";
            return string.Join(" ", text.Split([' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        }
        catch (XmlException)
        {
            return "";
        }
    }
}
