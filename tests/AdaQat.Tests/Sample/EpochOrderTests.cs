using ResNet20Cifar.Data.Batching;

namespace AdaQat.Tests.Sample;

public sealed class EpochOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1000)]
    public void Every_image_is_visited_once(int count)
    {
        EpochOrder.Of(1, 3, count).Order().Should().Equal(Enumerable.Range(0, count));
    }

    [Fact]
    public void Same_seed_and_epoch_give_the_same_order()
    {
        EpochOrder.Of(1, 3, 500).Should().Equal(EpochOrder.Of(1, 3, 500));
    }

    [Fact]
    public void Seeds_and_epochs_have_orders_of_their_own()
    {
        EpochOrder.Of(1, 3, 500).Should().NotEqual(EpochOrder.Of(2, 3, 500)).And.NotEqual(EpochOrder.Of(1, 4, 500));
    }

    [Fact]
    public void Every_place_is_as_likely_for_every_image()
    {
        var firsts = Enumerable.Range(0, 6000).Select(epoch => EpochOrder.Of(9, epoch, 6)[0]).GroupBy(image => image);

        firsts.Should().HaveCount(6).And.OnlyContain(group => group.Count() > 880 && group.Count() < 1120);
    }
}
