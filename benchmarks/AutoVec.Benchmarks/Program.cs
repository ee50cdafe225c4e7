using AutoVec.Benchmarks;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/AutoVec.Benchmarks -- gemm [threads]    quick: GFLOP/s beside the limit, in one run
// dotnet run -c Release --project benchmarks/AutoVec.Benchmarks -- --filter '*'      BenchmarkDotNet
if (args is ["gemm", .. var rest]) return GemmReport.Run(rest);
BenchmarkSwitcher.FromAssembly(typeof(GemmReport).Assembly).Run(args);
return 0;
