using AdaQat.Allocation;

namespace AdaQat.Tests.Allocation;

/// <summary>The least of loss + price·cost against all allocations.</summary>
public sealed class EliminationTests
{
    [Fact]
    public void It_finds_the_least_at_any_price_on_trees_and_on_cycles()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var problem = Problems.Small(seed);
            var menu = new Menu(problem.Widths);
            var cost = Problems.Additive(menu, problem);
            var elimination = Elimination.Plan(menu, cost, 1_000_000)!;
            foreach (var price in new[] { 0, 1e-5, 1e-3, 0.1 })
            {
                var value = elimination.Solve(price);
                var at = elimination.Minimiser();

                value.Should().BeApproximately(LeastLagrangian(menu, cost, price), 1e-9 * (1 + Math.Abs(value)));
                (menu.Loss(at) + (price * cost.Total(at))).Should().BeApproximately(value, 1e-9 * (1 + Math.Abs(value)));
            }
        }
    }

    [Fact]
    public void A_tree_needs_small_tables_and_what_needs_large_ones_has_no_plan()
    {
        var chain = Problems.Layers(40, 1, isShared: true);
        var menu = new Menu(chain.Widths);
        var star = new AdditiveCost(menu, Problems.Products(1, 50), 0);
        var all = new AdditiveCost(menu, Problems.Products(50, 50), 0);

        Elimination.Plan(menu, star, 49 * 50).Should().NotBeNull();
        Elimination.Plan(menu, star, 49 * 40).Should().BeNull();
        Elimination.Plan(menu, all, 1_000_000).Should().BeNull();
    }

    private static double LeastLagrangian(Menu menu, AdditiveCost cost, double price)
    {
        var (at, least) = (menu.Lowest(), double.PositiveInfinity);
        while (true)
        {
            least = Math.Min(least, menu.Loss(at) + (price * cost.Total(at)));
            var i = Array.FindIndex(at.Select((option, j) => option < menu.Last(j)).ToArray(), mayGrow => mayGrow);
            if (i < 0)
            {
                return least;
            }

            at[i]++;
            Array.Clear(at, 0, i);
        }
    }
}
