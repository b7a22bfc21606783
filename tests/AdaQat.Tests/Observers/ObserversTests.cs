using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Observers;

/// <summary>Each kind of observers against NumPy.</summary>
public sealed class ObserversTests
{
    public static TheoryData<string> Kinds => ObserverFixtures.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Min_max_is_from_the_smallest_to_the_largest_value_of_all_batches(string kind)
    {
        var expected = ObserverFixtures.Of(kind);

        Range(new MinMaxObserverOptions(), expected, Quantizer(8)).Should().Be(new ValueRange(expected.Ends[0], expected.Ends[1]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_moving_average_is_the_mean_of_the_batches_ends_or_moves_by_its_constant(string kind)
    {
        var expected = ObserverFixtures.Of(kind);

        ShouldBeNear(Range(new MovingAverageObserverOptions(), expected, Quantizer(8)), expected.Average, 1e-9);
        ShouldBeNear(Range(new MovingAverageObserverOptions { Constant = 0.1 }, expected, Quantizer(8)), expected.Moving, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_percentile_is_numpys_to_a_bin(string kind)
    {
        var expected = ObserverFixtures.Of(kind);
        foreach (var percentile in expected.Percentiles)
        {
            var options = new PercentileObserverOptions { Percentile = percentile.Share };

            var bin = 2 * expected.Extent / options.Bins;
            ShouldBeNear(
                Range(options, expected, Quantizer(8)), [Math.Min(0, percentile.Range[0]), Math.Max(0, percentile.Range[1])], bin);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_mean_squared_error_at_the_range_chosen_is_the_least_that_numpy_finds_among_thousands(string kind)
    {
        using var scope = NewDisposeScope();
        var expected = ObserverFixtures.Of(kind);
        var values = tensor(expected.Values.SelectMany(v => v).ToArray());
        foreach (var error in expected.Errors)
        {
            var quantizer = Quantizer(error.Bits, error.Symmetric, expected.Ends[0] < 0);
            var range = Range(new MeanSquaredErrorObserverOptions(), expected, quantizer);

            quantizer.SetRange(range.Low, range.High);
            var found = (quantizer.call(values) - values).square().mean().item<float>();
            // A symmetric grid without negative values has no use for them; NumPy's always has both signs.
            found.Should().BeLessThan((float)(error.Least * 1.03), "{0} bits, symmetric {1}", error.Bits, error.Symmetric);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_divergence_is_least_where_numpy_finds_it(string kind)
    {
        var expected = ObserverFixtures.Of(kind);
        foreach (var entropy in expected.Entropies)
        {
            ShouldBeNear(Range(new EntropyObserverOptions(), expected, Quantizer(entropy.Bits)), entropy.Range, 1e-6);
        }
    }

    [Fact]
    public void An_outlier_widens_min_max_and_is_cut_off_by_the_others()
    {
        var outlier = ObserverFixtures.Of("outlier");

        Range(new MinMaxObserverOptions(), outlier, Quantizer(4)).High.Should().BeApproximately(40, 1e-6);
        Range(new MovingAverageObserverOptions(), outlier, Quantizer(4)).High.Should().BeLessThan(15);
        Range(new PercentileObserverOptions { Percentile = 0.999 }, outlier, Quantizer(4)).High.Should().BeLessThan(5);
        Range(new MeanSquaredErrorObserverOptions(), outlier, Quantizer(4)).High.Should().BeLessThan(15);
        Range(new EntropyObserverOptions(), outlier, Quantizer(4)).High.Should().BeLessThan(15);
    }

    [Fact]
    public void Fewer_bits_make_the_range_of_least_error_narrower()
    {
        var normal = ObserverFixtures.Of("normal");

        Range(new MeanSquaredErrorObserverOptions(), normal, Quantizer(2, isSymmetric: true)).High
            .Should().BeLessThan(0.8 * Range(new MeanSquaredErrorObserverOptions(), normal, Quantizer(8, isSymmetric: true)).High);
    }

    [Fact]
    public void Choices_outside_what_is_allowed_are_named()
    {
        Validating(new MovingAverageObserverOptions { Constant = 0 }).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Constant is 0; allowed are numbers above 0, up to 1*");
        Validating(new PercentileObserverOptions { Percentile = 0.5 }).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Percentile is 0.5; allowed are numbers above 0.5, up to 1*");
        Validating(new PercentileObserverOptions { Bins = 63 }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("Bins is 63*");
        Validating(new MeanSquaredErrorObserverOptions { Bins = 1 << 17 }).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("Bins is 131072*");
        Validating(new EntropyObserverOptions { Bins = 8193 }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("Bins is 8193*");
    }

    private static Action Validating(ObserverOptions options) => options.Validate;

    private static AffineQuantizer Quantizer(int bits, bool isSymmetric = false, bool isSigned = true) => new(
        BitWidth.Fixed("a", bits), QuantizerTarget.Activation, isSigned,
        new AffineOptions { IsSymmetric = isSymmetric, Range = RangeSource.Static });

    private static ValueRange Range(ObserverOptions options, ObserverFixtures.Case seen, Quantizer quantizer)
    {
        options.Validate();
        var observer = options.Create(new ObserverRequest(quantizer, QuantizerTarget.Activation));
        foreach (var batch in seen.Values)
        {
            observer.Observe(batch);
        }

        return observer.Range();
    }

    private static void ShouldBeNear(ValueRange range, double[] expected, double tolerance)
    {
        range.Low.Should().BeApproximately(expected[0], tolerance);
        range.High.Should().BeApproximately(expected[1], tolerance);
    }
}
