using TorchSharp;
using static TorchSharp.torch;

namespace AutoVec.Benchmarks.Suite;

internal static partial class Torch
{
    static partial void Load(ref string why)
    {
        try
        {
            set_num_threads(Environment.ProcessorCount);
            using var one = ones(1);
            why = "";
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException or EntryPointNotFoundException)
        {
            why = e.GetBaseException().Message.Split('\n')[0];
        }
    }

    static partial void Make(string what, Array[] inputs, Array[] outputs, ref Action? run)
    {
        run = what switch
        {
            "Black-Scholes" => Value(x => Call(x), inputs, outputs),
            "Black-Scholes gradient" => Gradient(x => Call(x), inputs, outputs, cotangent: null),
            "softmax" => Value(x => x[0].softmax(-1), inputs, outputs),
            "softmax gradient" => Gradient(x => x[0].softmax(-1), inputs[..1], outputs, inputs[1]),
            "product" => Value(x => x[0].matmul(x[1]), inputs, outputs),
            "product gradient" => Gradient(x => x[0].matmul(x[1]), inputs[..2], outputs, inputs[2]),
            _ => null,
        };
    }

    private static Tensor Call(Tensor[] x)
    {
        (Tensor spot, Tensor strike, Tensor rate, Tensor vol, Tensor time) = (x[0], x[1], x[2], x[3], x[4]);
        Tensor deviation = vol * time.sqrt(), d1 = ((spot / strike).log() + (rate + vol * vol * 0.5f) * time) / deviation;
        return spot * cdf(d1) - strike * (-rate * time).exp() * cdf(d1 - deviation);

        static Tensor cdf(Tensor d) => (d * -0.70710678f).erfc() * 0.5f;
    }

    private static Tensor Of(Array array) => tensor(Inputs.Flat(array).ToArray()).reshape([.. Enumerable.Range(0, array.Rank).Select(r => (long)array.GetLength(r))]);

    private static void CopyTo(Tensor from, Array to) => from.contiguous().data<float>().CopyTo(Inputs.Flat(to));

    private static Action Value(Func<Tensor[], Tensor> f, Array[] inputs, Array[] outputs)
    {
        Tensor[] x = Array.ConvertAll(inputs, Of);
        return () =>
        {
            using var scope = NewDisposeScope();
            using var none = no_grad();
            CopyTo(f(x), outputs[0]);
        };
    }

    /// <summary>Outputs are the value, then the gradients of all inputs; without a cotangent, of the value's sum.</summary>
    private static Action Gradient(Func<Tensor[], Tensor> f, Array[] inputs, Array[] outputs, Array? cotangent)
    {
        Tensor[] x = Array.ConvertAll(inputs, a => Of(a).requires_grad_());
        Tensor? bar = cotangent is null ? null : Of(cotangent);
        return () =>
        {
            using var scope = NewDisposeScope();
            Tensor y = f(x);
            var gradients = autograd.grad([y], x, [bar ?? ones_like(y)]);
            CopyTo(y.detach(), outputs[0]);
            for (int i = 0; i < x.Length; i++) CopyTo(gradients[i], outputs[i + 1]);
        };
    }
}
