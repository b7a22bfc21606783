using AdaQat.Quantizers;
using ResNet20Cifar.Models;
using static TorchSharp.torch;

namespace AdaQat.Tests.Sample;

public sealed class ResNet20Tests
{
    [Theory]
    [InlineData(20, Shortcut.ZeroPadding, 269_722)]
    [InlineData(20, Shortcut.Projection, 272_474)]
    [InlineData(32, Shortcut.ZeroPadding, 464_154)]
    [InlineData(44, Shortcut.ZeroPadding, 658_586)]
    [InlineData(56, Shortcut.ZeroPadding, 853_018)]
    public void The_number_of_parameters_is_the_published_one(int depth, Shortcut shortcut, long expected)
    {
        using var network = new CifarResNet(depth, shortcut);

        network.parameters().Sum(parameter => parameter.numel()).Should().Be(expected);
    }

    [Theory]
    [InlineData(Shortcut.ZeroPadding)]
    [InlineData(Shortcut.Projection)]
    public void An_image_becomes_ten_scores(Shortcut shortcut)
    {
        using var network = new ResNet20(shortcut);
        using var output = network.call(randn(3, 3, 32, 32));

        output.shape.Should().Equal(3, 10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    [InlineData(21)]
    public void A_depth_that_is_not_six_n_and_two_is_refused(int depth)
    {
        var make = () => new CifarResNet(depth);

        make.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*6n + 2*");
    }

    [Fact]
    public void Parameters_have_the_names_that_other_frameworks_give_them()
    {
        using var network = new ResNet20();

        network.named_parameters().Select(parameter => parameter.name).Should().HaveCount(59)
            .And.StartWith("conv1.weight").And.Contain("layer1.0.conv1.weight").And.Contain("layer2.0.bn2.bias").And.Contain("linear.bias");
    }

    [Fact]
    public void Multiplications_are_those_of_the_convolutions_and_the_linear_layer()
    {
        using var network = new ResNet20();
        using var quantized = QuantizedModel.Attach(network, randn(1, 3, 32, 32), new QuantizationOptions());

        quantized.Summary().Macs.Should().Be(40_551_040);
        quantized.Layers.Should().HaveCount(20);
    }

    [Fact]
    public void The_parameter_free_shortcut_takes_every_second_pixel_and_centres_the_channels()
    {
        using var block = new BasicBlock(16, 32, 2, Shortcut.ZeroPadding);
        using var zero = no_grad();
        using var input = rand(1, 16, 8, 8);
        // Without the second normalisation's scale only the shortcut is left.
        block.get_parameter("bn2.weight")!.fill_(0);

        using var output = block.call(input);

        output.shape.Should().Equal(1, 32, 4, 4);
        output[0, 8 + 5, 1, 3].item<float>().Should().Be(input[0, 5, 2, 6].item<float>());
        output[0, 7].abs().max().item<float>().Should().Be(0);
        output[0, 24].abs().max().item<float>().Should().Be(0);
    }

    [Fact]
    public void A_forward_leaves_no_tensor_behind_but_its_result()
    {
        using var network = new ResNet20();
        network.eval();
        using var guard = no_grad();
        using var input = randn(1, 3, 32, 32);
        network.call(input).Dispose();
        using var scope = NewDisposeScope();

        using var output = network.call(input);

        scope.DisposablesCount.Should().Be(1);
    }
}
