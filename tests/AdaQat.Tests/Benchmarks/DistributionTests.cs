using AdaQat.Benchmarks.Measuring;

namespace AdaQat.Tests.Benchmarks;

public sealed class DistributionTests
{
    [Fact]
    public void The_median_of_an_odd_number_of_values_is_the_middle_one() =>
        Distribution.Of([9, 1, 5, 3, 7]).Should().Be(new Distribution(5, 3, 7));

    [Fact]
    public void The_median_of_an_even_number_of_values_is_between_the_middle_two() =>
        Distribution.Of([4, 1, 3, 2]).Should().Be(new Distribution(2.5, 1.75, 3.25));

    [Fact]
    public void One_value_is_its_own_spread() => Distribution.Of([2]).Should().Be(new Distribution(2, 2, 2));

    [Fact]
    public void An_outlier_does_not_count() => Distribution.Of([1, 1, 1, 1, 1000]).Should().Be(new Distribution(1, 1, 1));

    [Fact]
    public void Ratios_are_of_the_same_round()
    {
        double[] slowInTheMiddle = [1, 10, 1];

        Distribution.OfRatios([2, 20, 2], slowInTheMiddle).Should().Be(new Distribution(2, 2, 2));
    }

    [Fact]
    public void No_values_and_series_of_different_length_are_refused()
    {
        FluentActions.Invoking(() => Distribution.Of([])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => Distribution.OfRatios([1, 2], [1])).Should().Throw<ArgumentException>()
            .WithMessage("2 values*against 1*");
    }
}
