using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Pact;

public sealed class PactEdgeTests
{
    private const double Smallest = PactQuantizer.SmallestClippingValue;

    [Fact]
    public void At_zero_and_at_alpha_the_input_has_no_gradient_and_at_alpha_the_clipping_value_has_it()
    {
        using var scope = NewDisposeScope();
        var quantizer = Make.Pact(4, alpha: 2, gradient: PactGradient.Original);
        var x = Make.Leaf([0, 2, 1]);

        (quantizer.call(x) * Make.Tensor([3, 5, 7])).sum().backward();

        Near.Numbers(x.grad!).Should().Equal(0, 0, 7);
        Near.Numbers(quantizer.ClippingValue.grad!).Should().Equal(5);
    }

    [Fact]
    public void The_signed_form_has_minus_the_gradient_below_minus_alpha()
    {
        using var scope = NewDisposeScope();
        var quantizer = Make.Pact(4, alpha: 2, isSigned: true, PactGradient.Original);
        var x = Make.Leaf([-2, -9, 2, 0, -1]);

        (quantizer.call(x) * Make.Tensor([1, 10, 100, 3, 5])).sum().backward();

        Near.Numbers(x.grad!).Should().Equal(0, 0, 0, 3, 5);
        Near.Numbers(quantizer.ClippingValue.grad!).Should().Equal(100 - 11);
    }

    [Fact]
    public void One_signed_bit_has_the_two_points_minus_alpha_and_alpha()
    {
        using var scope = NewDisposeScope();

        Near.Numbers(Make.Pact(1, alpha: 0.5, isSigned: true).call(Make.Tensor([-3, -0.1, 0, 0.1, 3])))
            .Should().Equal(-0.5, -0.5, -0.5, 0.5, 0.5);
    }

    [Fact]
    public void Halves_are_rounded_to_the_even_neighbour()
    {
        using var scope = NewDisposeScope();

        // α = s: the grid is that of the whole numbers.
        Near.Numbers(Make.Pact(3, alpha: 7).call(Make.Tensor([0.5, 1.5, 2.5, 3.5, 6.5]))).Should().Equal(0, 2, 2, 4, 6);
    }

    [Theory]
    [InlineData(1e-7)]
    [InlineData(0.0)]
    [InlineData(-3.0)]
    public void An_alpha_below_the_smallest_acts_as_the_smallest_and_still_gets_its_gradient(double alpha)
    {
        foreach (var isSigned in new[] { false, true })
        {
            using var scope = NewDisposeScope();
            var small = Make.Pact(4, alpha, isSigned);
            var smallest = Make.Pact(4, Smallest, isSigned);
            var (x, y) = (Make.Leaf([1, 0.4 * Smallest, 0, -1, 2]), Make.Leaf([1, 0.4 * Smallest, 0, -1, 2]));

            var output = small.call(x);
            output.square().sum().backward();
            var expected = smallest.call(y);
            expected.square().sum().backward();

            Near.Numbers(output).Should().Equal(Near.Numbers(expected)).And.Contain(v => v > 0);
            Near.Numbers(x.grad!).Should().Equal(Near.Numbers(y.grad!));
            Near.Numbers(small.ClippingValue.grad!).Should().Equal(Near.Numbers(smallest.ClippingValue.grad!)).And.OnlyContain(g => g > 0);
            Near.Numbers(small.ClippingValue).Should().Equal((float)alpha);
        }
    }

    [Fact]
    public void NaN_stays_NaN_and_has_no_gradient()
    {
        foreach (var (bits, isSigned) in new[] { (4, false), (4, true), (1, false), (1, true) })
        {
            using var scope = NewDisposeScope();
            var quantizer = Make.Pact(bits, alpha: 1, isSigned);
            var x = Make.Leaf([double.NaN, 0.5]);

            var output = quantizer.call(x);
            output.backward([ones_like(output)]);

            Near.Numbers(output)[0].Should().Be(double.NaN);
            Near.Numbers(x.grad!).Should().Equal(0, 1);
            Near.Numbers(quantizer.ClippingValue.grad!).Should().OnlyContain(g => double.IsFinite(g));
        }
    }

    [Fact]
    public void Infinite_inputs_are_clipped()
    {
        using var scope = NewDisposeScope();
        var input = Make.Tensor([double.PositiveInfinity, double.NegativeInfinity]);

        Near.Numbers(Make.Pact(4, alpha: 2).call(input)).Should().Equal(2, 0);
        Near.Numbers(Make.Pact(4, alpha: 2, isSigned: true).call(input)).Should().Equal(2, -2);
    }

