using AdaQat.Observers;
using FsCheck;
using FsCheck.Fluent;

namespace AdaQat.Tests.Observers;

/// <summary>A histogram that widens is the one that would have been wide from the start.</summary>
public sealed class ValueHistogramTests
{
    private const int Bins = 64;

    private static readonly Gen<float> Values =
        from exponent in Gen.Choose(-40, 40)
        from mantissa in Gen.Choose(-1000, 1000)
        select mantissa * MathF.ScaleB(1, exponent / 4);

    private static readonly Gen<float[][]> Batches = Gen.Choose(1, 12).SelectMany(n => Values.ArrayOf(n)).ListOf()
        .Where(b => b.Count > 0).Select(b => b.ToArray());

    [Fact]
    public void Batches_and_their_order_make_no_difference()
    {
        Arbitrary.ForAll(Batches, batches =>
        {
            var all = batches.SelectMany(b => b).ToArray();

            foreach (var hasZero in new[] { false, true })
            {
                var once = Of([all], hasZero);
                Of(batches, hasZero).Bins().Should().Equal(once.Bins());
                Of(batches.Reverse(), hasZero).Bins().Should().Equal(once.Bins());
                Of(all.Select(v => new[] { v }), hasZero).Bins().Should().Equal(once.Bins());
            }
        });
    }

    [Fact]
    public void Every_value_is_counted_in_the_bin_that_it_lies_in()
    {
        Arbitrary.ForAll(Batches, batches =>
        {
            var all = batches.SelectMany(b => b).ToArray();
            var histogram = Of(batches, hasZero: false);

            var expected = all.Where(v => v != 0).GroupBy(v => Math.Floor(v / histogram.Width)).OrderBy(g => g.Key)
                .Select(g => ((g.Key + 0.5) * histogram.Width, (long)g.Count()));
            histogram.Bins().Should().Equal(expected);
            histogram.Zeros.Should().Be(all.Count(v => v == 0));
            histogram.Count.Should().Be(all.Length);
            (histogram.Minimum, histogram.Maximum).Should().Be((all.Min(), all.Max()));
            histogram.Magnitudes().Sum().Should().Be(all.Count(v => v != 0));
        });
    }

    [Fact]
    public void More_than_half_of_the_bins_are_used_where_values_differ_enough()
    {
        var histogram = Of([[-1, 0.3f, 2.9f]], hasZero: false);

        (3.9 / histogram.Width).Should().BeInRange(Bins / 2.0, Bins);
    }

    [Fact]
    public void What_is_below_and_above_a_bound_adds_up_and_is_exact_at_the_ends()
    {
        Arbitrary.ForAll(Batches, batches =>
        {
            var histogram = Of(batches, hasZero: false);
            foreach (var bound in batches.SelectMany(b => b).Append(0))
            {
                var (below, above) = (histogram.CountBelow(bound), histogram.CountAbove(bound));
                below.Should().BeInRange(0, histogram.Count);
                above.Should().BeInRange(0, histogram.Count);
                (below + above).Should().BeLessThanOrEqualTo(histogram.Count + 1e-9);
            }

            histogram.CountBelow(histogram.Minimum).Should().Be(0);
            histogram.CountAbove(histogram.Maximum).Should().Be(0);
        });
    }

    [Fact]
    public void Quantiles_rise_from_the_smallest_to_the_largest_value()
    {
        Arbitrary.ForAll(Batches, batches =>
        {
            var histogram = Of(batches, hasZero: false);

            var quantiles = Enumerable.Range(0, 11).Select(i => histogram.Quantile(i / 10.0)).ToList();

            quantiles.Should().BeInAscendingOrder();
            quantiles[^1].Should().Be(histogram.Maximum);
            quantiles[0].Should().Be(histogram.Minimum);
        });
    }

    [Fact]
    public void Very_small_and_very_large_values_are_told_apart()
    {
        var small = Of([[1e-45f, 3e-45f]], hasZero: false);
        var large = Of([[float.MaxValue, float.MinValue, 1]], hasZero: false);

        small.Bins().Sum(b => b.Count).Should().Be(2);
        small.Bins().Should().HaveCount(2);
        large.Bins().Should().HaveCount(3);
    }

    private static ValueHistogram Of(IEnumerable<float[]> batches, bool hasZero)
    {
        var histogram = new ValueHistogram(Bins, hasZero);
        foreach (var batch in batches)
        {
            histogram.Add(batch);
        }

        return histogram;
    }
}
