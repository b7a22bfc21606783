using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// Integers become integers of another scale, channel by channel (the last axis): y = clamp(⌊(x · multiplier + offset) / 2^shift⌋, min,
/// max) in exact arithmetic. An affine function of each channel, ReLU (min 0) and clamps are this node.
/// </summary>
public sealed class RescaleNode : IntegerNode
{
    /// <summary>A change of scale.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">A value that holds codes or integers.</param>
    /// <param name="rescales">One for all channels, or one for each.</param>
    /// <param name="min">The smallest result; what is below becomes it.</param>
    /// <param name="max">The largest result, not below the smallest; what is above becomes it.</param>
    /// <exception cref="IntegerModelException">The input holds floats, or there are too few or too many changes of scale.</exception>
    public RescaleNode(
        string name, IntegerNode input, EquatableList<Rescale> rescales, int min = int.MinValue, int max = int.MaxValue)
        : base(name, [Whole(name, input)], input.Shape, Reached(name, input, rescales, min, max))
    {
        Rescales = rescales;
        Min = min;
        Max = max;
    }

    /// <summary>One change of scale for all channels, or one for each.</summary>
    public EquatableList<Rescale> Rescales { get; }

    /// <summary>The smallest result that is allowed; the smallest that occurs is its type's.</summary>
    public int Min { get; }

    /// <summary>The largest result that is allowed; the largest that occurs is its type's.</summary>
    public int Max { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        for (var i = 0; i < output.Stored.Length; i++)
        {
            output.Stored[i] = Math.Clamp(Rescales[i % Rescales.Count].Apply(inputs[0].Integer(i)), Min, Max);
        }
    }

    private static Integers Reached(string name, IntegerNode input, EquatableList<Rescale> rescales, int min, int max)
    {
        ArgumentNullException.ThrowIfNull(rescales);
        var channels = input.Shape.Rank == 0 ? 1 : input.Shape[input.Shape.Rank - 1];
        if (rescales.Count != 1 && rescales.Count != channels)
        {
            throw Fault(name, $"it has {rescales.Count} changes of scale; allowed are 1 and {channels}, one for each channel.");
        }

        if (min > max)
        {
            throw Fault(name, $"it allows {min} to {max}; allowed is a smallest that is at most the largest.");
        }

        var (low, high) = (long.MaxValue, long.MinValue);
        foreach (var rescale in rescales)
        {
            var (a, b) = (rescale.Apply(input.Type.MinInteger), rescale.Apply(input.Type.MaxInteger));
            low = Math.Min(low, Math.Min(a, b));
            high = Math.Max(high, Math.Max(a, b));
        }

        return new((int)Math.Clamp(low, min, max), (int)Math.Clamp(high, min, max));
    }
}
