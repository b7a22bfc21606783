using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Weights of every length of a row and every dense layout, each with a gradient and a granularity that fits it.</summary>
internal static class GranuleCases
{
    /// <summary>What weights meet seldom.</summary>
    public static readonly double[] EdgeValues =
        [0, -0.0, 1, -1, 1e-45, -1e-45, Math.BitIncrement(1f), -Math.BitIncrement(1f), 0.7, -0.7, 1e30, -1e30];

    /// <summary>All of them; what is yielded lives until the next.</summary>
    public static IEnumerable<(Tensor Weight, Tensor Gradient, Granularity Granularity)> All(ScalarType type)
    {
        for (var length = 1; length <= 70; length++)
        {
            using var scope = NewDisposeScope();
            var weight = Make.Random(12 * length, type).reshape(4, 3, length);
            var gradient = Make.Random(12 * length, type, seed: 2);
            foreach (var layout in new[] { weight, weight.transpose(1, 2).contiguous().transpose(1, 2), weight.transpose(0, 2) })
            {
                foreach (var granularity in new[] { Granularity.PerTensor, Granularity.PerChannel(), Granularity.PerChannel(axis: 1) })
                {
                    yield return (layout, gradient.reshape(layout.shape), granularity);
                }
            }

            yield return (weight, gradient.reshape(weight.shape), Granularity.PerGroup(length));
        }

        foreach (var other in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.5 })
        {
            using var scope = NewDisposeScope();
            // The third channel is all zeros.
            double[] values = [.. EdgeValues, .. EdgeValues[..^1], other, .. new double[EdgeValues.Length]];
            var weight = Make.Tensor(values, type, 3, 2, EdgeValues.Length / 2);
            yield return (weight, Make.Random(values.Length, type, seed: 2).reshape(weight.shape), Granularity.PerChannel());
            yield return (weight, Make.Random(values.Length, type, seed: 2).reshape(weight.shape), Granularity.PerTensor);
        }

        using var large = NewDisposeScope();
        var whole = Make.Random(5 * 40_000, type).reshape(5, 40, 1000);
        yield return (whole, Make.Random(whole.numel(), type, seed: 2).reshape(whole.shape), Granularity.PerChannel());
        yield return (whole, Make.Random(whole.numel(), type, seed: 2).reshape(whole.shape), Granularity.PerTensor);
        yield return (
            whole.transpose(0, 2), Make.Random(whole.numel(), type, seed: 2).reshape(1000, 40, 5), Granularity.PerChannel(axis: 2));
    }
}
