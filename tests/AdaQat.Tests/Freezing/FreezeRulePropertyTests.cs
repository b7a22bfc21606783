using AdaQat.Freezing;
using FsCheck;
using FsCheck.Fluent;

namespace AdaQat.Tests.Freezing;

/// <summary>The rule against one that looks at the whole history each time.</summary>
public sealed class FreezeRulePropertyTests
{
    private const int Minimum = 2;

    /// <summary>
    /// Walks over the integers 2 to 6 by up to two at a time, with a threshold and a length of rest small enough to be met.
    /// </summary>
    private static readonly Gen<(int Threshold, int RestProbes, int[] Path)> Walks =
        from threshold in Gen.Choose(1, 4)
        from rest in Gen.Choose(1, 6)
        from moves in Gen.Elements(-2, -1, -1, 0, 0, 1, 1, 2).ListOf()
        select (threshold, rest, Path(moves));

    [Fact]
    public void The_rule_freezes_when_and_where_the_whole_history_says_so()
    {
        Arbitrary.ForAll(Walks, walk =>
        {
            var (threshold, rest, path) = walk;
            var rule = new FreezeRule(BitWidth.Learned("w", 4, Minimum, 6), threshold);
            for (var step = 1; step < path.Length; step++)
            {
                var expected = Decide(path[..(step + 1)], threshold, rest);
                rule.Observe(path[step - 1], path[step], steps: 1, rest).Should().Be(expected);
                if (expected is not null)
                {
                    return;
                }
            }
        });
    }

    [Fact]
    public void A_rule_restored_halfway_goes_on_as_the_other_does()
    {
        Arbitrary.ForAll(Walks, walk =>
        {
            var (threshold, rest, path) = walk;
            var rule = new FreezeRule(BitWidth.Learned("w", 4, Minimum, 6), threshold);
            var half = path.Length / 2;
            for (var step = 1; step < half; step++)
            {
                rule.Observe(path[step - 1], path[step], steps: 1, rest);
            }

            var other = new FreezeRule(BitWidth.Learned("w", 4, Minimum, 6), threshold);
            other.Restore(rule.UpwardSwitches, rule.StepsAtMinimum);
            for (var step = Math.Max(1, half); step < path.Length; step++)
            {
                other.Observe(path[step - 1], path[step], steps: 1, rest).Should().Be(
                    rule.Observe(path[step - 1], path[step], steps: 1, rest));
            }
        });
    }

    private static int[] Path(IEnumerable<int> moves)
    {
        var path = new List<int> { 4 };
        foreach (var move in moves)
        {
            path.Add(Math.Clamp(path[^1] + move, Minimum, 6));
        }

        return [.. path];
    }

    private static (int Bits, FreezeReason Reason)? Decide(int[] path, int threshold, int rest)
    {
        for (var lower = Minimum; lower < 6; lower++)
        {
            if (path[^2] <= lower && path[^1] > lower
                && path.Zip(path.Skip(1)).Count(p => p.First <= lower && p.Second > lower) > threshold)
            {
                return (lower + 1, FreezeReason.Oscillation);
            }
        }

        // A rest of k probes is k + 1 equal widths in the path.
        return path.Reverse().TakeWhile(bits => bits == Minimum).Count() > rest ? (Minimum, FreezeReason.RestAtMinimum) : null;
    }
}
