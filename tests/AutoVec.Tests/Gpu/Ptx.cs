using System.Reflection;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace AutoVec.Tests.Gpu;

/// <summary>Compiles kernels to PTX for sm_90, without a GPU.</summary>
public static class Ptx
{
    /// <summary>The assembly of a kernel; throws where ILGPU rejects it or it calls what nobody defines.</summary>
    public static string Compile(MethodInfo kernel, bool explicitGroups = false)
    {
        // A rejected kernel can poison its context: each compile has its own.
        using var context = Context.Create(b => b.EnableAlgorithms().Optimize(OptimizationLevel.O2));
        using var backend = Backend(context);
        return Compile(backend, explicitGroups ? EntryPointDescription.FromExplicitlyGroupedKernel(kernel) : EntryPointDescription.FromImplicitlyGroupedKernel(kernel), kernel);
    }

    /// <summary>Compiles all kernels of an assembly's generated code, in one context; throws at the first that fails.</summary>
    /// <param name="optimize">Not needed to find what is rejected or missing, and takes most of the time.</param>
    /// <returns>How many there are, and their text.</returns>
    public static IReadOnlyList<string> CompileAll(Assembly generated, bool optimize = true)
    {
        using var context = Context.Create(b => (optimize ? b.Optimize(OptimizationLevel.O2) : b.Optimize(OptimizationLevel.O0).Inlining(InliningMode.Disabled))
            .EnableAlgorithms());
        using var backend = Backend(context);
        return [.. generated.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.NonPublic))
            .Where(m => m.GetParameters() is [{ ParameterType: var index }, _] && index == typeof(Index1D))
            .Select(m => Compile(backend, EntryPointDescription.FromImplicitlyGroupedKernel(m), m))];
    }

    private static PTXBackend Backend(Context context) =>
        new(context, new CudaCapabilityContext(CudaArchitecture.SM_90), CudaArchitecture.SM_90, CudaInstructionSet.ISA_84, null);

    private static string Compile(PTXBackend backend, EntryPointDescription entry, MethodInfo kernel)
    {
        string text;
        try
        {
            text = ((PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty)).PTXAssembly;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{kernel.DeclaringType!.Name}.{kernel.Name}: {e.Message}", e);
        }
        var externs = text.Split('\n').Where(l => l.Contains(".extern", StringComparison.Ordinal) && !l.Contains(".shared", StringComparison.Ordinal)).ToList();
        return externs.Count == 0 ? text : throw new InvalidOperationException($"{kernel.Name}: {string.Join('\n', externs)}");
    }
}
