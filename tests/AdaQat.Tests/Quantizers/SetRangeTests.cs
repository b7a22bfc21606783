using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers;

/// <summary>Ranges that are given from outside, family by family.</summary>
public sealed class SetRangeTests
{
    private static readonly Dictionary<string, Func<BitWidth, bool, Quantizer>> Inputs = new()
    {
        ["pact"] = (w, signed) => new PactQuantizer(w, signed),
        ["affine"] = (w, signed) => new AffineQuantizer(w, QuantizerTarget.Activation, signed),
        ["affine, symmetric"] = (w, signed) =>
            new AffineQuantizer(w, QuantizerTarget.Activation, signed, new AffineOptions { IsSymmetric = true }),
        ["affine, symmetric, narrow"] = (w, signed) =>
            new AffineQuantizer(w, QuantizerTarget.Activation, signed, new AffineOptions { IsSymmetric = true, IsNarrow = true }),
        ["fixed point"] = (w, signed) => new FixedPointQuantizer(w, QuantizerTarget.Activation, signed),
        ["lsq"] = (w, signed) => new LsqQuantizer(w, QuantizerTarget.Activation, signed, new LsqOptions { HasOffset = false }),
        ["lsq, offset"] = (w, signed) => new LsqQuantizer(w, QuantizerTarget.Activation, signed, new LsqOptions { HasOffset = true }),
        ["learned range"] = (w, signed) => new LearnedRangeQuantizer(w, QuantizerTarget.Activation, signed),
        ["power of two"] = (w, signed) => new PowerOfTwoQuantizer(w, QuantizerTarget.Activation, signed),
        ["additive power of two"] = (w, signed) => new AdditivePowerOfTwoQuantizer(w, QuantizerTarget.Activation, signed),
    };

    private static readonly Dictionary<string, Func<Quantizer>> WithoutRange = new()
    {
        ["dynamic"] = () => new AffineQuantizer(
            Width(4), QuantizerTarget.Activation, options: new AffineOptions { Range = RangeSource.Dynamic }),
        ["weights, by default"] = () => new AffineQuantizer(Width(4), QuantizerTarget.Weight),
        ["radix point given"] = () => new FixedPointQuantizer(
            Width(4), QuantizerTarget.Activation, options: new FixedPointOptions { IntegerBits = 2 }),
        ["wrapping"] = () => new FixedPointQuantizer(
            Width(4), QuantizerTarget.Activation, options: new FixedPointOptions { Overflow = CodeOverflow.Wrap }),
        ["clipping value given"] = () => new PactQuantizer(Width(4), options: new PactOptions { ClippingValue = 2 }),
        ["DoReFa"] = () => new DoReFaQuantizer(Width(4)),
        ["exponent given"] = () => new PowerOfTwoQuantizer(
            Width(4), QuantizerTarget.Activation, options: new PowerOfTwoOptions { LargestExponent = 1 }),
        ["exponent of the weight"] = () => new PowerOfTwoQuantizer(Width(4), QuantizerTarget.Weight),
        ["normalised weight"] = () => new AdditivePowerOfTwoQuantizer(Width(4), QuantizerTarget.Weight),
    };

    public static TheoryData<string> Families => [.. Inputs.Keys];

    public static TheoryData<string> Others => [.. WithoutRange.Keys];

