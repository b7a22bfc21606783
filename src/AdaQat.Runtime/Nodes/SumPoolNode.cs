using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// The sum of each window's integers, channel by channel; taps outside the input add 0. An average, whose 1/n is in what follows; over the
/// whole image too, with a window of its size.
/// </summary>
public sealed class SumPoolNode : IntegerNode
{
    /// <summary>A sum over windows.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">Codes or integers [length, channels] or [height, width, channels].</param>
    /// <param name="window">The window.</param>
    /// <exception cref="IntegerModelException">The window doesn't fit, or sums could need more than 32 bits.</exception>
    public SumPoolNode(string name, IntegerNode input, SlidingWindow window)
        : base(name, [input], PoolSizes.ShapeOf(name, Whole(name, input), window), RangeOf(name, input, window))
    {
        Window = window;
    }

    /// <summary>The window.</summary>
    public SlidingWindow Window { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var places = new WindowPlaces(Window, inputs[0].Shape, Shape);
        for (var place = 0; place < places.Count; place++)
        {
            for (var tap = 0; tap < places.Taps; tap++)
            {
                for (var c = 0; c < output.Channels && places.Element(place, tap) is >= 0 and var element; c++)
                {
                    output.Stored[(place * output.Channels) + c] += inputs[0].Integer((element * output.Channels) + c);
                }
            }
        }
    }

    private static Integers RangeOf(string name, IntegerNode input, SlidingWindow window)
    {
        var (least, most, taps) = (input.Type.MinInteger, input.Type.MaxInteger, (Int128)window.Taps);
        var pads = window.Before.Concat(window.After).Any(padding => padding > 0);
        return Range(name, (pads ? Math.Min(least, 0) : least) * taps, (pads ? Math.Max(most, 0) : most) * taps);
    }
}
