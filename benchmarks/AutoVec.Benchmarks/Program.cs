using AutoVec.Benchmarks;
using AutoVec.Benchmarks.Gradients;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/AutoVec.Benchmarks -- gemm [threads]    quick: GFLOP/s beside the limit, in one run
// dotnet run -c Release --project benchmarks/AutoVec.Benchmarks -- gradbench [names]  gradients beside their values in C++
// dotnet run -c Release --project benchmarks/AutoVec.Benchmarks -- --filter '*'      BenchmarkDotNet
if (args is ["gemm", .. var rest]) return GemmReport.Run(rest);
if (args is ["gradbench", .. var names]) return GradBenchReport.Run(names);
BenchmarkSwitcher.FromAssembly(typeof(GemmReport).Assembly).Run(args);
return 0;
