using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// A convolution over one or two axes: accumulators y[p, m] = Σ x[p · stride − before + t · dilation, c] · w[m, t, c] over taps t and the
/// inputs c of m's group, where x and w are the integers of codes. Taps outside the input contribute 0, exactly, whether or not the grid
/// has a zero.
/// </summary>
public sealed class ConvolutionNode : IntegerNode
{
    /// <summary>A convolution.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">Codes [length, channels] or [height, width, channels].</param>
    /// <param name="weights">[outputs, window…, channels / groups].</param>
    /// <param name="window">The window, of as many axes and taps as the weights.</param>
    /// <param name="groups">Into how many groups channels are divided, 1 and more; inputs and outputs are a multiple of it.</param>
    /// <exception cref="IntegerModelException">
    /// Sizes don't fit each other, or accumulators could need more than 32 bits.
    /// </exception>
    public ConvolutionNode(string name, IntegerNode input, IntegerWeights weights, SlidingWindow window, int groups = 1)
        : base(name, [input], ShapeOf(name, input, weights, window, groups), RangeOf(name, input, weights, window))
    {
        Weights = weights;
        Window = window;
        Groups = groups;
    }

    /// <summary>The weights.</summary>
    public IntegerWeights Weights { get; }

    /// <summary>The window.</summary>
    public SlidingWindow Window { get; }

    /// <summary>Into how many groups channels are divided.</summary>
    public int Groups { get; }

    /// <inheritdoc/>
    public override long Macs => Shape.ElementCount * Weights.PerOutput;

    /// <inheritdoc/>
    public override long BitOps => Macs * Weights.Bits * ((Codes)Inputs[0].Type).Bits;

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        var (x, places) = (inputs[0], new WindowPlaces(Window, inputs[0].Shape, Shape));
        var (perGroup, channels, outputs) = (x.Channels / Groups, x.Channels, output.Channels);
        for (var place = 0; place < places.Count; place++)
        {
            for (var tap = 0; tap < places.Taps; tap++)
            {
                if (places.Element(place, tap) is not (>= 0 and var element))
                {
                    continue;
                }

                for (var m = 0; m < outputs; m++)
                {
                    var first = m / (outputs / Groups) * perGroup;
                    for (var c = 0; c < perGroup; c++)
                    {
                        output.Stored[(place * outputs) + m] +=
                            x.Integer((element * channels) + first + c) * Weights.Integer(m, (tap * perGroup) + c);
                    }
                }
            }
        }
    }

    private static Shape ShapeOf(string name, IntegerNode input, IntegerWeights weights, SlidingWindow window, int groups)
    {
        CodesOf(name, input);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(window);
        LayerSizes.Check(name, input, weights, window, groups);
        return WindowPlaces.ShapeOf(name, window, input.Shape, weights.Outputs);
    }

    private static Integers RangeOf(string name, IntegerNode input, IntegerWeights weights, SlidingWindow window) =>
        WeightSums.Range(name, weights, (Codes)input.Type, skipsTaps: window.Before.Concat(window.After).Any(padding => padding > 0));
}
