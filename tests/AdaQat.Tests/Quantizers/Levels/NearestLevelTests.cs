using System.Numerics;
using AdaQat.Quantizers.Levels;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Levels;

/// <summary>However a level is found, it is the one behind the last threshold that an element exceeds.</summary>
public sealed class NearestLevelTests
{
    private static readonly int[] Counts = [1, 2, 3, 8, 16, 20, 21, 22, 32, 33, 64, 100, 128, 255, 256];

    [Fact]
    public void Evenly_spaced_levels_are_found() =>
        Check(count => Enumerable.Range(0, count).Select(i => ((i * 2.0) + 1 - count) / count));

    [Fact]
    public void Levels_of_a_bell_are_found() => Check(count => Enumerable.Range(1, count).Select(i =>
    {
        var share = (double)i / (count + 1);
        return Math.Log(share / (1 - share));
    }));

    [Fact]
    public void Crowded_levels_beside_one_that_is_far_off_are_found() =>
        Check(count => Enumerable.Range(0, count).Select(i => i == count - 1 ? 1000.0 : 1 + (i * 1e-5)));

    [Fact]
    public void Equal_levels_are_found() => Check(count => Enumerable.Range(0, count).Select(i => (double)(i / 7)));

    [Fact]
    public void Levels_that_are_all_the_same_are_found() => Check(count => Enumerable.Repeat(0.25, count));

    [Fact]
    public void Powers_of_two_are_found_down_to_the_smallest_numbers_of_a_type()
    {
        foreach (var most in new[] { 100, 3, 0, -40, -90, -120, -126, -140, -1000 })
        {
            Check(count => Enumerable.Range(0, count).Select(i => i == 0 ? 0 : Math.ScaleB(1, most + i - count + 1)));
        }
    }

    [Fact]
    public void Other_levels_that_end_in_powers_of_two_are_found() =>
        Check(count => Enumerable.Range(0, count).Select(i => i < count / 2 ? i * 1e-3 : Math.ScaleB(1, i - (count / 2))));

    [Fact]
    public void Very_small_and_very_large_levels_are_found()
    {
        Check(count => Enumerable.Range(0, count).Select(i => i * 1e-40));
        Check(count => Enumerable.Range(0, count).Select(i => (i - (count / 2)) * 1e36));
        Check(count => Enumerable.Range(0, count).Select(i => i == count - 1 ? double.PositiveInfinity : i));
    }

    private static void Check(Func<int, IEnumerable<double>> levels)
    {
        foreach (var count in Counts)
        {
            double[] values = [.. levels(count)];
            Check<float>(values);
            Check<double>(values);
        }
    }

    private static void Check<T>(double[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        T[] levels = [.. values.Select(T.CreateChecked)];
        T[] thresholds = [.. levels.Zip(levels.Skip(1), (low, high) => (low + high) / (T.One + T.One))];
        var nearest = new NearestLevel<T>(levels, thresholds);
        T[] around = [.. levels, .. thresholds];
        T[] others = [T.Zero, -T.Zero, T.BitIncrement(T.Zero), T.MaxValue, T.MinValue, T.PositiveInfinity, T.NegativeInfinity];
        var elements = around.SelectMany<T, T>(v => [v, T.BitIncrement(v), T.BitDecrement(v), -v]).Concat(others);
        foreach (var chunk in elements.Where(e => !T.IsNaN(e)).Chunk(Vector<T>.Count))
        {
            var padded = new T[Vector<T>.Count];
            chunk.CopyTo(padded, 0);
            var found = nearest.Of(new Vector<T>(padded));
            for (var i = 0; i < chunk.Length; i++)
            {
                var expected = levels[thresholds.Count(t => chunk[i] > t)];
                found[i].Should().Be(
                    expected, "of {0} in {1} levels of {2} from {3} to {4}", chunk[i], levels.Length, typeof(T).Name, levels[0],
                    levels[^1]);
            }
        }
    }
}
