using System.Runtime.CompilerServices;
using AutoVec.Benchmarks.Ilgpu;
using AutoVec.Benchmarks.Suite;
using AutoVec.Cpu;
using V = System.Runtime.Intrinsics.Vector512<float>;
using VX = System.Runtime.Intrinsics.Vector512;

namespace AutoVec.Benchmarks.Workloads;

// By hand: the price, and the five greeks by their formulas.
internal static unsafe partial class BlackScholes
{
    public static Workload Workload { get; } = new("Black-Scholes", [16_384, 1_000_000], 1003, Make);

    private static Problem Make(Inputs data, int n)
    {
        float[] spot = data.Uniform(n, 50, 150), strike = data.Uniform(n, 50, 150), rate = data.Uniform(n, 0.01f, 0.1f), vol = data.Uniform(n, 0.1f, 0.6f),
            time = data.Uniform(n, 0.1f, 2), price = new float[n];
        var g = new CallGradientBatch(new float[n], new float[n], new float[n], new float[n], new float[n]);
        float* s = data.Pin(spot), k = data.Pin(strike), r = data.Pin(rate), v = data.Pin(vol), t = data.Pin(time), p = data.Pin(price);
        float* delta = data.Pin(g.Spot), dual = data.Pin(g.Strike), rho = data.Pin(g.Rate), vega = data.Pin(g.Vol), theta = data.Pin(g.Time);
        Output value = new("price", price);
        Market market(IlgpuArrays gpu) => new() { Spot = gpu[spot], Strike = gpu[strike], Rate = gpu[rate], Vol = gpu[vol], Time = gpu[time] };
        return new Problem($"{n:#,0} options",
            new((61 + 3.0 * Side.Function) * n, 24.0 * n, [value],
            [
                Contestant.ByGenerator(() => CallBatch(spot, strike, rate, vol, time, price)),
                Contestant.ByHand(() => Threads.For(n, 256, (from, to) => Price(s, k, r, v, t, p, from, to))),
                Contestant.ByPlainLoops(() => { for (int i = 0; i < n; i++) price[i] = Call(spot[i], strike[i], rate[i], vol[i], time[i]); }),
                .. Torch.Peer("Black-Scholes", [spot, strike, rate, vol, time], [price]),
            ]) { Gpu = new(on => on.Take(price, CallBatch(on.Device, on[spot], on[strike], on[rate], on[vol], on[time])),
                gpu => gpu.For(n, Kernels.Price, market(gpu), gpu[price])) },
            new((76 + 3.0 * Side.Function) * n, 44.0 * n,
                [value, new("delta", g.Spot), new("dual delta", g.Strike), new("rho", g.Rate), new("vega", g.Vol), new("theta", g.Time)],
            [
                Contestant.ByGenerator(() => CallValueAndGradBatch(spot, strike, rate, vol, time, price, ref g)),
                Contestant.ByHand(() => Threads.For(n, 256, (from, to) => Greeks(s, k, r, v, t, p, delta, dual, rho, vega, theta, from, to))),
                Contestant.ByPlainLoops(() =>
                {
                    for (int i = 0; i < n; i++)
                        (price[i], g.Spot[i], g.Strike[i], g.Rate[i], g.Vol[i], g.Time[i]) = PlainGreeks(spot[i], strike[i], rate[i], vol[i], time[i]);
                }),
                .. Torch.Peer("Black-Scholes gradient", [spot, strike, rate, vol, time], [price, g.Spot, g.Strike, g.Rate, g.Vol, g.Time]),
            ]) { Gpu = new(on =>
                {
                    var (y, d) = CallValueAndGradBatch(on.Device, on[spot], on[strike], on[rate], on[vol], on[time]);
                    on.Take(price, y);
                    on.Take(g.Spot, d.Spot);
                    on.Take(g.Strike, d.Strike);
                    on.Take(g.Rate, d.Rate);
                    on.Take(g.Vol, d.Vol);
                    on.Take(g.Time, d.Time);
                },
                gpu => gpu.For(n, Kernels.PriceAndGreeks, market(gpu), new Ilgpu.Greeks
                {
                    Price = gpu[price], Delta = gpu[g.Spot], Dual = gpu[g.Strike], Rho = gpu[g.Rate], Vega = gpu[g.Vol], Theta = gpu[g.Time],
                })) });
    }

