using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>
/// Three linear layers, the middle one with learned widths, and in place of a training loss any function of those two: every number
/// that the optimizer sees is known. Every step probes both widths, unless a test asks for another schedule.
/// </summary>
internal sealed class ScriptedRun : IDisposable
{
    private readonly Func<int, int, double> _loss;
    private readonly nn.Module<Tensor, Tensor> _model;

    public ScriptedRun(Func<int, int, double> loss, BitWidthOptimizerOptions? options = null, QuantizationOptions? scheme = null)
    {
        _loss = loss;
        _model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2));
        using var example = ones(1, 3);
        Quantized = QuantizedModel.Attach(_model, example, scheme ?? new QuantizationOptions());
        Optimizer = new BitWidthOptimizer(Quantized, options ?? Schedules.Exact);
    }

    public QuantizedModel Quantized { get; }

    public BitWidthOptimizer Optimizer { get; }

    public BitWidth Weights => Quantized.Layers[1].WeightBits;

    public BitWidth Activations => Quantized.Layers[1].ActivationBits;

    /// <summary>The points (n_w, n_a) that were probed, in order.</summary>
    public List<(int Weights, int Activations)> Points { get; } = [];

    /// <summary>Both widths are learned, and start there.</summary>
    public static QuantizationOptions Start(double weights, double activations) => new()
    {
        WeightBits = BitWidthChoice.Learned(weights),
        ActivationBits = BitWidthChoice.Learned(activations),
    };

    public BitWidthStep Step()
    {
        using var loss = Current();
        var here = (Weights.Bits, Activations.Bits);
        return Step(loss, () =>
        {
            if ((Weights.Bits, Activations.Bits) != here)
            {
                Points.Add((Weights.Bits, Activations.Bits));
            }

            return Current();
        });
    }

    public BitWidthStep Step(Tensor loss, Func<Tensor> closure) => Optimizer.PretendStep(loss, closure);

    public IReadOnlyList<BitWidthStep> Steps(int count) => Enumerable.Range(0, count).Select(_ => Step()).ToList();

    public void Dispose()
    {
        Quantized.Dispose();
        _model.Dispose();
    }

    private Tensor Current() => tensor(_loss(Weights.Bits, Activations.Bits), dtype: ScalarType.Float64);
}
