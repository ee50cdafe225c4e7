using System.Text.Json.Nodes;

namespace AutoVec.Samples.Tests.GradBench;

/// <summary>The protocol: what each kind of message is answered with, and that nothing ends the tool.</summary>
public class ProtocolTests
{
    [Theory]
    [InlineData("""{"id": 0, "kind": "start", "eval": "lse"}""", """{"id":0,"tool":"autovec"}""")]
    [InlineData("""{"id": "a", "kind": "define", "module": "lse"}""", """{"id":"a","success":true}""")]
    [InlineData("""{"id": 5, "kind": "analysis", "of": 3, "valid": false, "error": "wrong"}""", """{"id":5}""")]
    [InlineData("""{"id": 5, "kind": "a new one"}""", """{"id":5}""")]
    [InlineData("""{"id": 5}""", """{"id":5}""")]
    public void Messages(string message, string answer) => Assert.Equal(answer, Ask.Line(message).ToJsonString());

    [Theory]
    [InlineData("""{"id": 1, "kind": "define", "module": "fft"}""", "no module 'fft'")]
    [InlineData("""{"id": 1, "kind": "define"}""", "no 'module'")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "fft", "function": "f", "input": 1}""", "no module 'fft'")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "lse", "function": "cube", "input": {"x": [1]}}""", "no function 'cube'; it has primal, gradient")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal"}""", "no 'input'")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"y": [1]}}""", "x")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": null}}""", "x")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": ["one"]}}""", "$.x[0]")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": null}""", "null")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": []}}""", "not finite")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": [1], "min_runs": -1}}""", "min_runs")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "lse", "function": "primal", "input": {"x": [1], "min_seconds": "1"}}""", "min_seconds")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "det", "function": "primal", "input": {"A": [1, 2, 3], "ell": 2}}""", "A has 3 numbers")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "ode", "function": "gradient", "input": {"x": [1], "s": 0}}""", "s 0")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "lstm", "function": "objective", "input": {"main_params": [[1, 2], [3]], "extra_params": [], "state": [], "sequence": []}}""", "row 1 has 1 numbers")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "gmm", "function": "objective", "input": {"d": 1, "k": 1, "n": 2, "x": [[1]], "m": 0, "gamma": 1, "alpha": [1], "mu": [[0]], "q": [[0]], "l": [[]]}}""", "x is 1×1, expected 2×1")]
    [InlineData("""{"id": 1, "kind": "evaluate", "module": "ba", "function": "jacobian", "input": {"n": 0, "m": 1, "p": 1, "cam": [], "x": [], "w": 1, "feat": []}}""", "n 0")]
    public void What_is_wrong_with_a_message_is_said_in_its_answer(string message, string part)
    {
        var answer = Ask.Line(message);
        Assert.Equal(1, (int)answer["id"]!);
        Assert.False((bool)answer["success"]!);
        Assert.Contains(part, (string)answer["error"]!);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[1, 2]")]
    [InlineData("{\"id\": 1, \"kind\"")]
    public void A_line_that_is_no_message_has_no_id(string line)
    {
        var answer = Ask.Line(line);
        Assert.Null(answer["id"]);
        Assert.False((bool)answer["success"]!);
        Assert.NotEmpty((string)answer["error"]!);
    }

    [Fact]
    public void A_function_runs_as_often_and_as_long_as_asked()
    {
        static JsonArray timings(string runs) => Ask.Line(
            """{"id": 1, "kind": "evaluate", "module": "lse", "function": "gradient", "input": {"x": [1, 2], """ + runs + "}}")["timings"]!.AsArray();
        Assert.Single(timings("\"min_runs\": 1, \"min_seconds\": 0"));
        Assert.Equal(5, timings("\"min_runs\": 5, \"min_seconds\": 0").Count);
        var timed = timings("\"min_runs\": 1, \"min_seconds\": 0.02");
        Assert.InRange(timed.Sum(t => (long)t!["nanoseconds"]!), 20_000_000, long.MaxValue);
        Assert.All(timed, t => Assert.Equal("evaluate", (string)t!["name"]!));
    }

    [Fact]
    public void A_bare_number_needs_no_runs()
    {
        Assert.Equal(9, Ask.Number("hello", "square", 3.0));
        Assert.Equal(6, Ask.Number("hello", "double", 3.0));
    }
}
