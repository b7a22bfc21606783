using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Levels;

/// <summary>Inputs that few and uneven levels meet seldom.</summary>
public sealed class LevelEdgeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void Zeros_stay_zeros_and_receive_a_gradient_if_they_are_weights(string name)
    {
        var form = LevelFamilies.Of(name);
        using var quantizer = LevelFamilies.Started(name, form.Least, Make.Tensor([1, -2], ScalarType.Float32, 1, 2));
        var zero = Make.Leaf([0, 0, 0, 0], ScalarType.Float32, 2, 2);

        // A codebook that has started has no zero.
        using var quantized = (quantizer is CodebookQuantizer ? form.Create(BitWidth.Fixed("w", form.Least)) : quantizer).call(zero);
        (quantized * Make.Tensor([1, -2, 3, -4], ScalarType.Float32, 2, 2)).sum().backward();

        Near.Numbers(quantized).Should().OnlyContain(v => v == 0);
        if (form.Target == QuantizerTarget.Weight)
        {
            Near.Numbers(zero.grad!).Should().OnlyContain(g => double.IsFinite(g)).And.Contain(g => g != 0);
        }
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void NaN_is_not_hidden(string name)
    {
        using var quantizer = LevelFamilies.Started(name, LevelFamilies.Of(name).Least, Make.Tensor([1, -2], ScalarType.Float32, 1, 2));
        var x = Make.Leaf([0.5, double.NaN, 1, -1], ScalarType.Float32, 2, 2);

        var quantized = quantizer.call(x);
        quantized.sum().backward();

        Near.Numbers(quantized)[1].Should().Be(double.NaN);
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void Any_layout_gives_what_a_contiguous_one_gives(string name)
    {
        using var generator = new Generator(3);
        var plain = randn(4, 3, 3, 3, generator: generator);
        var layouts = new[]
        {
            plain.transpose(0, 1).contiguous().transpose(0, 1),
            plain.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2),
            stack([plain, plain * 2], 4).select(4, 0),
        };
        using var quantizer = LevelFamilies.Started(name, LevelFamilies.Of(name).Least, plain);
        var (expected, expectedGradient) = Run(plain);
        foreach (var weight in layouts)
        {
            weight.is_contiguous().Should().BeFalse();
            var (output, gradient) = Run(weight);
            output.shape.Should().Equal(plain.shape);
            // Sums may be formed in another order.
            output.allclose(expected, 1e-6, 1e-7).Should().BeTrue(name);
            gradient.allclose(expectedGradient, 1e-5, 1e-6).Should().BeTrue(name);
        }

        (Tensor Output, Tensor Gradient) Run(Tensor values)
        {
            var weight = values.detach().requires_grad_();
            var output = quantizer.call(weight);
            output.square().sum().backward();
            return (output, weight.grad!);
        }
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void Without_gradient_the_output_has_none_either(string name)
    {
        using var quantizer = LevelFamilies.Started(name, LevelFamilies.Of(name).Least, ones(2, 2));
        using var guard = no_grad();

        quantizer.call(Make.Leaf([1, 2, 3, 4], ScalarType.Float32, 2, 2)).requires_grad.Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void Nothing_is_left_behind(string name)
    {
        using var data = Make.Random(500, ScalarType.Float32).reshape(5, 100);
        using var quantizer = LevelFamilies.Started(name, LevelFamilies.Of(name).Least, data);
        Use();

        LiveTensors.LeftBy(Use).Should().Be(0);
        using var again = rand(5, 100);
        LiveTensors.LeftBy(() => quantizer.Encode(again).Dispose()).Should().Be(0);

        void Use()
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(3);
            var x = randn(5, 100, generator: generator).requires_grad_();
            quantizer.call(x).square().sum().backward();
            quantizer.Calibrate(x);
        }
    }

    [Theory]
    [InlineData(1e-38)]
    [InlineData(1e-42)]
    [InlineData(1e30)]
    public void Very_small_and_very_large_weights_stay_finite(double size)
    {
        foreach (var name in LevelFamilies.All.Where(n => LevelFamilies.Of(n).Target == QuantizerTarget.Weight))
        {
            var weight = Make.Leaf([size, -size / 2, size / 4, size], ScalarType.Float32, 2, 2);
            using var quantizer = LevelFamilies.Started(name, LevelFamilies.Of(name).Least, weight);

            var output = quantizer.call(weight);
            output.sum().backward();

            Near.Numbers(output).Should().OnlyContain(v => double.IsFinite(v), name);
            Near.Numbers(weight.grad!).Should().OnlyContain(v => double.IsFinite(v), name);
        }
    }

    [Theory]
    [InlineData("sums of powers of an input")]
    [InlineData("powers of two of an input")]
    public void A_negative_element_in_the_first_batch_makes_an_inputs_levels_symmetric(string name)
    {
        using var quantizer = (LevelQuantizer)LevelFamilies.Of(name).Create(BitWidth.Fixed("a", 4));
        quantizer.IsSigned.Should().BeFalse();

        quantizer.Calibrate(Make.Tensor([1, 2, 3]));
        quantizer.IsSigned.Should().BeFalse();
        Near.Numbers(quantizer.call(Make.Tensor([-1]))).Should().Equal(0);
        quantizer.Calibrate(Make.Tensor([1, -2, 3]));

        quantizer.IsSigned.Should().BeTrue();
        Near.Numbers(quantizer.call(Make.Tensor([-1])))[0].Should().BeNegative();
    }

    [Fact]
    public void A_range_that_its_optimizer_has_carried_too_far_acts_as_the_last_allowed_one_and_can_come_back()
    {
        using var additive = new AdditivePowerOfTwoQuantizer(BitWidth.Fixed("a", 3), QuantizerTarget.Activation);
        using var power = new PowerOfTwoQuantizer(
            BitWidth.Fixed("a", 3), QuantizerTarget.Activation, options: new PowerOfTwoOptions { Range = PowerOfTwoRange.Learned });
        using (no_grad())
        {
            additive.ClippingValue.fill_(-1);
            power.LargestExponent!.fill_(-300);
        }

        additive.call(Make.Tensor([1])).sum().backward();
        power.call(Make.Tensor([1])).sum().backward();

        Near.Numbers(additive.call(Make.Tensor([1])))[0].Should().BeApproximately(1e-6, 1e-12);
        Near.Numbers(additive.ClippingValue.grad!)[0].Should().Be(1);
        Near.Numbers(power.call(Make.Tensor([1])))[0].Should().Be(Math.ScaleB(1, -PowerOfTwoQuantizer.ExponentLimit));
        Near.Numbers(power.LargestExponent.grad!)[0].Should().BePositive();
    }

    [Fact]
    public void Every_power_of_two_is_exact_in_every_type()
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16 })
        {
            foreach (var exponent in Enumerable.Range(-60, 121))
            {
                using var quantizer = new PowerOfTwoQuantizer(
                    BitWidth.Fixed("w", 3), QuantizerTarget.Weight, options: new PowerOfTwoOptions { LargestExponent = exponent });
                quantizer.to(type);
                using var encoded = quantizer.Encode(ones(3).to(type));
                var largest = Math.ScaleB(1, exponent);
                ((LevelGrid)encoded.Grid).Levels.Should().Equal(
                    -largest, -largest / 2, -largest / 4, 0, largest / 4, largest / 2, largest);
            }
        }
    }

    [Theory]
    [InlineData(1.0, 0)]
    [InlineData(1.49, 0)]
    [InlineData(1.51, 1)]
    [InlineData(0.74, -1)]
    [InlineData(0.76, 0)]
    public void The_largest_exponent_of_a_weight_is_that_of_the_power_nearest_to_its_largest_magnitude(double largest, int exponent)
    {
        using var quantizer = new PowerOfTwoQuantizer(BitWidth.Fixed("w", 4), QuantizerTarget.Weight);
        using var encoded = quantizer.Encode(Make.Tensor([0.1, -largest]));

        ((LevelGrid)encoded.Grid).Levels[^1].Should().Be(Math.ScaleB(1, exponent));
    }

    public void Dispose() => _scope.Dispose();
}
