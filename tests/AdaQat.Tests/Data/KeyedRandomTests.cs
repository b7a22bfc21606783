using AdaQat.Training;

namespace AdaQat.Tests.Data;

public sealed class KeyedRandomTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void A_permutation_has_every_number_once(int count)
    {
        Order(1, 3, count).Order().Should().Equal(Enumerable.Range(0, count));
    }

    [Fact]
    public void Same_keys_give_the_same_order()
    {
        Order(1, 3, 500).Should().Equal(Order(1, 3, 500));
    }

    [Fact]
    public void Other_keys_give_another_order()
    {
        Order(1, 3, 500).Should().NotEqual(Order(2, 3, 500)).And.NotEqual(Order(1, 4, 500));
    }

    [Fact]
    public void Every_place_is_as_likely_for_every_number()
    {
        var firsts = Enumerable.Range(0, 6000).Select(epoch => Order(9, epoch, 6)[0]).GroupBy(image => image);

        firsts.Should().HaveCount(6).And.OnlyContain(group => group.Count() > 880 && group.Count() < 1120);
    }

    /// <summary>The published first values of the generator for the state 0: what its constants and shifts must give.</summary>
    [Fact]
    public void Without_keys_it_is_SplitMix64_from_zero()
    {
        var random = new KeyedRandom();

        new[] { random.NextUInt64(), random.NextUInt64(), random.NextUInt64() }
            .Should().Equal(0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F);
    }

    [Fact]
    public void Numbers_stay_in_their_range()
    {
        var random = new KeyedRandom(4);
        for (var index = 0; index < 10_000; index++)
        {
            random.NextInt32(7).Should().BeInRange(0, 6);
            random.NextSingle().Should().BeInRange(0, 0.99999994f);
            random.NextSingle(-2, 3).Should().BeInRange(-2, 3);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void A_bound_that_leaves_no_number_is_refused(int bound)
    {
        var draw = () => new KeyedRandom(1).NextInt32(bound);

        draw.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static int[] Order(long seed, int epoch, int count) => new KeyedRandom(1, seed, epoch).Permutation(count);
}
