using System.ComponentModel;
using AutoVec.Cpu;
using ILGPU;
using ILGPU.Runtime;

namespace AutoVec.Gpu;

/// <summary>
/// The first thing that a kernel met for which C# throws, an index outside its array or a division by zero: a kernel cannot throw,
/// so it notes place, index, extent and sample and ends its thread; the exception is thrown when the host next waits for the device.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GpuErrors : IDisposable
{
    private const int Fields = 4;
    private static readonly List<(string Function, string Array)> s_sites = [("", ""), ("", ""), ("", ""), ("", "")];

    /// <summary>In place of a site: an integer divided by zero.</summary>
    public const int DivideByZero = 1;

    /// <summary>In place of a site: the least integer divided by −1, or its absolute value.</summary>
    public const int Overflow = 2;

    /// <summary>In place of a site: a slice outside of what it is cut from.</summary>
    public const int Slice = 3;

    private readonly AcceleratorStream _stream;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _buffer;
    private readonly int[] _host = new int[Fields];

    internal GpuErrors(Accelerator accelerator, AcceleratorStream stream)
    {
        _stream = stream;
        _buffer = accelerator.Allocate1D<int>(Fields);
        _buffer.MemSetToZero(stream);
    }

    internal ArrayView<int> View => _buffer.View.BaseView;

    /// <summary>Has a kernel run since the last check?</summary>
    internal bool Pending { get; set; }

    /// <summary>Numbers the checked accesses of a core: access k of it reports under the number returned plus k.</summary>
    /// <param name="function">The annotated method.</param>
    /// <param name="arrays">The array that each access indexes; of a check its kind and name, <c>Length:a</c>.</param>
    public static int Register(string function, params ReadOnlySpan<string> arrays)
    {
        lock (s_sites)
        {
            int first = s_sites.Count;
            foreach (string array in arrays) s_sites.Add((function, array));
            return first;
        }
    }

    /// <summary>In a kernel: notes the violation if it is the first.</summary>
    public static void Report(ArrayView<int> errors, int site, int index, int extent, int sample)
    {
        if (Atomic.CompareExchange(ref errors[0], 0, site) != 0) return;
        errors[1] = index;
        errors[2] = extent;
        errors[3] = sample;
    }

    /// <exception cref="IndexOutOfRangeException">A kernel reported one.</exception>
    /// <exception cref="DivideByZeroException">A kernel reported one.</exception>
    /// <exception cref="OverflowException">A kernel reported one.</exception>
    /// <exception cref="ArithmeticException">A kernel reported one.</exception>
    /// <exception cref="ArgumentException">A kernel reported one.</exception>
    internal void Check()
    {
        if (!Pending) return;
        Pending = false;
        View.CopyToCPU(_stream, _host.AsSpan());
        _stream.Synchronize();
        if (_host[0] == 0) return;
        _buffer.MemSetToZero(_stream);
        string sample = _host[3] < 0 ? "" : $" (sample {_host[3]})";
        if (_host[0] == DivideByZero) throw new DivideByZeroException($"an integer is divided by zero{sample}");
        if (_host[0] == Overflow) throw new OverflowException($"the least integer has no positive twin{sample}");
        if (_host[0] == Slice) throw new ArgumentOutOfRangeException(null, $"a slice from {_host[1]} on is not within the {_host[2]} elements it is cut from{sample}");
        (string Function, string Array) site;
        lock (s_sites) site = s_sites[_host[0]];
        string name = site.Array[(site.Array.IndexOf(':', StringComparison.Ordinal) + 1)..];
        throw site.Array[..Math.Max(0, site.Array.Length - name.Length - 1)] switch
        {
            nameof(Violation.Length) => Violation.Length(site.Function, name, _host[1], _host[3]),
            nameof(Violation.Bounds) => new ArgumentException($"{site.Function}: the bounds of '{name}', which is clamped, are out of order{sample}."),
            nameof(Violation.NotANumber) => Violation.NotANumber(site.Function, name, _host[3]),
            nameof(Violation.Overflow) => Violation.Overflow(site.Function, name, _host[3]),
            nameof(Violation.Lengths) => new ArgumentException($"{site.Function}: a result has one length for all samples of a batch, but '{name}' differs."),
            _ => Violation.Index(site.Function, name, _host[1], _host[2], _host[3]),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();
}