    private static (float, float, float, float, float, float) PlainGreeks(float spot, float strike, float rate, float vol, float time)
    {
        float root = MathF.Sqrt(time), deviation = vol * root;
        float d1 = (MathF.Log(spot / strike) + (rate + 0.5f * vol * vol) * time) / deviation, d2 = d1 - deviation;
        float n1 = Cdf(d1), n2 = Cdf(d2), present = strike * MathF.Exp(-rate * time);
        float density = spot * 0.39894228f * MathF.Exp(-0.5f * d1 * d1);
        return (spot * n1 - present * n2, n1, -present * n2 / strike, present * n2 * time, density * root, 0.5f * density * vol / root + rate * present * n2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Price(float* spot, float* strike, float* rate, float* vol, float* time, float* price, nint from, nint to)
    {
        nint i = from;
        for (; i <= to - V.Count; i += V.Count) PriceStep(spot + i, strike + i, rate + i, vol + i, time + i, price + i, V.Count);
        if (i < to) PriceStep(spot + i, strike + i, rate + i, vol + i, time + i, price + i, (int)(to - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PriceStep(float* spot, float* strike, float* rate, float* vol, float* time, float* price, int lanes)
    {
        Lanes.Load(spot, lanes, out V s);
        Lanes.Load(strike, lanes, out V k);
        Lanes.Load(rate, lanes, out V r);
        Lanes.Load(vol, lanes, out V v);
        Lanes.Load(time, lanes, out V t);
        V deviation = v * VX.Sqrt(t);
        V d1 = VX.FusedMultiplyAdd(VX.FusedMultiplyAdd(v * VX.Create(0.5f), v, r), t, VMath.Log(s / k)) / deviation;
        V d2 = d1 - deviation;
        V n1 = Cdf(d1, Density(d1)), n2 = Cdf(d2, Density(d2));
        Lanes.Store(s * n1 - k * VMath.Exp(-r * t) * n2, price, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Greeks(float* spot, float* strike, float* rate, float* vol, float* time, float* price, float* delta, float* dual, float* rho,
        float* vega, float* theta, nint from, nint to)
    {
        nint i = from;
        for (; i <= to - V.Count; i += V.Count)
            GreeksStep(spot + i, strike + i, rate + i, vol + i, time + i, price + i, delta + i, dual + i, rho + i, vega + i, theta + i, V.Count);
        if (i < to) GreeksStep(spot + i, strike + i, rate + i, vol + i, time + i, price + i, delta + i, dual + i, rho + i, vega + i, theta + i, (int)(to - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GreeksStep(float* spot, float* strike, float* rate, float* vol, float* time, float* price, float* delta, float* dual, float* rho,
        float* vega, float* theta, int lanes)
    {
        Lanes.Load(spot, lanes, out V s);
        Lanes.Load(strike, lanes, out V k);
        Lanes.Load(rate, lanes, out V r);
        Lanes.Load(vol, lanes, out V v);
        Lanes.Load(time, lanes, out V t);
        V root = VX.Sqrt(t), deviation = v * root;
        V d1 = VX.FusedMultiplyAdd(VX.FusedMultiplyAdd(v * VX.Create(0.5f), v, r), t, VMath.Log(s / k)) / deviation;
        V d2 = d1 - deviation, density = Density(d1);
        V n1 = Cdf(d1, density), n2 = Cdf(d2, Density(d2));
        V discount = VMath.Exp(-r * t), second = discount * n2, money = k * second, likely = s * density;
        Lanes.Store(VX.FusedMultiplyAdd(s, n1, -money), price, lanes);
        Lanes.Store(n1, delta, lanes);
        Lanes.Store(-second, dual, lanes);
        Lanes.Store(money * t, rho, lanes);
        Lanes.Store(likely * root, vega, lanes);
        Lanes.Store(VX.FusedMultiplyAdd(r, money, likely * VX.Create(0.5f) * v / root), theta, lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Density(V x) => VX.Create(0.39894228f) * VMath.Exp(x * x * VX.Create(-0.5f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Cdf(V x, V density)
    {
        V t = V.One / VX.FusedMultiplyAdd(VX.Create(0.2316419f), VX.Abs(x), V.One);
        V p = VX.FusedMultiplyAdd(t, VX.Create(1.330274429f), VX.Create(-1.821255978f));
        p = VX.FusedMultiplyAdd(t, p, VX.Create(1.781477937f));
        p = VX.FusedMultiplyAdd(t, p, VX.Create(-0.356563782f));
        p = VX.FusedMultiplyAdd(t, p, VX.Create(0.31938153f));
        V tail = density * (p * t);
        return VX.ConditionalSelect(VX.GreaterThan(x, V.Zero), V.One - tail, tail);
    }
}
