using AdaQat.Runtime;
using AdaQat.Tests.Support;
using FsCheck.Fluent;

namespace AdaQat.Tests.Runtime;

/// <summary>The oracle is the rule itself.</summary>
public sealed unsafe class ThresholdSearchTests
{
    [Fact]
    public void Thresholds_found_by_places_give_the_rules_codes() => Arbitrary.ForAll(Gen.Choose(0, int.MaxValue - 1), IsRight);

    private static void IsRight(int seed)
    {
        var random = new Random(seed);
        var reach = 1L << random.Next(1, 32);
        int Number() => random.Next(40) switch
        {
            0 => int.MinValue,
            1 => int.MaxValue,
            _ => (int)(random.NextInt64(2 * reach) - reach),
        };

        var descending = random.Next(2) == 0;
        var values = Enumerable.Range(0, random.Next(1, 256)).Select(_ => Number()).Order().ToArray();
        var rule = new Thresholds([.. descending ? values.Reverse() : values], descending);
        int[] sums =
        [
            int.MinValue, int.MaxValue, 0, .. values, .. values.Select(value => unchecked(value - 1)),
            .. values.Select(value => unchecked(value + 1)), .. Enumerable.Range(0, 200).Select(_ => Number()),
        ];
        var codes = new byte[3 * sums.Length];

        fixed (int* sum = sums)
        fixed (byte* code = codes)
        {
            new ThresholdSearch(rule).Run(sum, 1, sums.Length, code, 3);
        }

        codes.Where((_, i) => i % 3 == 0).Should().Equal(sums.Select(sum => (byte)rule.CodeOf(sum, 255)));
        codes.Where((_, i) => i % 3 > 0).Should().OnlyContain(code => code == 0);
    }
}
