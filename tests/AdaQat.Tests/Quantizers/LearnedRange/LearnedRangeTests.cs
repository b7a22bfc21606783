using AdaQat.Quantizers;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.LearnedRange;

public sealed class LearnedRangeTests
{
    public static TheoryData<int, bool> Widths
    {
        get
        {
            var data = new TheoryData<int, bool>();
            foreach (var bits in Enumerable.Range(2, 7))
            {
                data.Add(bits, true);
                data.Add(bits, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_start_from_data_covers_them_with_all_codes_of_the_width(int bits, bool isSigned)
    {
        using var scope = NewDisposeScope();
        var x = Make.Random(1000, ScalarType.Float32);
        x = isSigned ? x : x.abs();
        using var inferred = new LearnedRangeQuantizer(BitWidth.Inferred("q", bits), QuantizerTarget.Weight, isSigned);
        using var @fixed = new LearnedRangeQuantizer(BitWidth.Fixed("q", bits), QuantizerTarget.Weight, isSigned);
        foreach (var quantizer in new[] { inferred, @fixed })
        {
            quantizer.IsCalibrated.Should().BeFalse();
            quantizer.Calibrate(x);

            using var encoded = quantizer.Encode(x);
            var largest = isSigned ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
            (encoded.Grid.SmallestCode, encoded.Grid.LargestCode).Should().Be((isSigned ? -largest : 0, largest));
            quantizer.Width.Value.Should().Be(bits);
            var most = Near.Numbers(x.abs().max())[0];
            quantizer.LargestValue().Should().BeApproximately(most, 2e-5 * most);
            quantizer.StepSize().Should().BeApproximately(most / largest, 2e-5 * most / largest);
        }
    }

    [Fact]
    public void An_input_starts_at_a_percentile_a_weight_at_its_largest_and_either_where_the_options_say()
    {
        using var scope = NewDisposeScope();
        var x = arange(1, 2001, dtype: ScalarType.Float32);
        Start(QuantizerTarget.Weight, null).Should().BeApproximately(2000, 0.01);
        Start(QuantizerTarget.Activation, null).Should().BeApproximately(1998, 0.01);
        Start(QuantizerTarget.Activation, 0.5).Should().BeApproximately(1000, 0.01);

        double Start(QuantizerTarget target, double? percentile)
        {
            using var quantizer = new LearnedRangeQuantizer(
                BitWidth.Fixed("q", 8), target, isSigned: false, new LearnedRangeOptions { Percentile = percentile });
            quantizer.Calibrate(x);
            return Math.Pow(2, Near.Numbers(quantizer.RangeLog2)[0]);
        }
    }

    [Fact]
    public void Nothing_but_zeros_and_what_is_not_finite_start_nothing()
    {
        using var quantizer = new LearnedRangeQuantizer(BitWidth.Inferred("q"), QuantizerTarget.Weight);
        using var nothing = Make.Tensor([0, double.NaN, double.PositiveInfinity]);

        quantizer.Calibrate(nothing);

        quantizer.IsCalibrated.Should().BeFalse();
        quantizer.Invoking(q => q.Encode(ones(3))).Should().Throw<InvalidOperationException>().WithMessage("*no values yet*");
        quantizer.Invoking(q => q.StepSize()).Should().Throw<InvalidOperationException>().WithMessage("*no values yet*");
        quantizer.Width.Value.Should().Be(8);
    }

    [Fact]
    public void The_width_is_what_the_papers_formula_says_and_holds_every_code() => Arbitrary.ForAll(
        from step in Gen.Choose(-6000, 1000)
        from range in Gen.Choose(-2000, 2000)
        from isSigned in Gen.Elements(true, false)
        from isPower in Gen.Elements(true, false)
        from minimum in Gen.Choose(2, 5)
        select (step / 1000.0, range / 1000.0, isSigned, isPower, minimum),
        c =>
        {
            using var scope = NewDisposeScope();
            var (step, range, isSigned, isPower, minimum) = c;
            var width = BitWidth.Inferred("q", 8, minimum);
            using var quantizer = MakeUniform.LearnedRange(
                width, step, range, isSigned, new LearnedRangeOptions { HasPowerOfTwoStep = isPower }, ScalarType.Float64);

            using var encoded = quantizer.Encode(Make.Tensor([-100, 0.1, 100], ScalarType.Float64));

            var power = isPower ? Math.Round(step) : step;
            var n = Math.Log2(Math.Pow(2, range - power) + 1) + (isSigned ? 1 : 0);
            width.Value.Should().BeApproximately(Math.Clamp(n, minimum, 8), 1e-4);
            width.Bits.Should().Be((int)Math.Clamp(Math.Ceiling(n - 1e-4), minimum, 8));
            var largest = isSigned ? (1 << (width.Bits - 1)) - 1 : (1 << width.Bits) - 1;
            encoded.Grid.LargestCode.Should().BeInRange(1, largest);
            encoded.Grid.SmallestCode.Should().Be(isSigned ? -encoded.Grid.LargestCode : 0);
            if (isPower)
            {
                double.IsInteger(Math.Log2(quantizer.StepSize())).Should().BeTrue();
            }

            if (n > minimum && n < 8)
            {
                // Half a step at most from q, and no bit that no code needs.
                var q = Math.Pow(2, range);
                Math.Abs(quantizer.LargestValue() - q).Should().BeLessThanOrEqualTo(0.5001 * quantizer.StepSize());
                quantizer.StepSize().Should().BeApproximately(Math.Pow(2, power), 1e-9);
            }
        });

    [Fact]
    public void Values_are_whole_steps_in_order_symmetric_and_within_half_a_step_inside_the_range() => Arbitrary.ForAll(
        from bits in Gen.Choose(10, 90)
        from range in Gen.Choose(-2000, 2000)
        from isSigned in Gen.Elements(true, false)
        from values in Arbitrary.Values
        select (bits / 10.0, range / 1000.0, isSigned, values),
        c =>
        {
            using var scope = NewDisposeScope();
            var (n, range, isSigned, values) = c;
            var step = range - Math.Log2(Math.Pow(2, n) - 0.999);
            using var quantizer = MakeUniform.LearnedRange(
                BitWidth.Inferred("q", 8, 2, 10), step, range, isSigned, type: ScalarType.Float64);
            double[] Quantized(IEnumerable<double> x) => Near.Numbers(quantizer.call(Make.Tensor([.. x], ScalarType.Float64)));

            var ordered = values.Order().ToList();
            var quantized = Quantized(ordered);

            var (d, top) = (quantizer.StepSize(), quantizer.LargestValue());
            quantized.Should().BeInAscendingOrder().And.OnlyContain(v => v >= (isSigned ? -top : 0) && v <= top);
            quantized.Should().OnlyContain(v => Math.Abs((v / d) - Math.Round(v / d)) < 1e-9);
            quantized.Distinct().Count().Should().BeLessThanOrEqualTo(1 << quantizer.Width.Bits);
            Quantized(quantized).Should().Equal(quantized);
            if (isSigned)
            {
                Quantized(ordered.Select(v => -v)).Should().Equal(quantized.Select(v => -v));
            }

            foreach (var (value, result) in ordered.Zip(quantized).Where(p => p.First >= (isSigned ? -top : 0) && p.First <= top))
            {
                Math.Abs(result - value).Should().BeLessThanOrEqualTo(d * 0.5 * (1 + 1e-12));
            }
        });

    [Fact]
    public void A_frozen_width_has_all_its_codes_over_the_same_range_and_its_step_follows_the_range()
    {
        using var scope = NewDisposeScope();
        var width = BitWidth.Inferred("q");
        using var quantizer = MakeUniform.LearnedRange(width, stepLog2: -2.3, rangeLog2: 0, type: ScalarType.Float64);
        var x = Make.Random(100, ScalarType.Float64);
        quantizer.call(x);
        (width.Bits, quantizer.LargestValue()).Should().Be((4, 5 * Math.Pow(2, -2.3)), "q is 4.9 steps");

        width.Freeze();

        quantizer.call(x).square().sum().backward();
        (width.Bits, width.Value).Should().Be((4, 4));
        quantizer.LargestValue().Should().BeApproximately(1, 1e-12);
        quantizer.StepSize().Should().BeApproximately(1 / 7.0, 1e-12);
        (quantizer.StepLog2!.grad is null || Near.Numbers(quantizer.StepLog2.grad)[0] == 0).Should().BeTrue();
        Near.Numbers(quantizer.RangeLog2.grad!)[0].Should().NotBe(0);
    }

    [Fact]
    public void A_step_that_an_optimizer_carried_out_of_the_widths_range_is_brought_back_in_training_and_no_sooner()
    {
        using var scope = NewDisposeScope();
        var x = Make.Random(100, ScalarType.Float32);
        foreach (var (step, bits, acting) in new[] { (3.0, 2, 0.0), (-12.0, 8, -Math.Log2(127)) })
        {
            using var quantizer = MakeUniform.LearnedRange(BitWidth.Inferred("q"), step, rangeLog2: 0);
            using (no_grad())
            {
                quantizer.call(x);
            }

            Near.Numbers(quantizer.StepLog2!)[0].Should().Be(step);
            quantizer.Width.Value.Should().Be(bits);

            quantizer.call(x);

            Near.Numbers(quantizer.StepLog2!)[0].Should().BeApproximately(acting, 1e-6);
            quantizer.Width.Value.Should().Be(bits);
        }
    }

    [Fact]
    public void One_bit_with_a_sign_is_inferred_never_and_refused_by_name()
    {
        FluentActions.Invoking(() => new LearnedRangeQuantizer(BitWidth.Inferred("w", 4, 1), QuantizerTarget.Weight))
            .Should().Throw<ArgumentException>().WithMessage("LearnedRangeQuantizer infers 2 bits and more*'w' allows 1*");
        using var unsigned = new LearnedRangeQuantizer(BitWidth.Inferred("a", 4, 1), QuantizerTarget.Activation, isSigned: false);
        using var given = MakeUniform.LearnedRange(BitWidth.Fixed("w", 1), 0, rangeLog2: 1);
        using var values = given.call(Make.Tensor([-5, -0.1, 0.1, 5]));
        Near.Numbers(values).Should().Equal(-2, -2, 2, 2);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void A_percentile_that_is_none_is_refused(double percentile) =>
        new LearnedRangeOptions { Percentile = percentile }.Invoking(o => o.Validate()).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Percentile is *");
}
