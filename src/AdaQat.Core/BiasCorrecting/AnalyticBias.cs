using AdaQat.Corrections;
using AdaQat.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.BiasCorrecting;

/// <summary>What rounding a weight adds to the mean of the layer's outputs: (Ŵ − W)·E[x].</summary>
internal static class AnalyticBias
{
    public static IReadOnlyList<CorrectionEntry> Run(CorrectedNetwork network, QuantizedModel quantized, SavedState before) =>
    [
        .. quantized.Layers.Where(layer => !layer.WeightBits.IsUnquantized).Select(layer => Correct(network, layer, before)),
    ];

    private static CorrectionEntry Correct(CorrectedNetwork network, QuantizedLayer layer, SavedState before)
    {
        using var scope = NewDisposeScope();
        var reason = "the graph's example does not reach it";
        var node = network.Graph.Nodes.FirstOrDefault(node => node.Module == layer.Name && CorrectedNetwork.IsLayer(node));
        if (node?.Operator is TransposedConvolutionOperator)
        {
            reason = "it is a transposed convolution, whose outputs meet different parts of the weight";
            node = null;
        }

        return node is not null && OutputShift.Of(network, node, out reason) is { } shift
            && ExpectedInput.Of(network, node, out reason) is { } mean
                ? shift.TakeOff(Shift(layer, shift.Layer, mean), before)
                : new(layer.Name, IsCorrected: false, reason);
    }

    private static Tensor Shift(QuantizedLayer layer, NetworkLayer place, Tensor mean)
    {
        var error = layer.QuantizedWeight().to(ScalarType.Float64) - place.Weight.detach().to(ScalarType.Float64);
        var channels = place.AsChannels(error);
        return (channels.sum(3) * mean.reshape(channels.shape[0], 1, -1)).sum(2).reshape(-1);
    }
}
