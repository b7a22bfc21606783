using AdaQat.Quantizers;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Lsq;

public sealed class LsqTests
{
    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_step_starts_at_twice_the_mean_magnitude_over_the_root_of_the_largest_code(int bits)
    {
        using var scope = NewDisposeScope();
        foreach (var isSigned in new[] { true, false })
        {
            using var quantizer = new LsqQuantizer(BitWidth.Fixed("q", bits), QuantizerTarget.Weight, isSigned);
            quantizer.IsCalibrated.Should().BeFalse();

            quantizer.Calibrate(Make.Tensor([1, -2, 3, -6, double.NaN, double.PositiveInfinity]));

            // One bit with a sign has no largest code of its own: its two values count as one step from zero.
            var largest = isSigned ? Math.Max(1, (1 << (bits - 1)) - 1) : (1 << bits) - 1;
            Near.Check(quantizer.StepSize(), [2 * 3 / Math.Sqrt(largest)], ScalarType.Float32, $"step at {bits} bits");
            quantizer.IsCalibrated.Should().BeTrue();
        }
    }

    [Fact]
    public void A_width_that_moves_leaves_the_state_alone_and_the_step_is_that_of_the_start_at_the_new_width()
    {
        using var scope = NewDisposeScope();
        var weight = Make.Random(100, ScalarType.Float32);
        var width = BitWidth.Learned("q", minimum: 1);
        using var moving = new LsqQuantizer(width, QuantizerTarget.Weight);
        moving.Calibrate(weight);
        var before = Bits.Of(moving.UnitStep);
        foreach (var bits in Enumerable.Range(1, 8))
        {
            using var fresh = new LsqQuantizer(BitWidth.Fixed("q", bits), QuantizerTarget.Weight);
            fresh.Calibrate(weight);
            using (width.At(bits))
            {
                Bits.Of(moving.call(weight)).Should().Equal(Bits.Of(fresh.call(weight)));
            }
        }

        Bits.Of(moving.UnitStep).Should().Equal(before);
    }

    [Fact]
    public void A_descent_moves_the_step_as_the_papers_with_its_gradient_scale_does()
    {
        using var scope = NewDisposeScope();
        const int Bits = 3;
        var x = Make.Random(60, ScalarType.Float64);
        using var quantizer = MakeUniform.Lsq(Bits, new LsqOptions(), [0.9], type: ScalarType.Float64);
        using var optimizer = optim.SGD(quantizer.parameters(), 0.001, momentum: 0.9, weight_decay: 0.01);
        var (step, momentum) = (0.9 / Math.Sqrt(3), 0.0);
        for (var i = 0; i < 5; i++)
        {
            optimizer.zero_grad();
            quantizer.call(x).square().sum().backward();
            optimizer.step();

            var gradient = PapersGradient(Near.Numbers(x), step) / Math.Sqrt(60 * 3);
            momentum = (0.9 * momentum) + gradient + (0.01 * step);
            step -= 0.001 * momentum;
            Near.Numbers(quantizer.StepSize())[0].Should().BeApproximately(step, 1e-10);
        }

        // ∂L/∂s of L = Σ x̂²: codes −4 to 3.
        static double PapersGradient(double[] x, double s) => x.Sum(v =>
        {
            var (low, high) = (-4, 3);
            var ratio = v / s;
            var code = Math.Clamp(Math.Round(ratio), low, high);
            return 2 * code * s * (ratio <= low ? low : ratio >= high ? high : code - ratio);
        });
    }

    [Fact]
    public void The_gradient_scale_of_an_input_counts_a_samples_elements_and_that_of_a_weight_its_own()
    {
        using var scope = NewDisposeScope();
        var x = Make.Random(24, ScalarType.Float64).abs();
        Gradient(QuantizerTarget.Weight, x.reshape(4, 6)).Should().BeApproximately(
            Gradient(QuantizerTarget.Activation, x.reshape(4, 6)) / Math.Sqrt(4), 1e-12);
        Gradient(QuantizerTarget.Weight, x).Should().BeApproximately(Gradient(QuantizerTarget.Activation, x), 1e-12);

        static double Gradient(QuantizerTarget target, Tensor x)
        {
            using var quantizer = new LsqQuantizer(BitWidth.Fixed("q", 2), target, isSigned: false);
            quantizer.to(ScalarType.Float64);
            quantizer.Calibrate(x);
            quantizer.call(x).square().sum().backward();
            return Near.Numbers(quantizer.UnitStep.grad!)[0];
        }
    }