    [Theory]
    [MemberData(nameof(Families))]
    public void What_lies_in_the_range_is_rounded_and_what_lies_beyond_becomes_its_end(string family)
    {
        using var scope = NewDisposeScope();
        foreach (var (low, high) in new[] { (0.0, 3.0), (-1.0, 3.0), (-3.0, 3.0) })
        {
            using var quantizer = Inputs[family](Width(6), low < 0);

            quantizer.SetRange(low, high);

            quantizer.IsCalibrated.Should().BeTrue();
            var inside = linspace(low, high, 101);
            var error = (quantizer.call(inside) - inside).abs();
            // Between powers of two half of the way is a third of the value.
            var allowed = family.Contains("power", StringComparison.Ordinal) ? (inside.abs() / 3) + 0.1 : full_like(inside, 0.1);
            error.le(allowed).all().item<bool>().Should().BeTrue("{0}, {1}", low, high);
            quantizer.call(tensor(100f)).item<float>().Should().BeInRange((float)high * 0.8f, (float)high * 1.35f);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_range_with_negative_values_brings_the_sign(string family)
    {
        using var scope = NewDisposeScope();
        using var quantizer = Inputs[family](Width(6), false);
        if (family is "lsq" or "learned range")
        {
            // These have their sign from the example, for good.
            return;
        }

        quantizer.SetRange(-2, 2);

        quantizer.call(tensor(-1.5f)).item<float>().Should().BeInRange(-2.1f, -0.9f);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_grid_of_a_range_is_told_without_changing_anything(string family)
    {
        using var scope = NewDisposeScope();
        using var quantizer = Inputs[family](Width(4), true);
        quantizer.SetRange(-1, 5);
        _ = quantizer.GridsOver([new(-1, 1)]);
        var state = Bits.OfState(quantizer);

        IReadOnlyList<QuantizationGrid> grids = [];
        LiveTensors.LeftBy(() => grids = quantizer.GridsOver([new(-1, 5), new(-4, 4), new(-1, 5)])).Should().Be(0);

        Bits.OfState(quantizer).ShouldEqual(state);
        grids.Should().HaveCount(3);
        using var encoded = quantizer.Encode(zeros(1));
        Text(grids[0]).Should().Be(Text(encoded.Grid)).And.Be(Text(grids[2]));
        quantizer.SetRange(-4, 4);
        using var other = quantizer.Encode(zeros(1));
        Text(grids[1]).Should().Be(Text(other.Grid));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void A_quantizer_that_takes_no_range_says_so(string family)
    {
        using var scope = NewDisposeScope();
        using var quantizer = WithoutRange[family]();

        quantizer.RangeLayout.Should().BeNull();
        quantizer.Invoking(q => q.SetRange(-1, 1)).Should().Throw<InvalidOperationException>().WithMessage("*takes no range*");
        quantizer.Invoking(q => q.GridsOver([new(-1, 1)])).Should().Throw<InvalidOperationException>().WithMessage("*takes no range*");
    }

    [Fact]
    public void Ranges_that_cannot_be_are_refused_and_nothing_changes()
    {
        using var scope = NewDisposeScope();
        using var quantizer = new AffineQuantizer(
            Width(4), QuantizerTarget.Weight,
            options: new AffineOptions { Range = RangeSource.Static, Granularity = Granularity.PerChannel() }, scales: 3);
        quantizer.SetRanges([new(-1, 1), new(-2, 1), new(0, 3)]);
        var state = Bits.OfState(quantizer);

        quantizer.Invoking(q => q.SetRange(double.NaN, 1)).Should().Throw<ArgumentException>().WithMessage("*[NaN, 1]*finite*");
        quantizer.Invoking(q => q.SetRange(2, 1)).Should().Throw<ArgumentException>().WithMessage("*[2, 1]*smaller one first*");
        quantizer.Invoking(q => q.SetRange(0, 0)).Should().Throw<ArgumentException>().WithMessage("*not both 0*");
        quantizer.Invoking(q => q.SetRanges([new(-1, 1)])).Should().Throw<ArgumentException>()
            .WithMessage("*was given 1 ranges; it takes 3*");
        quantizer.Invoking(q => q.SetRanges([new(-1, 1), new(-1, 1), new(0, double.PositiveInfinity)])).Should().Throw<ArgumentException>();

        Bits.OfState(quantizer).ShouldEqual(state);
    }

    [Fact]
    public void Channels_and_groups_have_ranges_of_their_own()
    {
        using var scope = NewDisposeScope();
        foreach (var (granularity, shape) in new[]
        {
            (Granularity.PerChannel(), new long[] { 2, 4 }), (Granularity.PerChannel(axis: 1), [4, 2]), (Granularity.PerGroup(2), [1, 4]),
        })
        {
            using var quantizer = new AffineQuantizer(
                Width(8), QuantizerTarget.Weight,
                options: new AffineOptions { Range = RangeSource.Static, Granularity = granularity }, scales: 2);

            quantizer.SetRanges([new(-1, 1), new(-10, 10)]);

            var quantized = granularity.Rows(quantizer.call(full(shape, 100)));
            Near.Numbers(quantized.select(1, 0)).Should().SatisfyRespectively(
                first => first.Should().BeApproximately(1, 0.01), second => second.Should().BeApproximately(10, 0.1));
            quantizer.GridsOver([new(-1, 1), new(-10, 10), new(-1, 1)]).Cast<UniformGrid>().Select(g => g.Scales.Single())
                .Should().Equal(2 / 255.0f, 20 / 255.0f, 2 / 255.0f);
        }
    }

    [Fact]
    public void Ranges_leave_no_tensors_behind()
    {
        using var quantizer = new LsqQuantizer(Width(4), QuantizerTarget.Activation);
        quantizer.SetRange(-1, 1);

        LiveTensors.LeftBy(() => quantizer.SetRange(-2, 2)).Should().Be(0);
    }

    private static BitWidth Width(int bits) => BitWidth.Fixed("x", bits);

    private static string Text(QuantizationGrid grid) => grid switch
    {
        UniformGrid g => $"{g.Scales[0]:R} {g.Offsets[0]} {g.SmallestCode} {g.LargestCode}",
        LevelGrid g => string.Join(" ", g.Levels),
        _ => "",
    };
}
