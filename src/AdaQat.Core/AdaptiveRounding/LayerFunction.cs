using AdaQat.Corrections;
using AdaQat.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.AdaptiveRounding;

/// <summary>A layer as a function of its input and any weight, as its node in the graph has it.</summary>
internal static class LayerFunction
{
    /// <summary>The function; null, with the reason, where the module does more than the node.</summary>
    public static Func<Tensor, Tensor, Tensor>? Of(CorrectedNetwork network, GraphNode node, NetworkLayer layer, out string reason)
    {
        var source = network.Graph.Producer(node.Inputs[0]);
        if (source.Module == node.Module && source.Operator is PadOperator)
        {
            reason = $"it pads its input by '{source.Name}', which is not zeros on both sides alike";
            return null;
        }

        reason = "";
        return node.Operator switch
        {
            LinearOperator => (input, weight) => nn.functional.linear(input, weight, Bias(layer)),
            ConvolutionOperator c => Convolution(c, layer),
            TransposedConvolutionOperator t => Transposed(t, layer),
            _ => throw new InvalidOperationException($"'{node.Name}' is no layer."),
        };
    }

    private static Tensor? Bias(NetworkLayer layer) => layer.Bias?.detach();

    private static Func<Tensor, Tensor, Tensor> Convolution(ConvolutionOperator c, NetworkLayer layer)
    {
        var (stride, padding, dilation) = (c.Stride.ToArray(), c.Padding.ToArray(), c.Dilation.ToArray());
        return stride.Length switch
        {
            1 => (x, w) => nn.functional.conv1d(x, w, Bias(layer), stride[0], padding[0], dilation[0], c.Groups),
            2 => (x, w) => nn.functional.conv2d(x, w, Bias(layer), stride, padding, dilation, c.Groups),
            _ => (x, w) => nn.functional.conv3d(x, w, Bias(layer), stride, padding, dilation, c.Groups),
        };
    }

    private static Func<Tensor, Tensor, Tensor> Transposed(TransposedConvolutionOperator t, NetworkLayer layer)
    {
        var (stride, padding, more) = (t.Stride.ToArray(), t.Padding.ToArray(), t.OutputPadding.ToArray());
        var dilation = t.Dilation.ToArray();
        return stride.Length switch
        {
            1 => (x, w) => nn.functional.conv_transpose1d(x, w, Bias(layer), stride[0], padding[0], more[0], dilation[0], t.Groups),
            2 => (x, w) => nn.functional.conv_transpose2d(x, w, Bias(layer), stride, padding, more, dilation, t.Groups),
            _ => (x, w) => nn.functional.conv_transpose3d(x, w, Bias(layer), stride, padding, more, dilation, t.Groups),
        };
    }
}
