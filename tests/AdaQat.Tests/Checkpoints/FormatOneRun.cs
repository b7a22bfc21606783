using AdaQat.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Checkpoints;

/// <summary>
/// The run of Fixtures/checkpoint-format-1.safetensors. Every option that has a say is spelled out: defaults may change, the file does not.
/// </summary>
internal sealed class FormatOneRun : IDisposable
{
    public FormatOneRun(long seed, WeightTransform transform = WeightTransform.Tanh)
    {
        manual_seed(seed);
        Model = nn.Sequential(
            ("conv1", nn.Conv2d(2, 3, 3, padding: 1)), ("bn1", nn.BatchNorm2d(3)), ("relu1", nn.ReLU()), ("drop", nn.Dropout(0.5)),
            ("conv2", nn.Conv2d(3, 3, 3, padding: 1, bias: false)), ("relu2", nn.ReLU()), ("flatten", nn.Flatten()),
            ("fc", nn.Linear(48, 5)));
        using var example = ones(1, 2, 4, 4);
        Quantized = QuantizedModel.Attach(Model, example, new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Learned(8, 2, 8),
            ActivationBits = BitWidthChoice.Learned(8, 2, 8),
            FirstLayerBits = 8,
            LastLayerBits = 8,
            WeightSharing = WidthSharing.Network,
            ActivationSharing = WidthSharing.Network,
            Weights = new DoReFaOptions { Transform = transform, Scale = WeightScale.Preserve },
            Activations = new PactOptions { Gradient = PactGradient.Calibrated, Percentile = 0.999 },
        });
        Widths = new BitWidthOptimizer(Quantized, new BitWidthOptimizerOptions
        {
            Lambda = 0.15,
            LearningRate = 0.05,
            OscillationThreshold = 10,
            RestSteps = 500,
            ProbeInterval = 1,
            MaximumProbesPerStep = 2,
            StalledStepsWarning = 2000,
            ZeroWeightShareWarning = 0.9,
            WarningInterval = 200,
        });
        Weights = optim.SGD(Quantized.Parameters(), 0.05, momentum: 0.9, weight_decay: 1e-4);
    }

    public nn.Module<Tensor, Tensor> Model { get; }

    public QuantizedModel Quantized { get; }

    public BitWidthOptimizer Widths { get; }

    public SGD Weights { get; }

    public void Step()
    {
        using var scope = NewDisposeScope();
        var (input, target) = (randn(4, 2, 4, 4), randint(0, 5, 4));
        Weights.zero_grad();
        var loss = nn.functional.cross_entropy(Model.call(input), target);
        loss.backward();
        Widths.Step(loss, () => nn.functional.cross_entropy(Model.call(input), target));
        Weights.step();
    }

    public void Dispose()
    {
        Weights.Dispose();
        Quantized.Dispose();
        Model.Dispose();
    }
}
