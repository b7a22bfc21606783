using AdaQat.Benchmarks.Measuring;

namespace AdaQat.Tests.Benchmarks;

public sealed class RoundOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void A_round_takes_every_step_once(int count)
    {
        for (var round = 0; round < 20; round++)
        {
            RoundOrder.Of(round, count).Should().BeEquivalentTo(Enumerable.Range(0, count));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    public void Every_step_comes_equally_often_in_every_place(int count)
    {
        var rounds = Enumerable.Range(0, 2 * count).Select(round => RoundOrder.Of(round, count)).ToList();

        for (var place = 0; place < count; place++)
        {
            rounds.Select(order => order[place]).GroupBy(step => step)
                .Should().HaveCount(count).And.OnlyContain(group => group.Count() == 2);
        }
    }

    [Fact]
    public void The_next_round_has_other_neighbours()
    {
        RoundOrder.Of(0, 4).Should().Equal(0, 1, 2, 3);
        RoundOrder.Of(1, 4).Should().Equal(3, 2, 1, 0);
        RoundOrder.Of(2, 4).Should().Equal(1, 2, 3, 0);
    }
}