    [Fact]
    public void An_input_with_negative_values_gets_an_offset_and_zero_stays_a_value()
    {
        using var scope = NewDisposeScope();
        using var quantizer = new LsqQuantizer(BitWidth.Fixed("q", 4), QuantizerTarget.Activation, isSigned: true);

        quantizer.Calibrate(Make.Tensor([-0.25, 1, 2, 0]));

        Near.Numbers(quantizer.Offset!).Should().Equal(-0.25);
        Near.Numbers(quantizer.UnitStep).Should().Equal(2 * 0.9375);
        using var encoded = quantizer.Encode(Make.Tensor([0, -9, 9]));
        var grid = encoded.Grid.Should().BeOfType<UniformGrid>().Subject;
        (grid.SmallestCode, grid.LargestCode).Should().Be((0, 15));
        grid.Offsets[0].Should().Be(-1, "0.25 is half a step, and a bit more").And.Be(-Near.Numbers(encoded.Codes)[0]);
        Near.Numbers(encoded.Decode())[0].Should().Be(0);
        new LsqQuantizer(BitWidth.Fixed("q", 4), QuantizerTarget.Activation, isSigned: false).Offset.Should().BeNull();
        new LsqQuantizer(BitWidth.Fixed("q", 4), QuantizerTarget.Weight).Offset.Should().BeNull();
    }

    [Fact]
    public void A_step_below_the_smallest_and_an_offset_above_zero_act_as_their_limits_and_still_get_a_gradient()
    {
        using var scope = NewDisposeScope();
        var options = new LsqOptions { HasOffset = true };
        using var beyond = MakeUniform.Lsq(4, options, [-3], [0.5], type: ScalarType.Float64);
        using var limit = MakeUniform.Lsq(4, options, [LsqQuantizer.SmallestUnitStep], [0], type: ScalarType.Float64);
        var x = Make.Tensor([1, -1, 0.5], ScalarType.Float64);

        beyond.call(x).square().sum().backward();
        limit.call(x).square().sum().backward();

        Near.Numbers(beyond.call(x)).Should().Equal(Near.Numbers(limit.call(x))).And.Contain(v => v > 0);
        Near.Numbers(beyond.UnitStep.grad!).Should().Equal(Near.Numbers(limit.UnitStep.grad!)).And.OnlyContain(g => g > 0);
        Near.Numbers(beyond.Offset!.grad!).Should().Equal(Near.Numbers(limit.Offset!.grad!)).And.OnlyContain(g => g != 0);
    }

    [Fact]
    public void A_channel_of_zeros_starts_at_the_mean_of_the_others_and_zeros_alone_teach_nothing()
    {
        using var scope = NewDisposeScope();
        using var quantizer = new LsqQuantizer(
            BitWidth.Fixed("q", 4), QuantizerTarget.Weight, options: new LsqOptions { Granularity = Granularity.PerChannel() }, scales: 3);
        quantizer.Calibrate(zeros(3, 2));
        quantizer.IsCalibrated.Should().BeFalse();

        quantizer.Calibrate(Make.Tensor([1, 1, 0, 0, -3, 3], shape: [3, 2]));

        Near.Numbers(quantizer.UnitStep).Should().Equal(2, 4, 6);
    }

    [Fact]
    public void Values_are_whole_steps_in_order_within_the_codes() => Arbitrary.ForAll(
        from bits in Gen.Choose(1, 8)
        from step in Gen.Choose(1, 4000)
        from isSigned in Gen.Elements(true, false)
        from values in Arbitrary.Values
        select (bits, step / 1000.0, isSigned, values),
        c =>
        {
            using var scope = NewDisposeScope();
            var (bits, unit, isSigned, values) = c;
            using var quantizer = MakeUniform.Lsq(bits, new LsqOptions(), [unit], isSigned: isSigned, type: ScalarType.Float64);
            var quantized = Near.Numbers(quantizer.call(Make.Tensor([.. values.Order()], ScalarType.Float64)));
            var size = Near.Numbers(quantizer.StepSize())[0];
            var (low, high) = (isSigned, bits) switch
            {
                (true, 1) => (-0.5, 0.5),
                (true, _) => (-Math.Pow(2, bits - 1), Math.Pow(2, bits - 1) - 1),
                _ => (0, Math.Pow(2, bits) - 1),
            };
            quantized.Should().BeInAscendingOrder().And.OnlyContain(v => v >= low * size && v <= high * size);
            quantized.Distinct().Count().Should().BeLessThanOrEqualTo(1 << bits);
            Near.Numbers(quantizer.call(Make.Tensor(quantized, ScalarType.Float64))).Should().Equal(quantized);
            foreach (var (value, result) in values.Order().Zip(quantized).Where(p => p.First >= low * size && p.First <= high * size))
            {
                Math.Abs(result - value).Should().BeLessThanOrEqualTo(size * 0.5 * (1 + 1e-12));
            }
        });
}
