using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>The largest of each window, channel by channel; taps outside the input don't count. Codes stay codes of their grid.</summary>
public sealed class MaxPoolNode : IntegerNode
{
    /// <summary>A maximum over windows.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">Codes or integers [length, channels] or [height, width, channels].</param>
    /// <param name="window">The window.</param>
    /// <exception cref="IntegerModelException">The window doesn't fit, or has a place without any element.</exception>
    public MaxPoolNode(string name, IntegerNode input, SlidingWindow window)
        : base(name, [input], ShapeOf(name, input, window), input.Type)
    {
        Window = window;
    }

    /// <summary>The window.</summary>
    public SlidingWindow Window { get; }

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var places = new WindowPlaces(Window, inputs[0].Shape, Shape);
        output.Stored.Fill(long.MinValue);
        for (var place = 0; place < places.Count; place++)
        {
            for (var tap = 0; tap < places.Taps; tap++)
            {
                for (var c = 0; c < output.Channels && places.Element(place, tap) is >= 0 and var element; c++)
                {
                    ref var largest = ref output.Stored[(place * output.Channels) + c];
                    largest = Math.Max(largest, inputs[0].Stored[(int)(element * output.Channels) + c]);
                }
            }
        }
    }

    private static Shape ShapeOf(string name, IntegerNode input, SlidingWindow window)
    {
        var shape = PoolSizes.ShapeOf(name, Whole(name, input), window);
        for (var axis = 0; axis < window.Rank; axis++)
        {
            // Taps are a dilation apart, so that one hits the input wherever they surround it.
            var (first, span) = (window.Before[axis], window.Dilation[axis] * (window.Size[axis] - 1));
            var last = ((shape[axis] - 1) * window.Stride[axis]) - first;
            if (span < first || last >= input.Shape[axis] || (first > 0 && input.Shape[axis] < window.Dilation[axis]))
            {
                throw Fault(name, $"its input is {input.Shape}, its window {window.Size} with padding {window.Before} and {window.After}; "
                    + "allowed are windows that have an element in every place.");
            }
        }

        return shape;
    }
}
