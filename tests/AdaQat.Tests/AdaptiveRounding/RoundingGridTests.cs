using AdaQat.AdaptiveRounding;
using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.AdaptiveRounding;

/// <summary>Latent weights that plain rounding gives the codes that were learned.</summary>
public sealed class RoundingGridTests
{
    public static TheoryData<string, int> Families
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var name in Options.Keys)
            {
                foreach (var bits in new[] { 2, 3, 4, 8 })
                {
                    data.Add(name, bits);
                }
            }

            return data;
        }
    }

    private static Dictionary<string, QuantizerOptions> Options { get; } = new()
    {
        ["affine"] = new AffineOptions(),
        ["affine, asymmetric"] = new AffineOptions { IsSymmetric = false },
        ["affine, narrow"] = new AffineOptions { IsNarrow = true },
        ["affine, per channel"] = new AffineOptions { Granularity = Granularity.PerChannel() },
        ["affine, per channel, asymmetric"] = new AffineOptions { Granularity = Granularity.PerChannel(), IsSymmetric = false },
        ["affine, per group"] = new AffineOptions { Granularity = Granularity.PerGroup(9) },
        ["affine, 98 %"] = new AffineOptions { Percentile = 0.98 },
        ["affine, 98 %, asymmetric"] = new AffineOptions { Percentile = 0.98, IsSymmetric = false },
        ["affine, static"] = new AffineOptions { Range = RangeSource.Static },
        ["LSQ"] = new LsqOptions(),
        ["LSQ, per channel, offset"] = new LsqOptions { Granularity = Granularity.PerChannel(), HasOffset = true },
        ["fixed point"] = new FixedPointOptions(),
        ["fixed point, per channel"] = new FixedPointOptions { Granularity = Granularity.PerChannel() },
        ["DoReFa, linear"] = new DoReFaOptions { Transform = WeightTransform.Linear },
        ["DoReFa, tanh, unit"] = new DoReFaOptions { Transform = WeightTransform.Tanh, Scale = WeightScale.Unit },
        ["DoReFa, tanh"] = new DoReFaOptions { Transform = WeightTransform.Tanh },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void Any_choice_of_up_and_down_is_what_the_quantizer_gives_the_new_weight(string family, int bits)
    {
        using var scope = NewDisposeScope();
        var options = Options[family];
        foreach (var seed in Enumerable.Range(1, 5))
        {
            using var model = nn.Sequential(("conv", nn.Conv2d(8, 6, 3)));
            var weight = Make.Random(6 * 8 * 9, ScalarType.Float32, seed).reshape(6, 8, 3, 3) * 0.3;
            using (no_grad())
            {
                model.get_parameter("conv.weight")!.copy_(weight);
            }

            var rules = new[] { LayerRule.Named("*").With(weights: BitWidthChoice.Fixed(bits), activations: BitWidthChoice.Unquantized) };
            using var quantized = QuantizedModel.Attach(
                model, zeros(1, 8, 5, 5), new QuantizationOptions { Weights = options, Rules = rules });
            var quantizer = quantized.Layers[0].WeightQuantizer;
            quantizer.Calibrate(weight);
            var grid = RoundingGrid.Of(quantizer, weight, out var reason);
            reason.Should().BeEmpty();
            using var generator = new Generator((ulong)seed);
            var ups = rand(weight.shape, generator: generator).ge(0.5).to(ScalarType.Float64);
            var codes = where(
                grid!.IsPinned, grid.Nearest, (grid.Places.floor() + ups).maximum(grid.Smallest).minimum(grid.Largest));

            var moved = grid.WeightOf(codes);

            using var encoded = quantizer.Encode(moved);
            encoded.Codes.to(ScalarType.Float64).Equals(codes).Should().BeTrue("every code is the one that was chosen");
            var (hasCodes, scaleMoved) = grid.Check(moved, codes);
            hasCodes.Should().BeTrue();
            scaleMoved.Should().BeLessThan(family == "DoReFa, tanh" ? 0.15 : 1e-12);
            moved.eq(weight).Equals(codes.eq(grid.Nearest).logical_or(moved.eq(weight))).Should().BeTrue("all others stay");
            codes.ne(grid.Nearest).to(ScalarType.Float64).mean().item<double>().Should().BeGreaterThan(
                family.Contains("98 %") ? 0.05 : 0.15, "elements are free to go, save those that hold the range");
        }
    }

    [Fact]
    public void Families_without_rounded_codes_are_refused_by_name()
    {
        using var scope = NewDisposeScope();
        var weight = Make.Random(72, ScalarType.Float32).reshape(2, 4, 3, 3);
        using var powers = new PowerOfTwoQuantizer(BitWidth.Fixed("w", 4), QuantizerTarget.Weight);
        powers.Calibrate(weight);
        RoundingGrid.Of(powers, weight, out var reason).Should().BeNull();
        reason.Should().Be("the values of PowerOfTwoQuantizer are not evenly spaced");

        using var early = new LsqQuantizer(BitWidth.Fixed("w", 4), QuantizerTarget.Weight);
        RoundingGrid.Of(early, weight, out reason).Should().BeNull();
        reason.Should().Contain("LsqQuantizer does not tell its codes").And.Contain("no value yet");

        using var wraps = MakeUniform.FixedPoint(3, 0.1, overflow: CodeOverflow.Wrap);
        RoundingGrid.Of(wraps, weight, out reason).Should().BeNull();
        reason.Should().Be("the codes of FixedPointQuantizer are not the nearest to its weights");

        using var dorefa = Make.DoReFa(4);
        RoundingGrid.Of(dorefa, zeros(2, 2), out reason).Should().BeNull();
        reason.Should().Be("a scale of its grid is 0");
    }
}
