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
        using var backend = new PTXBackend(context, new CudaCapabilityContext(CudaArchitecture.SM_90), CudaArchitecture.SM_90, CudaInstructionSet.ISA_84, null);
        var entry = explicitGroups ? EntryPointDescription.FromExplicitlyGroupedKernel(kernel) : EntryPointDescription.FromImplicitlyGroupedKernel(kernel);
        string text = ((PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty)).PTXAssembly;
        var externs = text.Split('\n').Where(l => l.Contains(".extern", StringComparison.Ordinal) && !l.Contains(".shared", StringComparison.Ordinal)).ToList();
        return externs.Count == 0 ? text : throw new InvalidOperationException($"{kernel.Name}: {string.Join('\n', externs)}");
    }
}
