namespace AdaQat.Runtime;

/// <summary>Which way a layer with weights is computed.</summary>
internal static class LayerProducers
{
    private const long LargestImage = 1 << 28;

    public static Producer Of(IntegerNode node, IntegerWeights weights, Slot input, KernelKind kind)
    {
        var (shape, codes) = (LayerShape.Of(node), (Codes)node.Inputs[0].Type);
        var image = shape.Image;
        var fits = image.Height * image.Width <= LargestImage && image.Height * image.Width * shape.Channels <= LargestImage
            && codes.Multiplier * codes.MaxCode <= 255 && (!shape.Pads || codes.Offset is >= -255 and <= 0);
        if (!fits)
        {
            return new PlainProducer(shape, weights, codes, input);
        }

        var places = new LayerPlaces(shape, codes, input);
        if (shape.Groups == shape.Channels && shape.Outputs == shape.Channels && shape.Channels > 1)
        {
            return new DepthwiseProducer(shape, places, weights, codes, kind);
        }

        var split = SplitWeights.Of(weights);
        return split.Splits && shape.Groups > 1
            ? new PlainProducer(shape, weights, codes, input)
            : new DotProducer(shape, places, weights, split, codes, kind);
    }
}
