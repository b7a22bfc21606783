using AdaQat.Allocation;

namespace AdaQat.Tests.Allocation;

/// <summary>The greedy rule with exchanges by itself.</summary>
public sealed class GreedyTests
{
    [Fact]
    public void It_is_within_the_budget_and_no_further_step_fits() => Problems.ForAll(Problems.Small, problem =>
    {
        var menu = new Menu(problem.Widths);
        var cost = new BlackBoxCost(menu, problem.Cost);
        foreach (var start in new[] { menu.Best(), menu.Lowest() })
        {
            var at = new Greedy(menu, cost, problem.Budget, 100_000).From(start);

            var total = cost.Total(at);
            total.Should().BeLessThanOrEqualTo(problem.Budget);
            Enumerable.Range(0, menu.Count)
                .Any(i => at[i] < menu.Last(i) && cost.TotalWith(at, total, i, at[i] + 1) <= problem.Budget)
                .Should().BeFalse();
        }
    });

    [Fact]
    public void Exchanges_never_lose_and_often_gain()
    {
        var better = 0;
        for (var seed = 0; seed < 20; seed++)
        {
            var problem = Problems.Layers(8, seed, seed % 2 == 0, 0.1 + (0.04 * seed));
            var menu = new Menu(problem.Widths);
            var plain = PlainGreedy.Loss(problem);

            var loss = menu.Loss(new Greedy(menu, Problems.Additive(menu, problem), problem.Budget, 100_000).From(menu.Best()));

            loss.Should().BeLessThanOrEqualTo(plain * (1 + 1e-12));
            better += loss < plain * (1 - 1e-6) ? 1 : 0;
        }

        better.Should().BeGreaterThan(4);
    }

    [Fact]
    public void Beyond_the_limit_no_exchange_is_tried()
    {
        var problem = Problems.Layers(8, 3);
        var menu = new Menu(problem.Widths);
        var cost = new BlackBoxCost(menu, problem.Cost);
        new Greedy(menu, cost, problem.Budget, 1).From(menu.Best());

        // 16 widths with 7 options each: fewer than 96 steps down, with 16 trials and one total.
        cost.Evaluations.Should().BeLessThan(96 * 18);
        var few = cost.Evaluations;
        new Greedy(menu, cost, problem.Budget, 100_000).From(menu.Best());
        cost.Evaluations.Should().BeGreaterThan(3 * few);
    }
}
