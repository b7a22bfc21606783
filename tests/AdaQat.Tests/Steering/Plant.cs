using AdaQat.Costs;
using AdaQat.Quantizers;
using ResNet20Cifar.Models;
using static TorchSharp.torch;

namespace AdaQat.Tests.Steering;

/// <summary>
/// ResNet-20 with its real costs, and in place of the training loss Σ κ·4^−n over all widths with noise: what rounding costs is known, and
/// no forward is made.
/// </summary>
internal sealed class Plant : IDisposable
{
    private readonly ResNet20 _model = new();
    private readonly IReadOnlyList<double> _sensitivities;
    private readonly double _noise;

    /// <param name="options">The optimizer's.</param>
    /// <param name="sharing">For weights and activations.</param>
    /// <param name="sensitivity">κ of a typical width; single ones lie within a factor of eight around it.</param>
    /// <param name="noise">The standard deviation of a loss.</param>
    /// <param name="sensitivities">κ of each width, in place of <paramref name="sensitivity"/>.</param>
    /// <param name="scheme">In place of <paramref name="sharing"/>.</param>
    public Plant(
        BitWidthOptimizerOptions options, WidthSharing sharing = WidthSharing.Layer, double sensitivity = 1, double noise = 0,
        IReadOnlyList<double>? sensitivities = null, QuantizationOptions? scheme = null)
    {
        _noise = noise;
        using var example = rand(1, 3, 32, 32);
        Quantized = QuantizedModel.Attach(
            _model, example, scheme ?? new QuantizationOptions { WeightSharing = sharing, ActivationSharing = sharing });
        Optimizer = new BitWidthOptimizer(Quantized, options);
        var random = new Random(1);
        _sensitivities = sensitivities ?? Quantized.Widths.Select(_ => sensitivity * Math.Pow(8, (2 * random.NextDouble()) - 1)).ToList();
    }

    public QuantizedModel Quantized { get; }

    public BitWidthOptimizer Optimizer { get; }

    public double Cost => Optimizer.Options.Cost.Total(Quantized.Profiles);

    /// <summary>Σ κ·4^−n at the bits in force.</summary>
    public double RoundingLoss => Quantized.Widths.Zip(_sensitivities).Sum(w => w.Second * Math.Pow(4, -w.First.Bits));

    /// <summary>The same with all widths at <paramref name="bits"/>.</summary>
    public double RoundingLossAt(int bits) => _sensitivities.Sum() * Math.Pow(4, -bits);

    public BitWidthStep Step()
    {
        using var loss = Loss();
        return Optimizer.PretendStep(loss, Loss);
    }

    public IReadOnlyList<BitWidthStep> Steps(int count) => Enumerable.Range(0, count).Select(_ => Step()).ToList();

    public void Dispose()
    {
        Quantized.Dispose();
        _model.Dispose();
    }

    private Tensor Loss() => tensor(2 + RoundingLoss + Noise(), dtype: ScalarType.Float64);

    /// <summary>It depends on the step and the point alone, so that a run resumed sees what the uninterrupted one saw.</summary>
    private double Noise()
    {
        var key = Quantized.Widths.Aggregate(Optimizer.Steps, (hash, width) => unchecked((hash * 31) + width.Bits));
        return _noise * Math.Sqrt(12) * (new Random(unchecked((int)key)).NextDouble() - 0.5);
    }
}
