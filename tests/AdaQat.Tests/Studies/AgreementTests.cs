using AdaQat.Studies.ProbeError;

namespace AdaQat.Tests.Studies;

public sealed class AgreementTests
{
    [Fact]
    public void Differences_found_exactly_agree_in_full()
    {
        Agreement.Of([(-1, -1), (2, 2), (0.5, 0.5)]).Should().Be(new Agreement(3, 1, 0, 0));
    }

    [Fact]
    public void A_scaled_answer_correlates_in_full_and_is_off_by_its_scale()
    {
        var agreement = Agreement.Of([(-2, -1), (4, 2), (-6, -3)]);

        agreement.Correlation.Should().BeApproximately(1, 1e-12);
        agreement.RelativeError.Should().BeApproximately(1, 1e-12);
        agreement.RelativeBias.Should().BeApproximately(-1.0 / 3, 1e-12, "the mean is −4/3 for −2/3, over a mean magnitude of 2");
    }

    [Fact]
    public void Means_are_compared_by_width_and_single_steps_one_by_one()
    {
        Observation[] observations =
        [
            new(1, "a", true, Full: 1, Raw: 2, Corrected: 1, Held: null), new(1, "b", true, Full: 4, Raw: 4, Corrected: 4, Held: 4),
            new(2, "a", true, Full: 3, Raw: 2, Corrected: 3, Held: null), new(2, "b", true, Full: 4, Raw: 4, Corrected: 4, Held: 4),
        ];

        var comparisons = Comparison.All(observations);

        comparisons.Select(c => (c.Kind, c.Method)).Should().Equal(
            ("weights", "estimate as it is"), ("weights", "estimate corrected"), ("weights", "round-robin, held"));
        comparisons[0].OfMeans.RelativeError.Should().Be(0);
        comparisons[0].OfSteps.RelativeError.Should().BeApproximately(Math.Sqrt(2 / 42.0), 1e-12);
        comparisons[2].OfMeans.Widths.Should().Be(1, "the other was never measured");
    }
}
