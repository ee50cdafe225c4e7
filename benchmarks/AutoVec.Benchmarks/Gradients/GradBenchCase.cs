namespace AutoVec.Benchmarks.Gradients;

/// <summary>One evaluation at one size: its value in C++ and as plain C#, and the gradient.</summary>
/// <param name="Target">The best published ratio of gradient and C++ value, on one thread; NaN where none is known.</param>
internal sealed record GradBenchCase(string Name, double Target, Func<Primals, Action> Native, Action Plain, Action Gradient);
