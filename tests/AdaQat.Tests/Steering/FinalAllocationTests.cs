using AdaQat.Costs;
using AdaQat.Steering;
using FsCheck;
using FsCheck.Fluent;

namespace AdaQat.Tests.Steering;

/// <summary>What holds of the final choice on any network, from any widths, with any knowledge of the loss.</summary>
public sealed class FinalAllocationTests
{
    private static readonly IHardwareCost[] Kinds =
    [
        new BitOpsCost(), new WeightBitsCost(), new ActivationBitsCost(), new LargerWidthCost(), new StoredWeightCost(),
        new EnergyCost(EnergyTable.Horowitz45),
    ];

    /// <summary>
    /// One to six layers with learned and fixed widths of all ranges, some shared, a target between the least and the most cost.
    /// </summary>
    private static readonly Gen<(int Kind, int[] Numbers, int Share)> Cases =
        from kind in Gen.Choose(0, 5)
        from layers in Gen.Choose(1, 6)
        from numbers in Gen.Choose(0, 1000).ArrayOf(layers * 12)
        from share in Gen.Choose(0, 100)
        select (kind, numbers, share);

    [Fact]
    public void It_is_at_or_under_the_target_no_further_bit_fits_and_nothing_leaves_its_range()
    {
        Arbitrary.ForAll(Cases, c =>
        {
            var network = new Network(Kinds[c.Kind], c.Numbers, c.Share);
            var fixedBits = network.Fixed.Select(w => w.Bits).ToList();

            network.MakeFinal().Should().BeTrue();

            network.Total.Should().BeLessThanOrEqualTo(network.Target);
            network.Learned.TrueForAll(w => w.Bits >= w.Minimum && w.Bits <= w.Maximum).Should().BeTrue();
            network.Fixed.Select(w => w.Bits).Should().Equal(fixedBits);
            foreach (var width in network.Learned.Where(w => w.Bits < w.Maximum))
            {
                (network.TotalWithOneMore(width) > network.Target || !network.IsCostly(width))
                    .Should().BeTrue("a bit more of '{0}' must not fit", width.Name);
            }
        });
    }

    [Fact]
    public void It_is_the_same_for_the_same_case()
    {
        Arbitrary.ForAll(Cases, c =>
        {
            var (one, other) = (new Network(Kinds[c.Kind], c.Numbers, c.Share), new Network(Kinds[c.Kind], c.Numbers, c.Share));

            one.MakeFinal();
            other.MakeFinal();

            one.Learned.Select(w => w.Bits).Should().Equal(other.Learned.Select(w => w.Bits));
        });
    }

    [Fact]
    public void Below_the_least_cost_all_widths_go_to_their_minimum_and_it_says_so()
    {
        Arbitrary.ForAll(Cases, c =>
        {
            var network = new Network(Kinds[c.Kind], c.Numbers, -1);

            network.MakeFinal().Should().BeFalse();

            network.Learned.FindAll(network.IsCostly).TrueForAll(w => w.Bits == w.Minimum).Should().BeTrue();
        });
    }

    [Fact]
    public void A_width_without_a_cost_stays()
    {
        Arbitrary.ForAll(Cases, c =>
        {
            var network = new Network(Kinds[c.Kind], c.Numbers, c.Share);
            var idle = network.Learned.Where(w => !network.IsCostly(w)).ToList();
            var before = idle.Select(w => w.Bits).ToList();

            network.MakeFinal();

            idle.Select(w => w.Bits).Should().Equal(before);
        });
    }

    private sealed class Network
    {
        private readonly IHardwareCost _cost;
        private readonly List<LayerProfile> _layers = [];
        private readonly List<double> _sensitivities = [];

        public Network(IHardwareCost cost, int[] numbers, int share)
        {
            _cost = cost;
            foreach (var (n, i) in numbers.Chunk(12).Select((n, i) => (n, i)))
            {
                _layers.Add(new LayerProfile(
                    $"l{i}", 1000 + (n[0] * 37), 10 + n[1], 10 + n[2], Width($"l{i}.w", n[3..7], l => l.WeightBits),
                    Width($"l{i}.a", n[7..11], l => l.ActivationBits)));
                _sensitivities.AddRange([Math.Pow(2, (n[11] % 16) - 8), Math.Pow(2, (n[11] / 16 % 16) - 8)]);
            }

            var all = _layers.SelectMany(l => new[] { l.WeightBits, l.ActivationBits })
                .Distinct<BitWidth>(ReferenceEqualityComparer.Instance).ToList();
            (Learned, Fixed) = (all.FindAll(w => w.IsLearned), all.FindAll(w => !w.IsLearned));
            var (least, most) = (TotalAt(w => w.Minimum), TotalAt(w => w.Maximum));
            Target = share < 0 ? least - 1 : least + (share / 100.0 * (most - least));
        }

        public List<BitWidth> Learned { get; }

        public List<BitWidth> Fixed { get; }

        public double Target { get; }

        public double Total => _cost.Total(_layers);

        public bool MakeFinal()
        {
            var allocation = FinalAllocation.At(new CostOfBits(_cost, _layers, Learned), _sensitivities, Target);
            foreach (var (width, bits) in Learned.Zip(allocation.Bits))
            {
                width.Freeze(bits, FreezeReason.Target, step: 1);
            }

            return allocation.IsMet;
        }

        public double TotalWithOneMore(BitWidth width)
        {
            using var probe = width.At(width.Bits + 1);
            return Total;
        }

        /// <summary>Whether the cost rises with the width, the others at their minimum.</summary>
        public bool IsCostly(BitWidth width) => TotalAt(w => ReferenceEquals(w, width) ? w.Maximum : w.Minimum) > TotalAt(w => w.Minimum);

        private double TotalAt(Func<BitWidth, int> bits) => new CostOfBits(_cost, _layers, Learned).Total(Learned.ConvertAll(w => bits(w)));

        /// <summary>Learned, fixed, or the same as the layer's before.</summary>
        private BitWidth Width(string name, int[] n, Func<LayerProfile, BitWidth> ofKind)
        {
            if (n[0] % 5 == 0 && _layers.Count > 0)
            {
                return ofKind(_layers[^1]);
            }

            if (n[0] % 5 == 1)
            {
                return BitWidth.Fixed(name, 1 + (n[1] % 8));
            }

            var minimum = 1 + (n[1] % 4);
            var maximum = minimum + 1 + (n[2] % 6);
            return BitWidth.Learned(name, minimum: minimum, maximum: maximum, start: minimum + ((maximum - minimum) * n[3] / 1000.0));
        }
    }
}
