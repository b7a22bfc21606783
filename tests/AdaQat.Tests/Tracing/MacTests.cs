using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Tracing;

/// <summary>MACs for one sample, per kind of layer, against products written out by hand.</summary>
public sealed class MacTests
{
    public static TheoryData<string, Func<nn.Module<Tensor, Tensor>>, long[], long, long> Layers { get; } = new()
    {
        { "Conv1d", () => nn.Conv1d(3, 8, 5), [2, 3, 20], 16 * 8 * 3 * 5, 60 },
        { "Conv1d, stride and dilation", () => nn.Conv1d(3, 8, 3, stride: 2, dilation: 2), [2, 3, 21], 9 * 8 * 3 * 3, 63 },
        { "Conv2d", () => nn.Conv2d(3, 16, 3, padding: 1), [2, 3, 10, 12], 10 * 12 * 16 * 3 * 9, 360 },
        { "Conv2d, grouped", () => nn.Conv2d(8, 16, 3, groups: 4), [2, 8, 10, 10], 8 * 8 * 16 * 2 * 9, 800 },
        { "Conv2d, depthwise", () => nn.Conv2d(8, 8, 3, groups: 8), [2, 8, 10, 10], 8 * 8 * 8 * 9, 800 },
        { "Conv2d, 1×1", () => nn.Conv2d(8, 4, 1), [1, 8, 10, 10], 100 * 4 * 8, 800 },
        { "Conv2d, oblong kernel", () => nn.Conv2d(2, 4, (3, 5)), [1, 2, 10, 10], 8 * 6 * 4 * 2 * 15, 200 },
        { "Conv2d, unbatched", () => nn.Conv2d(3, 16, 3, padding: 1), [3, 10, 12], 10 * 12 * 16 * 3 * 9, 360 },
        { "Conv3d", () => nn.Conv3d(2, 4, 3), [2, 2, 5, 6, 7], 3 * 4 * 5 * 4 * 2 * 27, 420 },
        { "ConvTranspose1d", () => nn.ConvTranspose1d(4, 6, 3, stride: 2), [2, 4, 10], 10 * 4 * 6 * 3, 40 },
        { "ConvTranspose2d", () => nn.ConvTranspose2d(4, 6, 3, stride: 2), [2, 4, 5, 5], 25 * 4 * 6 * 9, 100 },
        { "ConvTranspose2d, grouped", () => nn.ConvTranspose2d(4, 6, 3, groups: 2), [2, 4, 5, 5], 25 * 4 * 3 * 9, 100 },
        { "Linear", () => nn.Linear(12, 7), [5, 12], 12 * 7, 12 },
        { "Linear on sequences", () => nn.Linear(12, 7), [5, 9, 12], 9 * 12 * 7, 108 },
        { "Linear, unbatched", () => nn.Linear(12, 7), [12], 12 * 7, 12 },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layer_counts_its_products_and_its_inputs_for_one_sample(
        string name, Func<nn.Module<Tensor, Tensor>> make, long[] inputShape, long macs, long activations)
    {
        using var layer = make();
        using var model = nn.Sequential(("layer", layer));
        using var example = rand(inputShape);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());

        quantized.Profiles[0].Macs.Should().Be(macs, name);
        quantized.Profiles[0].ActivationCount.Should().Be(activations, name);
        quantized.Profiles[0].WeightCount.Should().Be(((TorchSharp.Modules.Parameter)layer.get_parameter("weight")!).numel());
    }

    [Fact]
    public void A_layer_that_is_called_twice_counts_twice()
    {
        var fc = nn.Linear(6, 6);
        using var model = new Lambda(x => fc.call(fc.call(x)), ("fc", fc));
        using var example = rand(3, 6);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());

        quantized.Profiles.Should().ContainSingle().Which.Macs.Should().Be(2 * 36);
    }

    [Fact]
    public void The_batch_size_of_the_example_does_not_matter()
    {
        using var model = Networks.Convolutional();
        using var one = rand(1, 3, 8, 8);
        using var many = rand(5, 3, 8, 8);

        Macs(one).Should().Equal(Macs(many));

        IReadOnlyList<long> Macs(Tensor example)
        {
            using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());
            return quantized.Profiles.Select(c => c.Macs).ToList();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Steps_and_patches_that_a_model_moves_into_the_batch_dimension_are_of_one_sample(int samples)
    {
        var fc = nn.Linear(6, 5);
        using var model = new Lambda(x => fc.call(x.reshape(-1, 6)), ("fc", fc));
        using var example = rand(samples, 4, 6);
        using var quantized = QuantizedModel.Attach(model, example, new QuantizationOptions());

        quantized.Profiles[0].Macs.Should().Be(4 * 6 * 5);
        quantized.Profiles[0].ActivationCount.Should().Be(4 * 6);
    }
}
