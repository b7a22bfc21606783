using AdaQat.Allocation;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Tests.Allocation;

/// <summary>The search by itself, from the least bits and at prices that rule little out: all its own rules must hold.</summary>
public sealed class FrontierSearchTests
{
    private static readonly double[] Prices = [0, 1e-4, 1e-2];

    [Fact]
    public void With_room_for_all_states_it_finds_the_least_loss_at_any_price() => Problems.ForAll(Problems.Small, IsExact);

    [Fact]
    public void It_does_so_on_chains_where_a_decision_weighs_on_the_next() => Problems.ForAll(Problems.Chain, IsExact);

    [Fact]
    public void With_room_for_few_its_bound_holds() => Problems.ForAll(Problems.Small, problem =>
    {
        var optimum = BruteForce.LeastLoss(problem);
        foreach (var limit in new[] { 1, 50, 100 })
        {
            foreach (var price in Prices)
            {
                Run(problem, price, limit).Bound.Should().BeLessThanOrEqualTo(optimum + 1e-9);
            }
        }
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Equal_layers_are_solved_exactly_as_of_states_that_cost_and_lose_the_same_one_is_kept(bool isShared)
    {
        for (var share = 0.05; share < 0.6; share += 0.05)
        {
            BitAllocator.Solve(Problems.EqualLayers(53, isShared, share)).IsExact.Should().BeTrue();
        }
    }

    [Fact]
    public void The_bound_holds_where_rounding_puts_the_best_state_beyond_the_budget_and_it_has_ruled_out_the_next()
    {
        var problem = new AllocationProblem
        {
            Widths = [new([1, 2], [4, 2]), new([1, 2], [4, 1])],
            Cost = bits => bits[0] + bits[1] + (bits[1] == 2 ? 1e-13 : 0),
            Blocks = [CostBlock.OfOne(0, b => b), CostBlock.OfOne(1, b => b)],
            Budget = 3
        };

        // The sums of the blocks are 3 for both (1, 2), which loses 5, and (2, 1), which loses 6.
        Run(problem, 0, 1000).Bound.Should().BeLessThanOrEqualTo(6);
    }

    private static void IsExact(AllocationProblem problem)
    {
        var optimum = BruteForce.LeastLoss(problem);
        foreach (var price in Prices)
        {
            var (bound, found) = Run(problem, price, 10_000_000);

            found.Should().BeApproximately(optimum, 1e-9);
            bound.Should().BeApproximately(optimum, 1e-9);
        }
    }

    private static (double Bound, double Found) Run(AllocationProblem problem, double price, int limit)
    {
        var menu = new Menu(problem.Widths);
        var cost = Problems.Additive(menu, problem);
        var incumbent = new Incumbent(menu, new BlackBoxCost(menu, problem.Cost), problem.Budget);
        var elimination = Elimination.Plan(menu, cost, 1_000_000)!;
        var bound = new FrontierSearch(menu, cost, elimination, incumbent, problem.Budget * (1 + 1e-11)).Run(price, limit);
        return (bound, incumbent.Loss);
    }
}
