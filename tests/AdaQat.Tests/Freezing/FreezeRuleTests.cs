using AdaQat.Freezing;

namespace AdaQat.Tests.Freezing;

/// <summary>The oscillation rule and the rest at the minimum, on scripted sequences of integer widths.</summary>
public sealed class FreezeRuleTests
{
    private const int Minimum = 2;

    private readonly FreezeRule _rule = new(BitWidth.Learned("w", 8, Minimum), oscillationThreshold: 10);

    [Fact]
    public void The_eleventh_upward_switch_freezes_at_the_larger_width_and_the_tenth_does_not()
    {
        for (var i = 0; i < 10; i++)
        {
            Observe(4, 5).Should().BeNull();
            Observe(5, 4).Should().BeNull();
        }

        _rule.UpwardSwitches.Should().Equal(new Dictionary<int, int> { [4] = 10 });
        Observe(4, 5).Should().Be((5, FreezeReason.Oscillation));
    }

    [Fact]
    public void Downward_switches_are_not_counted()
    {
        for (var i = 0; i < 100; i++)
        {
            Observe(5, 4).Should().BeNull();
        }

        _rule.UpwardSwitches.Should().BeEmpty();
    }

    [Fact]
    public void Switches_are_counted_apart_for_each_lower_width()
    {
        for (var i = 0; i < 10; i++)
        {
            Observe(4, 5).Should().BeNull();
            Observe(6, 7).Should().BeNull();
            Observe(5, 6).Should().BeNull();
        }

        Observe(6, 7).Should().Be((7, FreezeReason.Oscillation));
    }

    [Fact]
    public void Counts_are_cumulative_whatever_lies_in_between()
    {
        for (var i = 0; i < 10; i++)
        {
            Observe(4, 5);
            for (var width = 5; width > 3; width--)
            {
                Observe(width, width - 1);
            }

            for (var still = 0; still < 50; still++)
            {
                Observe(3, 3).Should().BeNull();
            }
        }

        Observe(4, 5).Should().Be((5, FreezeReason.Oscillation));
    }

    [Fact]
    public void A_jump_over_two_integers_counts_at_both()
    {
        Observe(3, 5).Should().BeNull();

        _rule.UpwardSwitches.Should().Equal(new Dictionary<int, int> { [3] = 1, [4] = 1 });
    }

    [Fact]
    public void A_jump_freezes_at_the_boundary_whose_count_is_exceeded()
    {
        for (var i = 0; i < 10; i++)
        {
            Observe(3, 4);
        }

        Observe(3, 6).Should().Be((4, FreezeReason.Oscillation));
    }

    [Fact]
    public void Five_hundred_probes_at_the_minimum_freeze_there_and_one_less_does_not()
    {
        Observe(3, 2).Should().BeNull();
        Rest(499);
        Observe(2, 2).Should().Be((Minimum, FreezeReason.RestAtMinimum));
    }

    [Fact]
    public void A_rest_that_is_interrupted_starts_anew()
    {
        Rest(499);
        Observe(2, 3).Should().BeNull();
        Observe(3, 2).Should().BeNull();
        Rest(499);
        Observe(2, 2).Should().Be((Minimum, FreezeReason.RestAtMinimum));
    }

    [Fact]
    public void A_rest_elsewhere_is_no_reason_to_freeze()
    {
        for (var i = 0; i < 2000; i++)
        {
            Observe(3, 3).Should().BeNull();
        }
    }

    [Fact]
    public void Leaving_the_minimum_up_and_down_again_is_an_oscillation_like_any_other()
    {
        for (var i = 0; i < 10; i++)
        {
            Observe(2, 3).Should().BeNull();
            Observe(3, 2).Should().BeNull();
        }

        Observe(2, 3).Should().Be((3, FreezeReason.Oscillation));
    }

    private void Rest(int probes)
    {
        for (var i = 0; i < probes; i++)
        {
            Observe(Minimum, Minimum).Should().BeNull();
        }
    }

    [Fact]
    public void Where_not_every_width_is_allowed_a_switch_is_one_to_the_next_and_the_larger_of_the_two_is_kept()
    {
        var rule = new FreezeRule(BitWidth.Learned("w", [2, 4, 8], 8), oscillationThreshold: 1);

        rule.Observe(4, 8, steps: 1, restSteps: 500).Should().BeNull();
        rule.Observe(2, 8, steps: 1, restSteps: 500).Should().Be((8, FreezeReason.Oscillation), "from 2 to 8 it passes 4");

        rule.UpwardSwitches.Should().Equal(new Dictionary<int, int> { [2] = 1, [4] = 2 });
    }

    private (int Bits, FreezeReason Reason)? Observe(int before, int after) => _rule.Observe(before, after, steps: 1, restSteps: 500);
}
