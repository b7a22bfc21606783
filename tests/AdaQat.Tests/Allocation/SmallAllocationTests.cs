using AdaQat.Allocation;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Tests.Allocation;

/// <summary>Small problems against all allocations that they have.</summary>
public sealed class SmallAllocationTests
{
    /// <summary>Sums in another order differ in their last digits.</summary>
    private const double Rounding = 1e-9;

    [Fact]
    public void A_cost_of_blocks_is_solved_exactly() => Problems.ForAll(Problems.Small, IsExact);

    [Fact]
    public void The_same_cost_as_a_black_box_is_solved_exactly() => Problems.ForAll(s => Problems.Small(s) with { Blocks = null }, IsExact);

    [Fact]
    public void A_cost_that_is_no_sum_is_solved_exactly() => Problems.ForAll(Problems.SmallBlackBox, IsExact);

    [Fact]
    public void With_hardly_any_work_allowed_the_budget_and_the_bound_still_hold() => Problems.ForAll(Problems.Small, p => IsValid(p, 1));

    [Fact]
    public void With_hardly_any_work_allowed_they_hold_for_a_black_box_too() => Problems.ForAll(Problems.SmallBlackBox, p => IsValid(p, 1));

    [Fact]
    public void With_some_work_allowed_they_hold_for_both() => Problems.ForAll(Problems.Small, problem =>
    {
        IsValid(problem, 60);
        IsValid(problem with { Blocks = null }, 60);
    });

    [Theory]
    [InlineData(1 - 1e-13)]
    [InlineData(1 + 1e-13)]
    public void Where_sums_round_otherwise_than_the_cost_the_cost_decides(double rounding) => Problems.ForAll(Problems.Small, p =>
    {
        var problem = p with { Cost = bits => p.Cost(bits) * rounding };

        // Budgets that some allocation meets exactly, so that it is within for one of the two and beyond for the other.
        foreach (var step in new[] { 1, 2, 3 })
        {
            var bits = problem.Widths.Select(w => w.Bits[^Math.Min(step, w.Bits.Count)]).ToArray();
            IsExact(problem with { Budget = problem.Cost(bits) });
            IsValid(problem with { Budget = Math.Max(p.Cost(bits), problem.Cost(problem.Widths.Select(w => w.Bits[0]).ToArray())) }, 1000);
        }
    });

    [Fact]
    public void Blocks_may_leave_out_what_is_less_than_rounding()
    {
        var options = new WidthOptions([2, 3], [2, 1]);

        IsExact(new AllocationProblem
        {
            Widths = [options, options],
            Cost = bits => 10 + (1e-13 * bits.Sum()),
            Blocks = [],
            Budget = 10 + 5e-13
        });
    }

    [Fact]
    public void It_is_not_called_exact_where_there_may_be_better()
    {
        new BitAllocation([2], 1, 1, 1 - 1e-12, true).IsExact.Should().BeTrue();
        new BitAllocation([2], -1, 1, -1 - 1e-12, true).IsExact.Should().BeTrue();
        new BitAllocation([2], 1, 1, 0.9999, true).IsExact.Should().BeFalse();
    }

    [Fact]
    public void Below_the_least_cost_all_widths_have_their_smallest_bits_and_it_says_so() => Problems.ForAll(Problems.Small, problem =>
    {
        var smallest = problem.Widths.Select(w => w.Bits[0]).ToArray();
        var found = BitAllocator.Solve(problem with { Budget = problem.Cost(smallest) - 1 });

        found.IsMet.Should().BeFalse();
        found.Bits.Should().Equal(smallest);
        found.Cost.Should().Be(problem.Cost(smallest));
    });

    [Fact]
    public void At_the_least_cost_the_budget_is_met() => Problems.ForAll(Problems.Small, problem =>
    {
        var least = problem.Cost(problem.Widths.Select(w => w.Bits[0]).ToArray());

        IsExact(problem with { Budget = least });
        IsExact(problem with { Budget = least, Blocks = null });
    });

    [Fact]
    public void Above_the_most_cost_each_width_has_its_best_loss_with_the_fewest_bits() => Problems.ForAll(Problems.Small, problem =>
    {
        var best = problem.Widths.Select(w => w.Bits[w.Losses.ToList().IndexOf(w.Losses.Min())]).ToArray();
        foreach (var budget in new[] { problem.Cost(problem.Widths.Select(w => w.Bits[^1]).ToArray()), double.PositiveInfinity })
        {
            var found = BitAllocator.Solve(problem with { Budget = budget });

            found.Bits.Should().Equal(best);
            found.IsExact.Should().BeTrue();
        }
    });

    [Fact]
    public void The_same_problem_has_the_same_result() => Problems.ForAll(Problems.Small, problem =>
    {
        foreach (var given in new[] { problem, problem with { Blocks = null } })
        {
            BitAllocator.Solve(given).Should().BeEquivalentTo(BitAllocator.Solve(given), options => options.WithStrictOrdering());
        }
    });

    [Fact]
    public void Without_any_width_there_is_nothing_to_lose()
    {
        var found = BitAllocator.Solve(new AllocationProblem { Widths = [], Cost = _ => 3, Blocks = [], Budget = 3 });

        found.Should().BeEquivalentTo(new { Loss = 0.0, Cost = 3.0, LossBound = 0.0, IsMet = true });
    }

    private static void IsExact(AllocationProblem problem)
    {
        var (found, optimum) = (IsValid(problem, BitAllocator.DefaultWorkLimit), BruteForce.LeastLoss(problem));

        found.Loss.Should().BeApproximately(optimum, Rounding);
        found.LossBound.Should().BeApproximately(optimum, Rounding);
        found.IsExact.Should().BeTrue();
    }

    private static BitAllocation IsValid(AllocationProblem problem, int workLimit)
    {
        var found = BitAllocator.Solve(problem, workLimit);

        found.IsMet.Should().BeTrue();
        found.Cost.Should().Be(problem.Cost(found.Bits)).And.BeLessThanOrEqualTo(problem.Budget);
        found.Loss.Should().BeApproximately(BruteForce.Loss(problem, found.Bits), Rounding);
        found.LossBound.Should().BeLessThanOrEqualTo(BruteForce.LeastLoss(problem) + Rounding);
        return found;
    }
}
