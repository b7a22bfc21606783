using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.DoReFa;

public sealed class DoReFaEdgeTests
{
    [Fact]
    public void A_weight_of_zeros_gives_zeros_and_passes_the_gradient_on_unchanged()
    {
        foreach (var options in Make.DoReFaOptions)
        {
            using var scope = NewDisposeScope();
            var weight = Make.Leaf([0, 0, 0]);

            var output = Make.DoReFa(4, options).call(weight);
            (output * Make.Tensor([1, -2, 3])).sum().backward();

            Near.Numbers(output).Should().Equal(0, 0, 0);
            Near.Numbers(weight.grad!).Should().Equal(1, -2, 3);
        }
    }

    [Fact]
    public void Weights_that_are_all_equal_go_to_the_end_of_the_grid()
    {
        using var scope = NewDisposeScope();

        Near.Numbers(Make.DoReFa(3).call(Make.Tensor([-0.25, -0.25]))).Should().Equal(-0.25, -0.25);
    }

    [Theory]
    [InlineData(1e-38)]
    [InlineData(1e-42)]
    [InlineData(1e30)]
    public void Very_small_and_very_large_weights_stay_finite(double size)
    {
        foreach (var options in Make.DoReFaOptions)
        {
            using var scope = NewDisposeScope();
            var weight = Make.Leaf([size, -size / 2, size / 4]);

            var output = Make.DoReFa(4, options).call(weight);
            output.sum().backward();

            Near.Numbers(output).Should().OnlyContain(v => double.IsFinite(v), "with {0}", options);
            Near.Numbers(output).Should().Contain(v => v != 0);
            if (options.Scale == WeightScale.Preserve)
            {
                Near.Numbers(weight.grad!).Should().OnlyContain(v => double.IsFinite(v), "with {0}", options);
            }
        }
    }

    [Fact]
    public void Weights_in_any_layout_give_what_contiguous_ones_give()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var plain = randn(4, 3, 3, 3, generator: generator);
        var layouts = new[]
        {
            plain.transpose(0, 1).contiguous().transpose(0, 1),
            plain.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2),
            stack([plain, plain * 2], 4).select(4, 0),
        };
        var (expected, expectedGradient) = Run(plain);
        foreach (var weight in layouts)
        {
            weight.is_contiguous().Should().BeFalse();
            var (output, gradient) = Run(weight);
            output.shape.Should().Equal(plain.shape);
            // Sums may be formed in another order.
            Near.Check(output, Near.Numbers(expected), ScalarType.Float32, "output");
            gradient.allclose(expectedGradient, 1e-5, 1e-6).Should().BeTrue();
        }

        static (Tensor Output, Tensor Gradient) Run(Tensor values)
        {
            var weight = values.detach().requires_grad_();
            var output = Make.DoReFa(3).call(weight);
            output.square().sum().backward();
            return (output, weight.grad!);
        }
    }

    [Fact]
    public void An_empty_weight_is_refused_by_name_and_shape()
    {
        using var weight = zeros(3, 0, 2);

        var quantize = () => Make.DoReFa(4).call(weight);

        quantize.Should().Throw<ArgumentException>().WithMessage("DoReFaQuantizer: the tensor is empty, of shape [3, 0, 2]*");
    }

    [Fact]
    public void Without_gradient_the_output_has_none_either()
    {
        using var scope = NewDisposeScope();
        var quantizer = Make.DoReFa(4);

        quantizer.call(Make.Tensor([1, 2])).requires_grad.Should().BeFalse();
        using (no_grad())
        {
            quantizer.call(Make.Leaf([1, 2])).requires_grad.Should().BeFalse();
        }
    }

    [Fact]
    public void The_gradient_reaches_the_latent_weight_through_a_parameter_made_from_the_quantized_one()
    {
        using var scope = NewDisposeScope();
        var latent = Make.Leaf([0.5, -0.25, 0.125, -1], ScalarType.Float32, 1, 4);
        var input = Make.Tensor([1, 2, 3, 4], ScalarType.Float32, 1, 4);

        var parameter = new global::TorchSharp.Modules.Parameter(Make.DoReFa(3).call(latent));
        nn.functional.linear(input, parameter).sum().backward();
        var throughParameter = latent.grad!.clone();

        latent.grad!.zero_();
        nn.functional.linear(input, Make.DoReFa(3).call(latent)).sum().backward();

        Near.Numbers(throughParameter).Should().Equal(Near.Numbers(latent.grad!)).And.Contain(v => v != 0);
    }

    [Fact]
    public void A_changed_width_takes_effect_at_the_next_call()
    {
        using var scope = NewDisposeScope();
        var weight = linspace(-1, 1, 100);

        Near.Numbers(Make.DoReFa(2).call(weight)).Distinct().Should().HaveCount(4);
        Near.Numbers(Make.DoReFa(5).call(weight)).Distinct().Should().HaveCount(32);
    }
}
