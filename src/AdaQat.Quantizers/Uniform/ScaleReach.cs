using TorchSharp.Modules;

namespace AdaQat.Quantizers.Uniform;

/// <summary>How far the scales of a layer's quantizer reach, and how many there are.</summary>
/// <param name="Granularity">The granularity on the tensor as it is.</param>
/// <param name="Count">The number of scales.</param>
internal readonly record struct ScaleReach(Granularity Granularity, long Count)
{
    /// <summary>What a choice means for a layer.</summary>
    /// <exception cref="ArgumentException">It has no such channels or groups; the message names the layer.</exception>
    public static ScaleReach Of(QuantizerRequest request, Granularity chosen, string options)
    {
        if (chosen == Granularity.PerTensor)
        {
            return new ScaleReach(chosen, 1);
        }

        return request.Target == QuantizerTarget.Weight ? OfWeight(request.Layer, chosen, options)
            : OfInput(request.Layer, chosen, options);
    }

    private static ScaleReach OfWeight(LayerFacts layer, Granularity chosen, string options)
    {
        // The weight of a transposed convolution counts its output channels in dimension 1.
        var granularity = chosen == Granularity.PerChannel() && layer.Module is Convolution { transposed: true }
            ? Granularity.PerChannel(axis: 1)
            : chosen;
        try
        {
            return new ScaleReach(granularity, granularity.ScalesFor(layer.WeightShape));
        }
        catch (ArgumentException unfit)
        {
            throw new ArgumentException(
                $"{options}.{nameof(Granularity)} is {chosen}, which does not fit the weight of layer '{layer.Name}': {unfit.Message}",
                unfit);
        }
    }

    private static ScaleReach OfInput(LayerFacts layer, Granularity chosen, string options)
    {
        if (chosen.GroupSize is not null || chosen.Axis == 0)
        {
            throw new ArgumentException(
                $"{options}.{nameof(Granularity)} is {chosen}, and was chosen for the input of layer '{layer.Name}'; allowed for inputs "
                + "are per tensor, and per channel of a dimension from 1 on, since dimension 0 counts samples.");
        }

        return new ScaleReach(
            chosen,
            layer.Module is Convolution convolution ? convolution.in_channels : layer.WeightShape[^1]);
    }
}
