using AdaQat.Diagnostics;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>How far one scale reaches. (How far a learned width reaches is <see cref="WidthSharing"/>.)</summary>
public readonly record struct Granularity
{
    private Granularity(int? axis, int? groupSize) => (Axis, GroupSize) = (axis, groupSize);

    /// <summary>One scale for the whole tensor.</summary>
    public static Granularity PerTensor { get; }

    /// <summary>The dimension that counts the channels; null where one scale serves all.</summary>
    public int? Axis { get; }

    /// <summary>Neighbouring elements of a channel that share a scale; null where all of a channel do.</summary>
    public int? GroupSize { get; }

    /// <summary>A scale for each channel.</summary>
    /// <param name="axis">The dimension that counts them: 0 for a weight's output channels, 1 for an input's.</param>
    public static Granularity PerChannel(int axis = 0)
    {
        Guard.AtLeast(axis, 0, nameof(axis));
        return new Granularity(axis, groupSize: null);
    }

    /// <summary>A scale for so many neighbouring elements of each output channel of a weight.</summary>
    /// <param name="size">Elements, at least 1; it divides a channel's.</param>
    public static Granularity PerGroup(int size)
    {
        Guard.AtLeast(size, 1, nameof(size));
        return new Granularity(axis: 0, size);
    }

    /// <inheritdoc/>
    public override string ToString() => (Axis, GroupSize) switch
    {
        (null, _) => "per tensor",
        (_, { } size) => $"per group of {size}",
        _ => $"per channel (axis {Axis})",
    };

    /// <summary>How many scales a tensor of a shape has.</summary>
    /// <param name="shape">The tensor's shape.</param>
    /// <exception cref="ArgumentException">The shape has no such dimension, or its channels do not divide into groups.</exception>
    public long ScalesFor(IReadOnlyList<long> shape) => Layout(shape).Numbers.Aggregate(1L, (product, size) => product * size);

    /// <summary>The shape in which a tensor is looked at, and the one in which its scales multiply it there.</summary>
    /// <param name="shape">The tensor's shape.</param>
    /// <returns>Two shapes of as many dimensions; the second is empty where one scale serves all.</returns>
    /// <exception cref="ArgumentException">The shape has no such dimension, or its channels do not divide into groups.</exception>
    public (long[] Tensor, long[] Numbers) Layout(IReadOnlyList<long> shape)
    {
        if (Axis is not { } axis)
        {
            return ([.. shape], []);
        }

        if (axis >= shape.Count)
        {
            throw new ArgumentException(
                $"A tensor of shape [{string.Join(", ", shape)}] has no dimension {axis} to count channels.", nameof(shape));
        }

        if (GroupSize is not { } size)
        {
            return ([.. shape], [.. shape.Select((extent, dimension) => dimension == axis ? extent : 1)]);
        }

        var channel = shape.Skip(1).Aggregate(1L, (product, extent) => product * extent);
        if (channel % size != 0)
        {
            throw new ArgumentException(
                $"A channel of shape [{string.Join(", ", shape.Skip(1))}] does not divide into groups of {size}.", nameof(shape));
        }

        return ([shape[0], channel / size, size], [shape[0], channel / size, 1]);
    }

    /// <summary>A tensor as a matrix with a row for each scale, of the elements that it reaches.</summary>
    /// <param name="tensor">Any tensor that the granularity fits, of at least one element.</param>
    /// <returns>A view where the layout allows one, else a copy: [scales, elements of each].</returns>
    /// <exception cref="ArgumentException">The shape has no such dimension, or its channels do not divide into groups.</exception>
    public Tensor Rows(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var (view, scales) = Layout(tensor.shape);
        return this switch
        {
            { Axis: null } => tensor.reshape(1, -1),
            { GroupSize: { } size } => tensor.reshape(-1, size),
            { Axis: { } axis } => tensor.reshape(view).transpose(0, axis).reshape(scales[axis], -1),
        };
    }
}
