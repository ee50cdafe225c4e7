using AutoVec.Benchmarks;
using AutoVec.Benchmarks.Calls;
using AutoVec.Benchmarks.Gradients;
using AutoVec.Benchmarks.Suite;
using AutoVec.Benchmarks.Training;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/AutoVec.Benchmarks -- suite [names]      generated code beside hand-written code; --help lists all commands
// dotnet run -c Release --project benchmarks/AutoVec.Benchmarks -- gemm [threads]     quick: GFLOP/s beside the limit, OpenBLAS and oneDNN, in one run
// dotnet run -c Release --project benchmarks/AutoVec.Benchmarks -- train [threads]    the MNIST sample's step beside the limit
// dotnet run -c Release --project benchmarks/AutoVec.Benchmarks -- calls              what a call costs beside its work
// dotnet run -c Release --project benchmarks/AutoVec.Benchmarks -- gradbench [names]  gradients beside their values in C++
// dotnet run -c Release --project benchmarks/AutoVec.Benchmarks -- --filter '*'       BenchmarkDotNet
if (args is ["gemm", .. var rest]) return GemmReport.Run(rest);
if (args is ["train", .. var steps]) return TrainReport.Run(steps);
if (args is ["calls"]) return CallReport.Run();
if (args is ["gradbench", .. var names]) return GradBenchReport.Run(names);
if (args is [var verb, ..] && Commands.Verbs.Contains(verb)) return Commands.Root().Parse(args).Invoke();
BenchmarkSwitcher.FromAssembly(typeof(GemmReport).Assembly).Run(args);
return 0;
