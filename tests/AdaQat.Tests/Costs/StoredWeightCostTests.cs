using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Costs;

/// <summary>Bytes of weights against the sizes of what is stored, counted by hand.</summary>
public sealed class StoredWeightCostTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly StoredWeightCost _cost = new();

    /// <summary>15 elements: codes of 3 bits take 45 bits, which are 6 bytes.</summary>
    [Fact]
    public void Codes_are_packed_and_rounded_up_to_bytes_for_each_tensor()
    {
        BytesOf(15, 3, new WeightStorage(Scales: 0)).Should().Be(6);
        BytesOf(16, 3, new WeightStorage(Scales: 0)).Should().Be(6);
        BytesOf(17, 3, new WeightStorage(Scales: 0)).Should().Be(7);
    }

    [Fact]
    public void Scales_are_float32_zero_points_as_wide_as_codes_and_levels_a_table()
    {
        BytesOf(16, 4, new WeightStorage(Scales: 5)).Should().Be(8 + 20);
        BytesOf(16, 4, new WeightStorage(Scales: 5, ZeroPoints: 5)).Should().Be(8 + 20 + 3);
        BytesOf(16, 3, new WeightStorage(Scales: 1, HasLevels: true)).Should().Be(6 + (8 * 4));
    }

    [Fact]
    public void A_weight_in_float_takes_four_bytes_an_element_and_nothing_else() =>
        BytesOf(15, 32, new WeightStorage(Scales: 5)).Should().Be(60);

    public static TheoryData<QuantizerOptions, int, double> Families => new()
    {
        { new DoReFaOptions(), 4, 4 },
        { new AffineOptions { Granularity = Granularity.PerChannel() }, 4, 8 * 4 },
        { new AffineOptions { Granularity = Granularity.PerChannel(), IsSymmetric = false }, 4, (8 * 4) + 4 },
        { new AffineOptions { Granularity = Granularity.PerGroup(9) }, 4, 8 * 6 * 4 },
        { new LsqOptions { Granularity = Granularity.PerChannel() }, 4, 8 * 4 },
        { new FixedPointOptions(), 4, 4 },
        { new BinaryOptions(), 1, 8 * 4 },
        { new TernaryOptions(), 2, 4 },
        { new TernaryOptions { Scale = TernaryScale.Learned }, 2, 8 },
        { new CodebookOptions(), 3, 8 * 4 },
        { new PowerOfTwoOptions(), 4, 4 },
        { new AdditivePowerOfTwoOptions(), 4, 4 },
    };

    /// <summary>conv2 of the network has a weight of 8×6×3×3.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void Each_family_says_what_is_stored_beside_its_codes(QuantizerOptions weights, int bits, double besides)
    {
        using var model = Networks.Convolutional();
        using var quantized = QuantizedModel.Attach(model, randn(2, 3, 8, 8), new QuantizationOptions
        {
            Rules = [LayerRule.Named("conv2").With(weights: BitWidthChoice.Fixed(bits)).With(weights: weights)],
        });

        var layer = LayerBits.InForce(quantized.Profiles).Single(l => l.Layer.Name == "conv2");

        _cost.Total([layer]).Should().Be((432 * bits / 8.0) + besides);
    }

    [Fact]
    public void A_weight_that_two_layers_share_is_stored_once()
    {
        var (first, second) = (nn.Linear(4, 4, hasBias: false), nn.Linear(4, 4, hasBias: false));
        second.weight = first.weight;
        using var model = nn.Sequential(("first", first), ("second", second));
        using var quantized = QuantizedModel.Attach(model, randn(2, 4), new QuantizationOptions());

        quantized.Cost(_cost).Should().Be(16 + 4);
    }

    public void Dispose() => _scope.Dispose();

    private double BytesOf(long count, int bits, WeightStorage storage) => _cost.Total(
        [new LayerBits(new LayerProfile("a", 1, count, 1, BitWidth.Fixed("w", 8), BitWidth.Fixed("a", 8)) { Storage = storage }, bits, 8)]);
}
