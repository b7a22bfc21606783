using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// A transposed convolution over one or two axes: accumulators y, of which each x[i, c] · w[m, t, c] is added to y[i · stride − before +
/// t · dilation, m] where that exists, for all inputs c of m's group; x and w are the integers of codes.
/// </summary>
public sealed class TransposedConvolutionNode : IntegerNode
{
    /// <summary>A transposed convolution.</summary>
    /// <param name="name">The node's name.</param>
    /// <param name="input">Codes [length, channels] or [height, width, channels].</param>
    /// <param name="weights">[outputs, window…, channels / groups]; PyTorch has [channels, outputs / groups, window…].</param>
    /// <param name="window">
    /// The window. Its padding is what is cut off before and behind; an output of (n − 1) · stride + dilation · (size − 1) + 1 − before −
    /// after elements is left.
    /// </param>
    /// <param name="outputPadding">How much longer the output is behind, axis by axis, 0 and more.</param>
    /// <param name="groups">Into how many groups channels are divided, 1 and more; inputs and outputs are a multiple of it.</param>
    /// <exception cref="IntegerModelException">
    /// Sizes don't fit each other, or accumulators could need more than 32 bits.
    /// </exception>
    public TransposedConvolutionNode(
        string name, IntegerNode input, IntegerWeights weights, SlidingWindow window, EquatableList<long> outputPadding, int groups = 1)
        : base(name, [input], ShapeOf(name, input, weights, window, outputPadding, groups),
            WeightSums.Range(name, weights, (Codes)input.Type, skipsTaps: true))
    {
        Weights = weights;
        Window = window;
        OutputPadding = outputPadding;
        Groups = groups;
    }

    /// <summary>The weights.</summary>
    public IntegerWeights Weights { get; }

    /// <summary>The window.</summary>
    public SlidingWindow Window { get; }

    /// <summary>How much longer the output is behind, axis by axis.</summary>
    public EquatableList<long> OutputPadding { get; }

    /// <summary>Into how many groups channels are divided.</summary>
    public int Groups { get; }

    /// <inheritdoc/>
    public override long Macs => Inputs[0].Shape.ElementCount / Inputs[0].Shape[Shape.Rank - 1] * Weights.Codes.Length;

    /// <inheritdoc/>
    public override long BitOps => Macs * Weights.Bits * ((Codes)Inputs[0].Type).Bits;

    /// <inheritdoc/>
    internal override void Compute(IReadOnlyList<ReferenceTensor> inputs, ReferenceTensor output)
    {
        // The window's places on the output are the input's elements.
        var (x, places) = (inputs[0], new WindowPlaces(Window, Shape, inputs[0].Shape));
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
                        output.Stored[(int)(element * outputs) + m] +=
                            x.Integer((place * channels) + first + c) * Weights.Integer(m, (tap * perGroup) + c);
                    }
                }
            }
        }
    }

    private static Shape ShapeOf(
        string name, IntegerNode input, IntegerWeights weights, SlidingWindow window, EquatableList<long> outputPadding, int groups)
    {
        CodesOf(name, input);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(outputPadding);
        LayerSizes.Check(name, input, weights, window, groups);
        if (outputPadding.Count != window.Rank || outputPadding.Any(padding => padding is < 0 or > 1 << 20))
        {
            throw Fault(name, $"its output padding is {outputPadding}; allowed are {window.Rank} numbers, 0 to {1 << 20}.");
        }

        var sizes = new long[window.Rank + 1];
        for (var axis = 0; axis < window.Rank; axis++)
        {
            sizes[axis] = ((input.Shape[axis] - 1) * window.Stride[axis]) + (window.Dilation[axis] * (window.Size[axis] - 1)) + 1
                - window.Before[axis] - window.After[axis] + outputPadding[axis];
        }

        sizes[^1] = weights.Outputs;
        return LayerSizes.ShapeOf(name, sizes);
    }
}
