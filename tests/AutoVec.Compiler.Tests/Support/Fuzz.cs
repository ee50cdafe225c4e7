namespace AutoVec.Compiler.Tests.Support;

/// <summary>How many random programs: as the test says, times AUTOVEC_FUZZ where that is set.</summary>
public static class Fuzz
{
    public static int Count(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("AUTOVEC_FUZZ"), out int times) ? usual * times : usual;
}
