using AdaQat.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Evenly spaced values: scale · (code + offset), one scale and offset for the whole tensor, for each channel or for each group.
/// </summary>
/// <remarks>
/// Arithmetic is that of the tensor's type: the scale is a number of that type, code + offset is exact, and their product is rounded once.
/// An offset is a multiple of ½: 0 has the code 0 where it is 0, and is no value of the grid where it is not an integer.
/// </remarks>
public sealed record UniformGrid : QuantizationGrid
{
    /// <summary>One scale for the whole tensor.</summary>
    /// <param name="scale">The distance of neighbouring values, finite, 0 and more: a number of the tensor's type.</param>
    /// <param name="offset">A multiple of ½.</param>
    /// <param name="smallestCode">The smallest code.</param>
    /// <param name="largestCode">The largest code, at least the smallest.</param>
    public UniformGrid(double scale, double offset, int smallestCode, int largestCode)
        : this([scale], [offset], Granularity.PerTensor, smallestCode, largestCode)
    {
    }

    /// <summary>Scales and offsets of any granularity.</summary>
    /// <param name="scales">As many as the granularity has on the tensor, channel by channel.</param>
    /// <param name="offsets">As many.</param>
    /// <param name="granularity">How far each reaches.</param>
    /// <param name="smallestCode">The smallest code.</param>
    /// <param name="largestCode">The largest code, at least the smallest.</param>
    /// <exception cref="ArgumentException">A number is outside what is allowed.</exception>
    public UniformGrid(
        IReadOnlyList<double> scales, IReadOnlyList<double> offsets, Granularity granularity, int smallestCode, int largestCode)
    {
        ArgumentNullException.ThrowIfNull(scales);
        ArgumentNullException.ThrowIfNull(offsets);
        if (scales.Count != offsets.Count || scales.Count == 0 || (granularity == Granularity.PerTensor && scales.Count != 1))
        {
            throw new ArgumentException(
                $"There are {scales.Count} scales and {offsets.Count} offsets; a grid needs as many of each, and one of each per tensor.",
                nameof(scales));
        }

        foreach (var (scale, offset) in scales.Zip(offsets))
        {
            Guard.NotNegative(scale, nameof(scales));
            if (!double.IsInteger(2 * offset))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(offsets), offset, FormattableString.Invariant($"An offset is {offset}; allowed are multiples of ½."));
            }
        }

        Guard.AtLeast(largestCode, smallestCode, nameof(largestCode));
        (Scales, Offsets, Granularity, SmallestCode, LargestCode) = (scales, offsets, granularity, smallestCode, largestCode);
    }

    /// <summary>The distance of neighbouring values; one number, or one for each channel or group.</summary>
    public IReadOnlyList<double> Scales { get; }

    /// <summary>What is added to a code before it is scaled: as many as scales, each a multiple of ½.</summary>
    public IReadOnlyList<double> Offsets { get; }

    /// <summary>How far one scale reaches.</summary>
    public Granularity Granularity { get; }

    /// <inheritdoc/>
    public override int SmallestCode { get; }

    /// <inheritdoc/>
    public override int LargestCode { get; }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor codes, ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(codes);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var (view, shape) = Granularity.Layout(codes.shape);
        var values = codes.to(type).reshape(view).Add(Numbers(Offsets, shape, codes, type)).mul(Numbers(Scales, shape, codes, type));
        return values.reshape(codes.shape).MoveToOuterDisposeScope();
    }

    private static Tensor Numbers(IReadOnlyList<double> numbers, long[] shape, Tensor codes, ScalarType type) =>
        tensor(numbers.ToArray(), dtype: ScalarType.Float64).to(type).to(codes.device).reshape(shape);
}
