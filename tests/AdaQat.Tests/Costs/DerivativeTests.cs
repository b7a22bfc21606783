using AdaQat.Costs;
using FsCheck;
using FsCheck.Fluent;

namespace AdaQat.Tests.Costs;

/// <summary>What every cost that is a sum over layers promises to those who use it, on random networks.</summary>
public sealed class DerivativeTests
{
    private static readonly Dictionary<string, IHardwareCost> Kinds = new()
    {
        ["bit operations"] = new BitOpsCost(),
        ["stored weights"] = new StoredWeightCost(),
        ["traffic"] = Traffic(),
        ["arithmetic"] = new EnergyCost(EnergyTable.Horowitz45),
        ["energy"] = new EnergyCost(EnergyTable.Horowitz45, Traffic()),
        ["latency"] = new LatencyCost(Latencies.Read(Latencies.Rows)),
    };

    /// <summary>Layers by three numbers each: their size, which widths they have, and at how many bits they are.</summary>
    private static readonly Gen<int[]> Networks = Gen.Choose(1, 4).SelectMany(layers => Gen.Choose(0, 999).ArrayOf(layers * 3));

    public static TheoryData<string> Costs => [.. Kinds.Keys];

    /// <summary>What the next lower width changes of the loss, for a bit; at the minimum, what the next higher does.</summary>
    [Theory]
    [MemberData(nameof(Costs))]
    public void The_derivative_is_the_finite_difference_of_the_loss(string kind)
    {
        var cost = Kinds[kind];
        Arbitrary.ForAll(Networks, numbers =>
        {
            var (layers, widths) = Network(numbers);
            foreach (var width in widths)
            {
                var expected = 0.0;
                foreach (var ofWeight in new[] { true, false })
                {
                    // A width of both kinds is moved for one kind after the other: the cost is not linear in both at once.
                    var moved = layers.Select(l => Moved(l, width, ofWeight)).ToList();
                    var steps = layers.Zip(moved, (a, b) => a.WeightBits - b.WeightBits + a.ActivationBits - b.ActivationBits)
                        .Where(step => step != 0).Distinct().ToList();
                    expected += steps.Count == 0 ? 0 : (cost.Loss(layers) - cost.Loss(moved)) / steps.Single();
                }

                cost.Derivative(layers, width).Should().BeApproximately(expected, 1e-9 * Math.Max(1, Math.Abs(expected)), width.Name);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Costs))]
    public void A_cost_never_falls_with_more_bits(string kind)
    {
        var cost = Kinds[kind];
        Arbitrary.ForAll(Networks, numbers =>
        {
            var (layers, widths) = Network(numbers);
            foreach (var width in widths)
            {
                var more = layers.Select(l => l with
                {
                    WeightBits = l.WeightBits + (ReferenceEquals(l.Layer.WeightBits, width) ? 1 : 0),
                    ActivationBits = l.ActivationBits + (ReferenceEquals(l.Layer.ActivationBits, width) ? 1 : 0),
                }).ToList();
                cost.Total(more).Should().BeGreaterThanOrEqualTo(cost.Total(layers));
            }
        });
    }

    [Theory]
    [MemberData(nameof(Costs))]
    public void The_total_is_the_sum_of_what_layers_cost_alone_but_for_a_constant(string kind)
    {
        var cost = Kinds[kind];
        cost.IsSumOverLayers.Should().BeTrue();
        Arbitrary.ForAll(Networks, numbers =>
        {
            var (layers, _) = Network(numbers);
            var constant = cost.Total([]);
            cost.Total(layers).Should().BeApproximately(layers.Sum(l => cost.Total([l]) - constant) + constant, 1e-9 * cost.Total(layers));
        });
    }

    [Fact]
    public void Every_cost_of_ours_has_a_name_and_a_unit()
    {
        Kinds.Values.Concat([new WeightBitsCost(), new ActivationBitsCost()]).Should()
            .OnlyContain(cost => cost.Name.Length > 0 && cost.Unit.Length > 0 && cost.Name != cost.GetType().Name);
    }

    private static MemoryTrafficCost Traffic() => new(
    [
        new LiveActivation(100, "l0", 32, 0, 1, 2), new LiveActivation(70, "l1", 32, 1, 2, 3), new LiveActivation(30, "l2", 32, 2, 3, 2),
        new LiveActivation(50, null, 32, 0, 3, 4),
    ]);

    private static LayerBits Moved(LayerBits layer, BitWidth width, bool ofWeight)
    {
        var (ofThis, bits) = ofWeight ? (layer.Layer.WeightBits, layer.WeightBits) : (layer.Layer.ActivationBits, layer.ActivationBits);
        if (!ReferenceEquals(ofThis, width))
        {
            return layer;
        }

        var other = bits > width.Minimum ? width.Allowed.Last(b => b < bits) : width.Allowed[1];
        return ofWeight ? layer with { WeightBits = other } : layer with { ActivationBits = other };
    }

    private static (List<LayerBits> Layers, List<BitWidth> Widths) Network(int[] numbers)
    {
        BitWidth[] widths =
        [
            BitWidth.Learned("w"), BitWidth.Learned("a"), BitWidth.Learned("both", [2, 4, 8], 8), BitWidth.Fixed("eight", 8),
        ];
        // One number of bits for each width, whatever layer it serves.
        var bits = widths.Select((w, i) => w.Allowed[numbers[(i % (numbers.Length / 3) * 3) + 2] % w.Allowed.Count]).ToArray();
        var layers = numbers.Chunk(3).Select((n, i) =>
        {
            var (weights, activations) = (n[1] % 4, n[1] / 4 % 4);
            var shape = Latencies.Shape with { Input = $"3x{1 + n[0]}x4", Output = $"2x{1 + n[0]}x4" };
            var layer = new LayerProfile($"l{i}", (long)shape.Macs, 10 + n[0], 20 + n[0], widths[weights], widths[activations])
            {
                Shape = shape,
                Storage = new WeightStorage(Scales: n[0] % 7, ZeroPoints: n[0] % 3, HasLevels: n[0] % 2 == 0),
            };
            return new LayerBits(layer, bits[weights], bits[activations]);
        }).ToList();
        return (layers, [.. widths.Where(w => w.IsLearned)]);
    }
}
