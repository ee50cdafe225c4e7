using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AutoVec.Benchmarks.Gradients;

/// <summary><c>primals.cpp</c>, compiled by g++ where there is one, and called in this process so that both sides share its minute.</summary>
internal sealed class Primals : IDisposable
{
    private readonly nint library;

    private Primals(nint library) => this.library = library;

    /// <summary>Null where there is no g++.</summary>
    public static Primals? Compile(string flags)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Gradients");
        string output = Path.Combine(folder, $"primals-{flags.Replace(' ', '_').Replace('=', '_')}.so");
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo("g++", $"{flags} -std=c++17 -shared -fPIC -o \"{output}\" \"{Path.Combine(folder, "primals.cpp")}\""))!;
            compiler.WaitForExit();
            if (compiler.ExitCode != 0) throw new InvalidOperationException($"g++ ended with {compiler.ExitCode}");
        }
        catch (Win32Exception)
        {
            return null;
        }
        return new Primals(NativeLibrary.Load(output));
    }

    public nint this[string name] => NativeLibrary.GetExport(library, name);

    public void Dispose() => NativeLibrary.Free(library);
}
