namespace AutoVec.Compiler.Tests.Support;

/// <summary>How many random programs: as the test says, times AUTOVEC_FUZZ where that is set.</summary>
public static class Fuzz
{
    public static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_FUZZ"), out int times) ? usual * times : usual;

    /// <summary>How many for the tests that take programs through every pass: AUTOVEC_PROGRAMS, which CI sets.</summary>
    public static int Programs(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_PROGRAMS"), out int n) ? n : Count(usual);
}
