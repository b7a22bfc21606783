using AdaQat.Quantizers;
using AdaQat.Training;
using ResNet20Cifar.Models;
using static TorchSharp.torch;

namespace AdaQat.Studies.ProbeError;

/// <summary>A ResNet-20 with a width a layer, whose steps are probed by one schedule while neither weights nor widths move.</summary>
internal sealed class ObservedNetwork : IDisposable
{
    /// <summary>So small that no width changes by it.</summary>
    private const double NoLearning = 1e-300;

    private readonly ResNet20 _model;
    private readonly BitWidthOptimizer _widths;

    public ObservedNetwork(ProbeErrorOptions options, BitWidthOptimizerOptions schedule, Tensor example)
    {
        manual_seed(options.Seed);
        _model = new ResNet20();
        if (options.Init is { } path)
        {
            Checkpoint.LoadWeights(path, _model);
        }

        Quantized = QuantizedModel.Attach(_model, example, new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Learned(options.WeightBits),
            ActivationBits = BitWidthChoice.Learned(options.ActivationBits),
            WeightSharing = WidthSharing.Layer,
            ActivationSharing = WidthSharing.Layer,
        });
        _widths = new BitWidthOptimizer(
            Quantized, schedule with
            {
                LearningRate = NoLearning,
                RestSteps = int.MaxValue,
                StalledStepsWarning = null,
                ZeroWeightShareWarning = null
            });
        _model.train();
    }

    public QuantizedModel Quantized { get; }

    /// <summary>Forward, backward, probes.</summary>
    public IReadOnlyList<WidthProbe> Step(Batch batch)
    {
        using var scope = NewDisposeScope();
        _model.zero_grad();
        var loss = Loss();
        loss.backward();
        return _widths.Step(loss, Loss).Probes;

        Tensor Loss() => nn.functional.cross_entropy(_model.call(batch.Input), batch.Target);
    }

    public void Dispose()
    {
        Quantized.Dispose();
        _model.Dispose();
    }
}
