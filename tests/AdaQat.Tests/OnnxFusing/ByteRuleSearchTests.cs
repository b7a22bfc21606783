using AdaQat.Export;
using AdaQat.Tests.Support;
using FsCheck.Fluent;

namespace AdaQat.Tests.OnnxFusing;

/// <summary>The oracle is the quantizer's formula for every single sum, in exact arithmetic.</summary>
public sealed class ByteRuleSearchTests
{
    [Fact]
    public void Moved_thresholds_are_counted_and_an_exact_rule_has_the_quantizers_code_for_every_sum() =>
        Arbitrary.ForAll(Gen.Choose(0, int.MaxValue - 1), seed =>
        {
            var channel = new Channel(new Random(seed));
            if (channel.Search.Exact(channel.Spread) is { } exact)
            {
                channel.Wrong(exact).Should().Be(0);
                exact.Moved.Should().Be(0);
                exact.Room.Should().BeInRange(0, 0.5);
            }

            var nearest = channel.Search.Nearest(channel.Spread);
            channel.Wrong(nearest).Should().Be(nearest.Moved, "each moved threshold gives one sum the neighbouring code");
            nearest.Moved.Should().BeLessThanOrEqualTo(channel.Wrong(channel.Rounded));
        });

    [Fact]
    public void Nearly_every_channel_of_four_bits_has_an_exact_rule_where_rounding_moves_a_threshold_in_one_of_six()
    {
        var random = new Random(1);
        var channels = Enumerable.Range(0, 400).Select(_ => new Channel(random, bits: 4, spread: 15)).ToList();

        channels.Count(channel => channel.Search.Exact(15) is not null).Should().BeGreaterThan(390);
        channels.Count(channel => channel.Wrong(channel.Rounded) > 0).Should().BeGreaterThan(60);
    }

    [Fact]
    public void Where_no_rule_is_exact_the_nearest_moves_fewer_thresholds_than_rounding()
    {
        var random = new Random(2);
        var channels = Enumerable.Range(0, 100).Select(_ => new Channel(random, bits: 6, spread: 1)).Where(
            channel => channel.Search.Exact(1) is null).ToList();

        channels.Should().HaveCountGreaterThan(50);
        channels.Sum(channel => channel.Search.Nearest(1).Moved).Should()
            .BeLessThan(channels.Sum(channel => channel.Wrong(channel.Rounded)) / 2);
    }

    [Fact]
    public void A_rule_stands_in_the_middle_of_its_room()
    {
        // Codes change at 0.5 · 10 − 0.4 and so on: between 4 and 5, 14 and 15, 24 and 25. 0.5 is the most.
        var map = new ChannelMap(Rational.Of(0.5), Rational.Of(0.2));
        var table = ThresholdTable.Of(map, new(5, 0, 0, 3), -100, 100);

        var rule = new ByteRuleSearch(table, new(0.25f, 5), 1, 2, 0.4).Exact(spread: 10)!;

        rule.Bias.Should().Be(5);
        rule.Room.Should().BeInRange(0.48, 0.5);
        rule.WeightScale.Should().BeApproximately(0.2f, 0.001f);
    }

    [Fact]
    public void Factors_are_computed_in_32_bits_step_by_step()
    {
        var rounding = new ByteRounding(0.1f, 0.3f);

        rounding.Factor(0.7f).Should().Be((float)((double)(float)((double)0.1f * 0.7f) / 0.3f));
        ByteRounding.Round((1 << 24) + 1, 1).Should().Be(1 << 24);
        new[] { 1, 3, 5, -1 }.Select(sum => ByteRounding.Round(sum, 0.5f)).Should().Equal(0, 2, 2, 0);
    }

    /// <summary>A channel as layers have them: thousands of sums, codes at most as dense as they, a bias anywhere.</summary>
    private sealed class Channel
    {
        private readonly ChannelMap _map;
        private readonly CodeGrid _grid;
        private readonly ByteRounding _rounding;
        private readonly double _weightScale;
        private readonly double _bias;
        private readonly int _min;
        private readonly int _max;

        public Channel(Random random, int? bits = null, int? spread = null)
        {
            var codes = 1L << (bits ?? random.Next(1, 9));
            Spread = spread ?? random.Next(1, 32);
            var lowest = bits is not null || random.Next(2) == 0 ? 0 : -codes / 2;
            (_min, _max) = (-random.Next(100, 1500), random.Next(100, 1500));
            _rounding = new((float)(0.01 + random.NextDouble()), (float)(0.01 + random.NextDouble()));
            _grid = new(_rounding.OutputScale, bits is null && random.Next(3) == 0 ? 3 : 0, lowest, lowest + codes - 1);

            // How many sums a code has, and ties where it is a power of two.
            var apart = random.Next(4) == 0 && bits is null ? 8 : (1 + random.NextDouble()) * Math.Max(2, (_max - _min) / (2.0 * codes));
            _weightScale = _grid.Scale / apart / _rounding.InputScale;
            var slope = Rational.Of(_weightScale) * Rational.Of(_rounding.InputScale);
            var shift = _grid.Scale * (lowest + ((random.NextDouble() - 0.3) * codes));
            _map = new(slope, Rational.Of(shift));
            _bias = shift / slope.ToDouble();
            Search = new(ThresholdTable.Of(_map, _grid, _min, _max), _rounding, lowest + (long)_grid.Offset + 1, _weightScale, _bias);
        }

        public int Spread { get; }

        public ByteRuleSearch Search { get; }

        /// <summary>The channel's own numbers, the bias rounded.</summary>
        public ByteRule Rounded => new((float)(_weightScale / Spread), (long)Math.Round(_bias * Spread), 0, 0);

        /// <summary>How many sums have another code.</summary>
        public int Wrong(ByteRule rule)
        {
            var factor = _rounding.Factor(rule.WeightScale);
            return Enumerable.Range(_min, _max - _min + 1).Count(sum => _grid.CodeOf(_map.Of(sum)) != Math.Clamp(
                ByteRounding.Round((Spread * sum) + rule.Bias, factor) - _grid.Offset - _grid.Lowest, 0, _grid.MaxCode));
        }
    }
}
