using AutoVec.Compiler.Ir;
using AutoVec.Compiler.Tests.Support;
using Pass = AutoVec.Compiler.Transforms.Scales.Scales;

namespace AutoVec.Compiler.Tests.Scales;

public class ScalesTests
{
    private static void Gives(string before, string after, bool derivative = true)
    {
        FunctionIr Run(FunctionIr f) => Pass.Run(f with { ResultNames = [derivative ? "d:x" : "value"] });
        PassText.Gives(Run, before, after);
        foreach (int n in new[] { 0, 1, 2, 5 }) PassText.SameMeaning(Parser.Parse(before), Run(Parser.Parse(before)), [n, 3]);
    }

    private static string Sum(string terms, string then = "") => $"fun F(x: f64[n], y: f64[n]) {{ {then.Replace("@", $"reduce + i<n {{ a = x[i] b = y[i] {terms} }}")} }}";

    [Fact]
    public void A_sign_of_all_terms() => Gives(
        Sum("p = a * b q = neg p yield q", "s = @ yield s"),
        Sum("p = a * b yield p", "s.1 = @ s = 0.0 - s.1 yield s"), derivative: false);

    [Fact]
    public void The_double_of_all_terms_in_a_derivative() => Gives(
        Sum("p = a * b q = p + p t = neg q yield t", "s = @ yield s"),
        Sum("p = a * b yield p", "s.1 = @ s.2 = s.1 + s.1 s = 0.0 - s.2 yield s"));

    [Fact]
    public void A_double_alone() => Gives(
        Sum("p = a * b q = p + p yield q", "s = @ yield s"),
        Sum("p = a * b yield p", "s.1 = @ s = s.1 + s.1 yield s"));

    [Fact]
    public void No_double_of_a_value() => Gives(Sum("p = a * b q = p + p yield q", "s = @ yield s"), Sum("p = a * b q = p + p yield q", "s = @ yield s"), derivative: false);

    [Fact]
    public void Not_the_sign_of_another_sum() => Gives(Sum("p = a - b yield p", "s = @ yield s"), Sum("p = a - b yield p", "s = @ yield s"));

    [Fact]
    public void Inside_of_a_row() => Gives(
        "fun F(x: f64[n, m]) { r = build i<n { s = reduce + j<m { a = x[i, j] p = a * a q = neg p yield q } yield s } yield r }",
        "fun F(x: f64[n, m]) { r = build i<n { s.1 = reduce + j<m { a = x[i, j] p = a * a yield p } s = 0.0 - s.1 yield s } yield r }");

    private static string Terms(string terms) => $"fun F(x: f64[n], y: f64[n]) {{ r = build i<n {{ a = x[i] b = y[i] {terms} yield t }} yield r }}";

    [Theory]
    [InlineData("h = 0.5 * a p = b * h q = b * a o = q * 0.5 t = p + o", "t = b * a")]
    [InlineData("p = b * a q = a * b o = q * 0.5 t = p + o", "t.1 = b * a t = t.1 * 1.5")]
    [InlineData("p = a * b q = b * a t = p + q", "t.1 = a * b t = t.1 * 2.0")]
    public void The_same_product_twice_in_a_derivative(string before, string after) => Gives(Terms(before), Terms(after));

    [Theory]
    [InlineData("p = b * a q = a * a t = p + q")]
    [InlineData("p = b * a q = p * 0.3 t = p + q")]
    [InlineData("p = 0.5 * a t = a + p")]
    public void Other_sums_of_products_stay(string terms) => Gives(Terms(terms), Terms(terms));

    [Fact]
    public void No_product_twice_of_a_value() => Gives(Terms("p = a * b q = p * 0.5 t = p + q"), Terms("p = a * b q = p * 0.5 t = p + q"), derivative: false);
}
