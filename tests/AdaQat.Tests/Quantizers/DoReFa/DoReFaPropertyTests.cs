using AdaQat.Quantizers;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.DoReFa;

public sealed class DoReFaPropertyTests
{
    private static readonly DoReFaOptions PaperLinear = new() { Transform = WeightTransform.Linear, Scale = WeightScale.Unit };

    private static readonly FsCheck.Gen<(int Bits, DoReFaOptions Options, double[] Values)> Cases =
        from bits in Gen.Choose(1, 8)
        from options in Gen.Elements(Make.DoReFaOptions.ToArray())
        from values in Arbitrary.Values
        where values.Any(v => v != 0)
        select (bits, options, values);

    [Fact]
    public void There_are_at_most_two_to_the_k_levels() => Arbitrary.ForAll(Cases, c =>
        Quantized(c.Values, c.Bits, c.Options).Distinct().Count().Should().BeLessThanOrEqualTo(1 << c.Bits));

    [Fact]
    public void A_larger_weight_never_gives_a_smaller_output() => Arbitrary.ForAll(Cases, c =>
        Quantized([.. c.Values.Order()], c.Bits, c.Options).Should().BeInAscendingOrder());

    [Fact]
    public void Unit_weights_fill_minus_one_to_one() => Arbitrary.ForAll(Cases, c =>
    {
        var quantized = Quantized(c.Values, c.Bits, c.Options with { Scale = WeightScale.Unit });
        quantized.Should().OnlyContain(v => v >= -1 && v <= 1);
        quantized.Max(Math.Abs).Should().Be(1);
    });

    [Fact]
    public void Without_tanh_the_error_is_at_most_half_a_step() => Arbitrary.ForAll(Cases, c =>
    {
        var largest = c.Values.Max(Math.Abs);
        var quantized = Quantized(c.Values, c.Bits, PaperLinear);
        for (var i = 0; i < quantized.Length; i++)
        {
            Math.Abs(quantized[i] - c.Values[i] / largest).Should().BeLessThanOrEqualTo((1.0 / ((1 << c.Bits) - 1)) + 1e-12);
        }
    });

    [Fact]
    public void Quantizing_twice_without_tanh_changes_nothing() => Arbitrary.ForAll(Cases, c =>
    {
        var once = Quantized(c.Values, c.Bits, PaperLinear);
        Quantized(once, c.Bits, PaperLinear).Should().Equal(once);
    });

    [Fact]
    public void The_opposite_weights_give_the_opposite_output_but_for_ties() => Arbitrary.ForAll(Cases, c =>
    {
        var forward = Quantized(c.Values, c.Bits, c.Options);
        var backward = Quantized([.. c.Values.Select(v => -v)], c.Bits, c.Options);
        var s = (1 << c.Bits) - 1;
        var t = c.Values.Select(v => c.Options.Transform == WeightTransform.Tanh ? Math.Tanh(v) : v).ToArray();
        var largest = t.Max(Math.Abs);
        for (var i = 0; i < forward.Length; i++)
        {
            // Half to even sends a tie and its mirror image the same way: up, or down.
            var position = ((t[i] / (2 * largest)) + 0.5) * s;
            if (Math.Abs(position - Math.Floor(position) - 0.5) > 1e-9)
            {
                backward[i].Should().BeApproximately(-forward[i], 1e-12 * Math.Abs(forward[i]));
            }
        }
    });

    [Fact]
    public void The_preserved_scale_is_that_of_the_weights_before_rounding() => Arbitrary.ForAll(Cases, c =>
    {
        // At high widths rounding moves the mean magnitude by less than half a step.
        var quantized = Quantized(c.Values, bits: 16, c.Options with { Scale = WeightScale.Preserve });
        quantized.Average(Math.Abs).Should().BeApproximately(c.Values.Average(Math.Abs), 1e-3 * c.Values.Max(Math.Abs));
    });

    [Fact]
    public void Scaling_the_weights_without_tanh_scales_the_output() => Arbitrary.ForAll(Cases, c =>
    {
        var options = PaperLinear with { Scale = WeightScale.Preserve };
        var expected = Quantized(c.Values, c.Bits, options).Select(v => v * 8);
        Quantized([.. c.Values.Select(v => v * 8)], c.Bits, options).Should().Equal(expected);
    });

    private static double[] Quantized(double[] values, int bits, DoReFaOptions options)
    {
        using var scope = NewDisposeScope();
        using var quantizer = Make.DoReFa(bits, options);
        return Near.Numbers(quantizer.call(Make.Tensor(values, ScalarType.Float64)));
    }
}
