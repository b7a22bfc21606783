using System.Diagnostics;
using AdaQat.Allocation;
using AdaQat.Quantizers.Kernels;
using Xunit.Abstractions;

namespace AdaQat.Tests.Allocation;

/// <summary>Problems with more allocations than can be counted.</summary>
public sealed class LargeAllocationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(5, false, 0.3)]
    [InlineData(25, false, 0.3)]
    [InlineData(53, false, 0.05)]
    [InlineData(53, false, 0.3)]
    [InlineData(53, false, 0.8)]
    [InlineData(53, true, 0.3)]
    public void The_gap_to_the_bound_is_below_one_percent_for_blocks(int layers, bool isShared, double share)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var problem = Problems.Layers(layers, seed, isShared, share);

            var found = Solve(problem);

            found.Cost.Should().BeLessThanOrEqualTo(problem.Budget);
            (found.Loss - found.LossBound).Should().BeInRange(0, 0.01 * found.LossBound);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(25)]
    [InlineData(53)]
    public void A_black_box_gets_nearly_what_blocks_get_and_a_bound_that_holds(int layers)
    {
        var problem = Problems.Layers(layers, 1);

        var (found, known) = (Solve(problem with { Blocks = null }), BitAllocator.Solve(problem));

        found.Cost.Should().BeLessThanOrEqualTo(problem.Budget);
        found.LossBound.Should().BePositive().And.BeLessThanOrEqualTo(known.Loss);
        found.Loss.Should().BeInRange(known.LossBound, 1.03 * known.Loss);
    }

    [Fact]
    public void It_is_never_worse_than_the_greedy_rule_alone()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var problem = Problems.Layers(12, seed, seed % 2 == 0, 0.1 + (0.7 * seed / 60));
            var greedy = PlainGreedy.Loss(problem) * (1 + 1e-12);

            BitAllocator.Solve(problem, 1).Loss.Should().BeLessThanOrEqualTo(greedy);
            BitAllocator.Solve(problem with { Blocks = null }, 1).Loss.Should().BeLessThanOrEqualTo(greedy);
        }
    }

    [Fact]
    public void Nothing_is_evaluated_without_end()
    {
        var evaluations = 0;
        var problem = Problems.Layers(20, 1);
        BitAllocator.Solve(problem with { Blocks = null, Cost = Counted(problem.Cost) }, 10_000);

        // The greedy rule and the search have about the limit each.
        evaluations.Should().BeLessThan(25_000);

        Func<IReadOnlyList<int>, double> Counted(Func<IReadOnlyList<int>, double> cost) => bits =>
        {
            evaluations++;
            return cost(bits);
        };
    }

    [Fact]
    public void One_pair_for_the_whole_network_is_solved_exactly_however_many_layers_there_are()
    {
        var layers = Problems.Layers(53, 1);
        var problem = layers with
        {
            Widths = [layers.Widths[0], layers.Widths[1]],
            Cost = bits => layers.Cost([.. Enumerable.Repeat(bits[0], 53), .. Enumerable.Repeat(bits[1], 53)]),
            Blocks = layers.Blocks!.Select(b => b with { First = 0, Second = 1 }).ToArray()
        };

        var found = BitAllocator.Solve(problem);

        found.IsExact.Should().BeTrue();
        found.Loss.Should().Be(BruteForce.LeastLoss(problem));
    }

    [Fact]
    public void Where_every_two_widths_share_a_block_it_falls_back_to_the_black_box()
    {
        var widths = Problems.Layers(12, 1).Widths;
        var blocks = Problems.Products(widths.Count, widths.Count);
        var problem = new AllocationProblem { Widths = widths, Cost = bits => blocks.Sum(b => b.At(bits)), Blocks = blocks, Budget = 5000 };

        var (found, blackBox) = (BitAllocator.Solve(problem, 20_000), BitAllocator.Solve(problem with { Blocks = null }, 20_000));

        found.Should().BeEquivalentTo(blackBox, options => options.WithStrictOrdering());
    }

    private BitAllocation Solve(AllocationProblem problem)
    {
        var watch = Stopwatch.StartNew();
        var found = BitAllocator.Solve(problem);
        output.WriteLine($"{problem.Widths.Count} widths, {(problem.Blocks is null ? "black box" : "blocks")}: loss {found.Loss:G6}, "
            + $"gap {(found.Loss - found.LossBound) / found.LossBound:P4}, {watch.ElapsedMilliseconds} ms");
        return found;
    }
}
