using AdaQat.Quantizers;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Affine;

public sealed class AffinePropertyTests
{
    private static readonly FsCheck.Gen<Case> Cases =
        from bits in Gen.Choose(1, 8)
        from low in Gen.Choose(0, 3000)
        from high in Gen.Choose(1, 3000)
        from isSymmetric in Gen.Elements(false, true)
        from isNarrow in Gen.Elements(false, true)
        from values in Arbitrary.Values
        select new Case(bits, -low / 1000.0, high / 1000.0, isSymmetric, isNarrow && bits > 1, values);

    [Fact]
    public void There_are_as_many_levels_as_codes() => Arbitrary.ForAll(Cases, c =>
    {
        var levels = (1 << c.Bits) - (c.IsNarrow ? 1 : 0);
        var wide = 3 * Math.Max(-c.Low, c.High);
        Quantized(c with { Values = [.. Enumerable.Range(-2000, 4001).Select(i => wide * i / 2000)] })
            .Distinct().Should().HaveCount(levels);
    });

    [Fact]
    public void The_error_inside_the_range_is_at_most_half_a_step() => Arbitrary.ForAll(Cases, c =>
    {
        var clipped = c.Values.Select(v => Math.Clamp(v, c.Start, c.End)).ToArray();
        var quantized = Quantized(c with { Values = clipped });
        for (var i = 0; i < clipped.Length; i++)
        {
            Math.Abs(quantized[i] - clipped[i]).Should().BeLessThanOrEqualTo((c.Step / 2 * (1 + 1e-12)) + 1e-15);
        }
    });

    [Fact]
    public void Quantizing_twice_changes_nothing() => Arbitrary.ForAll(Cases, c =>
    {
        var once = Quantized(c);
        Quantized(c with { Values = once }).Should().Equal(once);
    });

    [Fact]
    public void A_larger_input_never_gives_a_smaller_output() => Arbitrary.ForAll(Cases, c =>
        Quantized(c with { Values = [.. c.Values.Order()] }).Should().BeInAscendingOrder());

    [Fact]
    public void Every_value_lies_within_half_a_step_of_the_range() => Arbitrary.ForAll(Cases, c =>
        Quantized(c).Should().OnlyContain(v => v >= c.Start - (0.501 * c.Step) && v <= c.End + (0.501 * c.Step)));

    [Fact]
    public void Zero_is_a_value_save_at_one_bit_of_the_symmetric_form() => Arbitrary.ForAll(Cases, c =>
        Quantized(c with { Values = [0] })[0].Should().Be(c.IsSymmetric && c.Bits == 1 ? c.Start : 0));

    [Fact]
    public void The_narrow_symmetric_form_is_odd() => Arbitrary.ForAll(Cases.Where(c => c.Bits > 1), c =>
    {
        var odd = c with { IsSymmetric = true, IsNarrow = true };
        Quantized(odd with { Values = [.. odd.Values.Select(v => -v)] }).Should().Equal(Quantized(odd).Select(v => -v));
    });

    [Fact]
    public void A_dynamic_range_is_the_static_one_of_the_same_tensor() => Arbitrary.ForAll(Cases, c =>
    {
        using var scope = NewDisposeScope();
        var (low, high) = (Math.Min(c.Values.Min(), 0), Math.Max(c.Values.Max(), 0));
        using var quantizer = new AffineQuantizer(
            BitWidth.Fixed("q", c.Bits), QuantizerTarget.Activation, isSigned: true, c.Options with { Range = RangeSource.Dynamic });
        Near.Numbers(quantizer.call(Make.Tensor(c.Values, ScalarType.Float64)))
            .Should().Equal(Quantized(c with { Low = low, High = high }));
    });

    private static double[] Quantized(Case c)
    {
        using var scope = NewDisposeScope();
        using var quantizer = MakeUniform.Affine(c.Bits, c.Options, [c.Low], [c.High], type: ScalarType.Float64);
        return Near.Numbers(quantizer.call(Make.Tensor(c.Values, ScalarType.Float64)));
    }

    private sealed record Case(int Bits, double Low, double High, bool IsSymmetric, bool IsNarrow, double[] Values)
    {
        public AffineOptions Options => new() { IsSymmetric = IsSymmetric, IsNarrow = IsNarrow };

        public double Magnitude => Math.Max(-Low, High);

        public double Start => IsSymmetric ? -Magnitude : Low;

        public double End => IsSymmetric ? Magnitude : High;

        public double Step => (End - Start) / ((1 << Bits) - (IsNarrow ? 2 : 1));
    }
}