    [Fact]
    public void Inputs_in_any_layout_give_what_contiguous_ones_give()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var plain = randn(4, 3, 5, 6, generator: generator);
        var upstream = randn(4, 3, 5, 6, generator: generator);
        var layouts = new[]
        {
            plain.transpose(2, 3).contiguous().transpose(2, 3),
            plain.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2),
            stack([plain, plain * 2], 4).select(4, 0),
            plain[0].unsqueeze(0).expand(4, 3, 5, 6),
        };
        foreach (var isSigned in new[] { false, true })
        {
            foreach (var values in layouts)
            {
                values.is_contiguous().Should().BeFalse();
                foreach (var gradient in new[] { upstream, upstream.transpose(2, 3).contiguous().transpose(2, 3),
                    upstream.sum().expand(4, 3, 5, 6) })
                {
                    var (output, forInput, forAlpha) = Run(values, gradient, isSigned);
                    var (expected, expectedForInput, expectedForAlpha) = Run(values.contiguous(), gradient.contiguous(), isSigned);
                    Near.Numbers(output).Should().Equal(Near.Numbers(expected));
                    Near.Numbers(forInput).Should().Equal(Near.Numbers(expectedForInput));
                    // Sums may be formed in another order.
                    forAlpha.allclose(expectedForAlpha, 1e-5, 1e-5).Should().BeTrue();
                }
            }
        }

        static (Tensor Output, Tensor ForInput, Tensor ForAlpha) Run(Tensor values, Tensor gradient, bool isSigned)
        {
            var quantizer = Make.Pact(3, alpha: 1, isSigned);
            var x = values.detach().requires_grad_();
            var output = quantizer.call(x);
            output.backward([gradient]);
            return (output, x.grad!, quantizer.ClippingValue.grad!);
        }
    }

    [Fact]
    public void An_input_without_gradient_still_gives_the_clipping_value_its_own()
    {
        using var scope = NewDisposeScope();
        var quantizer = Make.Pact(4, alpha: 2);
        var x = Make.Tensor([3, 1]);

        quantizer.call(x).sum().backward();

        x.grad.Should().BeNull();
        quantizer.ClippingValue.grad.Should().NotBeNull();
    }

    [Fact]
    public void A_clipping_value_without_gradient_still_gives_the_input_its_own()
    {
        using var scope = NewDisposeScope();
        var quantizer = Make.Pact(4, alpha: 2);
        quantizer.ClippingValue.requires_grad_(false);
        var x = Make.Leaf([3, 1]);

        quantizer.call(x).sum().backward();

        Near.Numbers(x.grad!).Should().Equal(0, 1);
        quantizer.ClippingValue.grad.Should().BeNull();
    }

    [Fact]
    public void A_double_input_meets_a_single_clipping_value()
    {
        using var scope = NewDisposeScope();
        var quantizer = Make.Pact(4, alpha: 2);
        var x = Make.Leaf([3, 1, 0.25], ScalarType.Float64);

        var output = quantizer.call(x);
        output.sum().backward();

        output.dtype.Should().Be(ScalarType.Float64);
        x.grad!.dtype.Should().Be(ScalarType.Float64);
        quantizer.ClippingValue.grad!.dtype.Should().Be(ScalarType.Float32);
        quantizer.ClippingValue.grad!.shape.Should().BeEmpty();
        Near.Numbers(quantizer.ClippingValue.grad!)[0].Should().NotBe(0);
    }

    [Fact]
    public void A_scalar_and_one_element_are_inputs_too()
    {
        using var scope = NewDisposeScope();
        var quantizer = Make.Pact(2, alpha: 3);

        var scalar = quantizer.call(tensor(1.2f));
        scalar.shape.Should().BeEmpty();
        Near.Numbers(scalar).Should().Equal(1);
        Near.Numbers(quantizer.call(Make.Tensor([1.6]))).Should().Equal(2);
    }

    [Fact]
    public void A_gradient_that_is_itself_differentiable_has_the_same_value()
    {
        using var scope = NewDisposeScope();
        var (plain, again) = (Make.Leaf([-1, 0.25, 1.5, 3]), Make.Leaf([-1, 0.25, 1.5, 3]));
        var (first, second) = (Make.Pact(4, alpha: 2), Make.Pact(4, alpha: 2));

        first.call(plain).square().sum().backward();
        second.call(again).square().sum().backward(create_graph: true);

        Near.Numbers(again.grad!).Should().Equal(Near.Numbers(plain.grad!));
        Near.Check(second.ClippingValue.grad!, Near.Numbers(first.ClippingValue.grad!), ScalarType.Float32, "gradient of α");
    }

    [Fact]
    public void An_empty_batch_is_refused_by_name_and_shape()
    {
        using var batch = zeros(0, 3, 8, 8);
        var quantizer = Make.Pact(4, alpha: 2);

        var quantize = () => quantizer.call(batch);
        var calibrate = () => quantizer.Calibrate(batch);

        quantize.Should().Throw<ArgumentException>().WithMessage("PactQuantizer: the tensor is empty, of shape [0, 3, 8, 8]*");
        calibrate.Should().Throw<ArgumentException>().WithMessage("*empty*");
    }
}
