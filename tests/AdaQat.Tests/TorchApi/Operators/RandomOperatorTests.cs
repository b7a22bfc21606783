using static TorchSharp.torch;

namespace AdaQat.Tests.TorchApi.Operators;

public sealed class RandomOperatorTests
{
    [Fact]
    public void Uniform_numbers_fill_their_range()
    {
        using var scope = NewDisposeScope();
        var numbers = zeros(10_000).uniform_(-1, 3, new Generator(1));
        numbers.min().item<float>().Should().BeInRange(-1, -0.98f);
        numbers.max().item<float>().Should().BeInRange(2.98f, 3);
        numbers.mean().item<float>().Should().BeApproximately(1, 0.05f);
    }

    [Fact]
    public void Normal_numbers_have_their_mean_and_spread()
    {
        using var scope = NewDisposeScope();
        var numbers = zeros(10_000, dtype: ScalarType.Float64).normal_(2, 0.5, new Generator(1));
        numbers.mean().item<double>().Should().BeApproximately(2, 0.03);
        numbers.std().item<double>().Should().BeApproximately(0.5, 0.02);
    }

    [Fact]
    public void Whole_random_numbers_stay_below_their_limit()
    {
        using var scope = NewDisposeScope();
        var numbers = zeros(1000, dtype: ScalarType.Int64).random_(3, 6, new Generator(1));
        numbers.unique().Item1.data<long>().ToArray().Should().Equal(3, 4, 5);
    }

    [Fact]
    public void Bernoulli_and_multinomial_draws_follow_their_probabilities()
    {
        using var scope = NewDisposeScope();
        zeros(10_000).bernoulli_(0.3, new Generator(1)).mean().item<float>().Should().BeApproximately(0.3f, 0.02f);
        (ones(10_000) * 0.7).bernoulli(new Generator(1)).mean().item<float>().Should().BeApproximately(0.7f, 0.02f);
        var drawn = tensor(new[] { 0f, 1f, 3f }).multinomial(10_000, true, new Generator(1));
        var counts = bincount(drawn, minlength: 3).data<long>().ToArray();
        counts[0].Should().Be(0);
        (counts[2] / (double)counts[1]).Should().BeApproximately(3, 0.2);
    }

    [Fact]
    public void A_generator_with_the_same_seed_gives_the_same_numbers()
    {
        using var scope = NewDisposeScope();
        var first = zeros(50).normal_(generator: new Generator(7));
        var second = zeros(50).normal_(generator: new Generator(7));
        var other = zeros(50).normal_(generator: new Generator(8));
        first.Equals(second).Should().BeTrue();
        first.Equals(other).Should().BeFalse();
    }

    [Fact]
    public void Dropout_scales_what_it_keeps_and_does_nothing_in_evaluation()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var input = ones(100, 100);
        var dropped = nn.functional.dropout(input, 0.2);
        var kept = (dropped != 0).to_type(ScalarType.Float32).mean().item<float>();
        kept.Should().BeApproximately(0.8f, 0.03f);
        dropped.max().item<float>().Should().BeApproximately(1.25f, 1e-6f);
        nn.functional.dropout(input, 0.2, training: false).Equals(input).Should().BeTrue();
    }

    [Fact]
    public void Channel_dropout_drops_whole_channels()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var means = nn.functional.dropout2d(ones(20, 30, 2, 2)).mean([2L, 3L]);
        means.unique().Item1.data<float>().ToArray().Should().Equal(0, 2);
    }
}
