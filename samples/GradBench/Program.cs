using AutoVec.Samples.GradBench;
using AutoVec.Samples.GradBench.Evaluations;
using AutoVec.Samples.GradBench.Protocol;

// Speaks GradBench's protocol, one JSON object a line, on standard input and output. The processors that it uses are
// .NET's to choose: DOTNET_PROCESSOR_COUNT=1 measures one thread.
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true, NewLine = "\n" };
using var input = new StreamReader(Console.OpenStandardInput());
new Tool(Registry.Modules).Run(input, output);
