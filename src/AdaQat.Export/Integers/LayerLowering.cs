using AdaQat.Graph;
using AdaQat.Runtime;

namespace AdaQat.Export;

/// <summary>
/// Convolutions and linear layers of codes: their sums, which stand for real numbers by weight's times input's step, plus the bias.
/// </summary>
internal sealed class LayerLowering(ModelDraft draft, Forms forms)
{
    /// <summary>A layer; null where its windows have more axes than the runtime's.</summary>
    public RealValue? Lower(GraphNode node, RealValue x, QuantizeOperator grid, GraphTensor values, double[]? bias)
    {
        var rank = node.Output.Shape.Rank;
        var (weights, made, axis) = node.Operator switch
        {
            ConvolutionOperator { Stride.Count: <= 2 } convolution => Convolution(convolution),
            TransposedConvolutionOperator { Stride.Count: <= 2 } convolution => Transposed(convolution),
            LinearOperator => Linear(),
            _ => (null, null, 0),
        };
        if (weights is null || made is null)
        {
            return null;
        }

        EquatableList<int> order = axis == 1 && rank > 2 ? RealValue.ChannelsLast(rank) : [.. Enumerable.Range(1, rank - 1)];
        return new(draft.Add(made), order, [.. weights.Units.Select((unit, o) => new ChannelMap(
            unit * x.Map.Slope, bias is null ? 0 : Rational.Of(bias[o])))], axis);

        (LayerWeights?, IntegerNode?, int) Convolution(ConvolutionOperator c)
        {
            var (layer, input) = (LayerWeights.Of(node, grid, values), forms.Arranged(x, RealValue.ChannelsLast(rank)).Node);
            var window = new SlidingWindow([.. values.Shape.Skip(2)], c.Stride, c.Padding, dilation: c.Dilation);
            return (layer, new ConvolutionNode(draft.Name(node.Name), input, layer.Weights, window, (int)c.Groups), 1);
        }

        (LayerWeights?, IntegerNode?, int) Transposed(TransposedConvolutionOperator c)
        {
            var layer = LayerWeights.OfTransposed(node, grid, values, c.Groups);
            var input = forms.Arranged(x, RealValue.ChannelsLast(rank)).Node;
            var window = new SlidingWindow([.. values.Shape.Skip(2)], c.Stride, c.Padding, dilation: c.Dilation);
            return (layer, new TransposedConvolutionNode(
                draft.Name(node.Name), input, layer.Weights, window, c.OutputPadding, (int)c.Groups), 1);
        }

        (LayerWeights?, IntegerNode?, int) Linear()
        {
            var layer = LayerWeights.Of(node, grid, values);
            return (layer, new LinearNode(draft.Name(node.Name), forms.Natural(x).Node, layer.Weights), rank - 1);
        }
    }
}
