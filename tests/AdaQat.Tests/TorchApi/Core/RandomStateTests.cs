namespace AdaQat.Tests.TorchApi.Core;

/// <summary>Seeds, states and generators.</summary>
public sealed class RandomStateTests
{
    [Fact]
    public void The_same_seed_draws_the_same_numbers()
    {
        torch.manual_seed(42);
        var first = Draw();
        torch.manual_seed(42);
        Draw().Should().Equal(first);
        torch.manual_seed(43);
        Draw().Should().NotEqual(first);
    }

    [Fact]
    public void A_seed_is_reported_as_the_initial_one()
    {
        torch.manual_seed(1234567890123);
        torch.random.initial_seed().Should().Be(1234567890123);
    }

    [Fact]
    public void A_state_put_back_draws_the_same_numbers_again()
    {
        torch.manual_seed(7);
        _ = Draw();
        using var state = torch.random.get_rng_state();
        var after = Draw();
        torch.random.set_rng_state(state);
        Draw().Should().Equal(after);
    }

    [Fact]
    public void A_generator_of_its_own_leaves_the_default_one_alone()
    {
        torch.manual_seed(5);
        var expected = Draw();

        torch.manual_seed(5);
        using var generator = new torch.Generator(99);
        using var own = torch.rand(16, generator: generator);
        Draw().Should().Equal(expected);

        generator.initial_seed().Should().Be(99);
        generator.manual_seed(99);
        torch.rand(16, generator: generator).data<float>().ToArray().Should().Equal(own.data<float>().ToArray());
    }

    [Fact]
    public void A_permutation_holds_every_number_once()
    {
        torch.randperm(100).data<long>().Order().Should().Equal(Enumerable.Range(0, 100).Select(i => (long)i));
    }

    [Fact]
    public void Whole_numbers_are_drawn_from_the_half_open_range()
    {
        var drawn = torch.randint(-2, 3, new long[] { 1000 });
        drawn.dtype.Should().Be(torch.int64);
        drawn.data<long>().Distinct().Order().Should().Equal(-2, -1, 0, 1, 2);
    }

    private static float[] Draw() => torch.randn(16).data<float>().ToArray();
}
