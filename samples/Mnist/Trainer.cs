using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AutoVec.Samples.Mnist;

/// <summary>What an epoch came to.</summary>
/// <param name="WaitingShare">The share of the time that the steps waited for data.</param>
public sealed record EpochResult(
    int Epoch, double Loss, double TrainAccuracy, double TestAccuracy, double Seconds, double SamplesPerSecond, double WaitingShare);

/// <summary>Stochastic gradient descent on a device, with memory that is allocated once.</summary>
public sealed class Trainer : IDisposable
{
    private const int PredictionSize = 500;
    private readonly Options _options;
    private readonly Device _device;
    private readonly TrainAndTest _data;
    private readonly Mlp.OnDevice _weights;
    private readonly Batches _batches;
    private readonly DeviceArray<float> _images, _losses;
    private readonly DeviceArray<int> _labels;
    private Network.LossGradientBatch.OnDevice _gradient;

    public Trainer(Options options, Device device, TrainAndTest data)
    {
        (_options, _device, _data) = (options, device, data);
        int pixels = data.Train.PixelCount;
        if (options.Layers[0] != pixels)
            throw new UsageException($"--layers {string.Join('-', options.Layers)}: the images of {data.Source} have {pixels} pixels, so the first width is {pixels}");
        if (options.Batch > data.Train.Count)
            throw new UsageException($"--batch {options.Batch}: {data.Source} has only {data.Train.Count} training images");
        _weights = Mlp.Random(options.Layers, options.Seed).Upload(device);
        _batches = new Batches(data.Train, options.Batch);
        _images = device.Allocate<float>(options.Batch, pixels);
        _labels = device.Allocate<int>(options.Batch);
        _losses = device.Allocate<float>();
    }

    public int Steps => _batches.Count;

    /// <param name="epoch">From 1.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public async Task<EpochResult> EpochAsync(int epoch, Action<int> progress, CancellationToken cancellation)
    {
        double loss = 0;
        int step = 0;
        var clock = Stopwatch.StartNew();
        var waiting = TimeSpan.Zero;
        var asked = clock.Elapsed;
        await foreach (var batch in _batches.Epoch(_options.Seed * 1_000_003L + epoch).WithCancellation(cancellation))
        {
            waiting += clock.Elapsed - asked;
            loss += Step(batch);
            _batches.Return(batch);
            progress(++step);
            asked = clock.Elapsed;
        }
        double seconds = clock.Elapsed.TotalSeconds;
        return new EpochResult(epoch, loss / step, Accuracy(_data.Train), Accuracy(_data.Test), seconds,
            step * (double)_options.Batch / seconds, waiting.TotalSeconds / seconds);
    }

    private float Step(Batch batch)
    {
        _images.CopyFrom(batch.Pixels);
        _labels.CopyFrom(batch.Labels);
        Network.LossValueAndGradBatch(_device, _weights, _images, _labels, _losses, ref _gradient);
        foreach (var (weight, gradient) in Tree.Zip<float>(_weights, _gradient.P))
            Network.SgdBatch(_device, weight, gradient, _options.Rate, weight);
        return _losses.ToScalar();
    }

    private double Accuracy(Images images)
    {
        int[] answers = Predict(images);
        return answers.Zip(images.Labels, (a, l) => a == l ? 1 : 0).Sum() / (double)images.Count;
    }

    /// <summary>The network's answer for each image.</summary>
    public int[] Predict(Images images)
    {
        var answers = new int[images.Count];
        for (int from = 0; from < images.Count; from += PredictionSize)
        {
            int count = Math.Min(PredictionSize, images.Count - from);
            var pixels = new float[count, images.PixelCount];
            Batches.ToFloat(images.Pixels.AsSpan(from * images.PixelCount, count * images.PixelCount), pixels.AsSpan());
            using var onDevice = _device.Upload(pixels);
            using var found = Network.PredictBatch(_device, _weights, onDevice);
            found.CopyTo(answers.AsSpan(from, count));
        }
        return answers;
    }

    /// <summary>The SHA-256 of all weights: equal runs have equal weights to the last bit.</summary>
    public string WeightsSha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (weight, _) in Tree.Zip<float>(_weights, _weights)) hash.AppendData(MemoryMarshal.AsBytes(weight.ToArray().AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        _weights.Dispose();
        _images.Dispose();
        _labels.Dispose();
        _losses.Dispose();
        _gradient.Dispose();
    }
}
