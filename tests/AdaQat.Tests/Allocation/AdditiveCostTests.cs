using AdaQat.Allocation;

namespace AdaQat.Tests.Allocation;

/// <summary>The tables against the cost that they are made from.</summary>
public sealed class AdditiveCostTests
{
    [Fact]
    public void It_is_the_cost_everywhere_also_after_a_change() => Problems.ForAll(Problems.Small, problem =>
    {
        var menu = new Menu(problem.Widths);
        var (tables, cost) = (Problems.Additive(menu, problem), new BlackBoxCost(menu, problem.Cost));
        var random = new Random(1);
        for (var i = 0; i < 20; i++)
        {
            int[] at = [.. Enumerable.Range(0, menu.Count).Select(w => random.Next(menu.Size(w)))];
            var width = random.Next(menu.Count);
            var (total, option, kept) = (cost.Total(at), random.Next(menu.Size(width)), (int[])at.Clone());

            tables.Total(at).Should().BeApproximately(total, 1e-11 * total);
            var changed = cost.TotalWith(at, total, width, option);
            tables.TotalWith(at, total, width, option).Should().BeApproximately(changed, 1e-11 * (total + changed));
            at.Should().Equal(kept);
        }
    });

    [Fact]
    public void Blocks_of_the_same_widths_add_up_whichever_is_named_first()
    {
        var menu = new Menu([new([1, 3], [2, 1]), new([2, 5], [2, 1])]);
        CostBlock[] blocks =
        [
            new(0, 1, (a, b) => (10 * a) + b), new(1, 0, (b, a) => (100 * b) + a),
            CostBlock.OfOne(1, b => b * b), CostBlock.OfOne(1, b => b)
        ];
        var cost = new AdditiveCost(menu, blocks, 1000);

        cost.Total([0, 0]).Should().Be(1000);
        cost.Total([1, 0]).Should().Be(1000 + 20 + 2);
        cost.TotalWith([1, 0], 1022, 1, 1).Should().Be(1022 + 3 + 300 + 21 + 3);
    }
}
