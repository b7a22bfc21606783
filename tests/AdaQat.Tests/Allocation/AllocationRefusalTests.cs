using AdaQat.Allocation;
using AdaQat.Quantizers.Kernels;

namespace AdaQat.Tests.Allocation;

/// <summary>Problems that are not well-formed are refused, with the place and the number.</summary>
public sealed class AllocationRefusalTests
{
    private static readonly AllocationProblem Good = new()
    {
        Widths = [new([2, 4], [3, 1]), new([2, 3, 8], [5, 2, 1]), new([4], [0])],
        Cost = bits => 10 + (bits[0] * bits[1]) + bits[2],
        Blocks = [new(0, 1, (w, a) => w * a), CostBlock.OfOne(2, w => w)],
        Budget = 40
    };

    [Fact]
    public void The_one_that_the_others_are_made_from_is_solved()
    {
        BitAllocator.Solve(Good).Bits.Should().Equal(4, 3, 4);
        BitAllocator.Solve(Good with { Blocks = null }).Bits.Should().Equal(4, 3, 4);
    }

    [Fact]
    public void Options_must_be_there_in_order_and_each_with_a_finite_loss()
    {
        Refuses(new([], []), "*width 1*no bits*");
        Refuses(new([2, 3], [1]), "*width 1*2 bits and 1 losses*");
        Refuses(new([2, 3], [1, double.NaN]), "*width 1*finite*");
        Refuses(new([2, 3], [double.PositiveInfinity, 1]), "*width 1*finite*");
        Refuses(new([3, 2], [1, 1]), "*width 1*ascend*");
        Refuses(new([3, 3], [1, 1]), "*width 1*ascend*");
        Refuses(null!, "*width 1*null*");

        static void Refuses(WidthOptions options, string message) =>
            AllocationRefusalTests.Refuses(Good with { Widths = [Good.Widths[0], options, Good.Widths[2]], Blocks = null }, message);
    }

    [Fact]
    public void The_budget_and_every_cost_must_be_a_number()
    {
        Refuses(Good with { Budget = double.NaN }, "*budget*NaN*");
        Refuses(Good with { Blocks = null, Cost = _ => double.NaN }, "*cost*2, 2, 4*NaN*");
        Refuses(Good with { Blocks = null, Cost = bits => bits[1] == 8 ? double.NaN : Good.Cost(bits) }, "*cost*2, 8, 4*NaN*");
        Refuses(Good with { Blocks = [new(0, 1, (_, _) => double.NaN)] }, "*blocks*");
        Refuses(Good with { Blocks = [new(0, 1, (w, a) => w == 4 && a == 2 ? double.NaN : w * a)] }, "*block*");
    }

    [Fact]
    public void Blocks_that_contradict_the_cost_are_refused()
    {
        Refuses(Good with { Blocks = [] }, "*contradict*");
        Refuses(Good with { Blocks = [new(0, 1, (w, a) => w + a)] }, "*contradict*");
        Refuses(Good with { Blocks = [new(0, 1, (w, a) => (w * a) + (1e-6 * w))] }, "*contradict*");
        Refuses(Good with { Blocks = [.. Good.Blocks!, CostBlock.OfOne(1, b => b == 3 ? 1 : 0)] }, "*contradict*");
    }

    [Fact]
    public void A_constant_need_not_be_in_a_block() =>
        BitAllocator.Solve(Good with { Blocks = [new(0, 1, (w, a) => w * a)] }).IsExact.Should().BeTrue();

    [Fact]
    public void Blocks_must_have_a_cost_and_name_widths_that_are_there()
    {
        Refuses(Good with { Blocks = [new(0, 3, (_, _) => 0)] }, "*widths 0 and 3*3*");
        Refuses(Good with { Blocks = [new(-1, 0, (_, _) => 0)] }, "*widths -1 and 0*");
        Refuses(Good with { Blocks = [new(0, 1, null!)] }, "*block*");
        Refuses(Good with { Blocks = [null!] }, "*block*");
    }

    [Fact]
    public void Nothing_may_be_missing()
    {
        Refuses(null!, "*problem*");
        Refuses(Good with { Widths = null! }, "*Widths*");
        Refuses(Good with { Cost = null! }, "*Cost*");
        Refuses(Good with { Widths = [new(null!, [1])] }, "*width 0*");
        Refuses(Good with { Widths = [new([2], null!)] }, "*width 0*");
    }

    private static void Refuses(AllocationProblem problem, string message) =>
        new Action(() => BitAllocator.Solve(problem)).Should().Throw<ArgumentException>().WithMessage(message);
}
