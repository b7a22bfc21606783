using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AdaQat.Tests.TorchApi.Modules;

/// <summary>Training and evaluation, and gradients at the module's level.</summary>
public sealed class ModeTests
{
    [Fact]
    public void A_new_module_trains_and_the_mode_reaches_every_module_below()
    {
        using var module = new ResidualNetwork();
        module.training.Should().BeTrue();

        module.eval();
        module.training.Should().BeFalse();
        module.children().Where(child => child is not global::TorchSharp.Modules.Sequential).Should().OnlyContain(child => !child.training);

        module.train();
        module.training.Should().BeTrue();
        module.named_modules().Should().OnlyContain(entry => entry.module.training);
    }

    [Fact]
    public void Dropout_drops_while_training_only()
    {
        manual_seed(1);
        using var dropout = Dropout(0.5);
        var input = ones(1000);

        var dropped = dropout.call(input);
        dropped.eq(0).sum().item<long>().Should().BeInRange(400, 600);
        dropped.max().item<float>().Should().Be(2);

        dropout.eval();
        dropout.call(input).allclose(input, 0, 0).Should().BeTrue();
    }

    [Fact]
    public void Batch_normalization_in_evaluation_changes_none_of_its_buffers()
    {
        using var norm = BatchNorm2d(2);
        norm.eval();

        norm.call(rand(3, 2, 4, 4));

        norm.num_batches_tracked!.item<long>().Should().Be(0);
        norm.running_mean!.data<float>().ToArray().Should().Equal(0, 0);
        norm.running_var!.data<float>().ToArray().Should().Equal(1, 1);
    }

    [Fact]
    public void Batch_normalization_refuses_an_input_of_other_dimensions()
    {
        using var norm = BatchNorm2d(2);
        norm.Invoking(n => n.call(rand(3, 2))).Should().Throw<ArgumentException>();
        norm.num_batches_tracked!.item<long>().Should().Be(0);
    }

    [Fact]
    public void Zeroing_gradients_takes_them_away_or_fills_them_with_zeros()
    {
        using var module = Linear(2, 1);
        module.call(ones(1, 2)).sum().backward();

        module.zero_grad(set_to_none: false);
        module.weight!.grad!.data<float>().ToArray().Should().Equal(0, 0);

        module.zero_grad();
        module.weight.grad.Should().BeNull();
        module.bias!.grad.Should().BeNull();
    }

    [Fact]
    public void A_convolution_says_which_input_it_expects()
    {
        using var convolution = Conv2d(3, 4, 3);
        convolution.Invoking(c => c.call(rand(1, 2, 5, 5))).Should().Throw<ArgumentException>().WithMessage("*3 channels*");
    }
}
