using AdaQat.Allocation;

namespace AdaQat.Tests.Allocation;

/// <summary>The search by itself, which knows nothing of how a cost is made up.</summary>
public sealed class BoxSearchTests
{
    [Fact]
    public void From_the_least_bits_alone_it_finds_the_least_loss() => Problems.ForAll(Problems.SmallBlackBox, problem =>
    {
        var menu = new Menu(problem.Widths);
        var cost = new BlackBoxCost(menu, problem.Cost);
        var incumbent = new Incumbent(menu, cost, problem.Budget);

        var bound = new BoxSearch(menu, cost, incumbent, problem.Budget).Run(1_000_000);

        incumbent.Loss.Should().BeApproximately(BruteForce.LeastLoss(problem), 1e-9);
        bound.Should().Be(incumbent.Loss);
    });

    [Fact]
    public void Beside_a_good_allocation_it_looks_at_few_of_all()
    {
        var problem = Problems.Layers(5, 3, share: 0.6);
        var menu = new Menu(problem.Widths);
        var cost = new BlackBoxCost(menu, problem.Cost);
        var incumbent = new Incumbent(menu, cost, problem.Budget);
        incumbent.Offer(new Greedy(menu, cost, problem.Budget, 100_000).From(menu.Best()));
        var before = cost.Evaluations;

        new BoxSearch(menu, cost, incumbent, problem.Budget).Run(1_000_000).Should().Be(incumbent.Loss);

        // Of 7^10: what fits nowhere goes, and what shows no gain.
        (cost.Evaluations - before).Should().BeLessThan(1_000);
    }
}
