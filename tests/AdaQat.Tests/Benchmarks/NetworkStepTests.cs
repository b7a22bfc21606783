using AdaQat.Benchmarks.Networks;
using AdaQat.Benchmarks.Soak;
using AdaQat.Benchmarks.Steps;
using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Benchmarks;

public sealed class NetworkStepTests
{
    [Fact]
    public void Every_kind_of_step_can_be_taken_and_leaves_no_tensor()
    {
        using var batch = new SyntheticBatch(8, 3, 32, 32);
        foreach (var kind in StepKinds.All)
        {
            using var step = new NetworkStep(NetworkKinds.ResNet20, kind, batch);
            step.Take();
            step.Take();

            LiveTensors.LeftBy(() => step.Take().Should().BePositive()).Should().Be(0, "of {0}", kind.Name);
        }
    }

    /// <summary>With the classifier for ten classes instead of a thousand, as published otherwise: 3.4 M less 1.27 M parameters.</summary>
    [Fact]
    public void MobileNetV2_has_the_published_size_and_its_bottlenecks_are_signed()
    {
        using var model = new MobileNetV2();
        using var input = rand(1, 3, 32, 32);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions());

        model.parameters().Sum(p => p.numel()).Should().BeInRange(2_200_000, 2_400_000);
        quantized.Layers.Should().HaveCount(53);
        quantized.Layers.Count(l => l.ActivationQuantizer is PactQuantizer { IsSigned: true }).Should().BeGreaterThan(10);
    }

    [Fact]
    public void A_soak_goes_through_all_that_can_happen_and_leaves_no_tensor()
    {
        using var training = new SoakTraining();
        for (var step = 1; step <= 100; step++)
        {
            training.Take(step);
        }

        LiveTensors.LeftBy(() =>
        {
            for (var step = 101; step <= 300; step++)
            {
                training.Take(step);
            }
        }).Should().Be(0);
    }
}
