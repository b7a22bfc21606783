using AdaQat.Corrections;
using AdaQat.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.BiasCorrecting;

/// <summary>The mean of each input channel of a layer, as the batch normalisation before it has it: N(β, γ²), clipped.</summary>
internal static class ExpectedInput
{
    /// <summary>The mean, in float64, one for each input of the layer; null, with the reason, where it does not follow.</summary>
    public static Tensor? Of(CorrectedNetwork network, GraphNode layer, out string reason)
    {
        var (low, high) = (double.NegativeInfinity, double.PositiveInfinity);
        var (value, block) = (layer.Inputs[0], 1L);
        var isClipped = false;
        while (true)
        {
            var node = network.Graph.Producer(value);
            switch (node.Operator)
            {
                case QuantizeOperator:
                    break;
                case BatchNormOperator:
                    return OfNorm(network, node, low, high, block, out reason);
                case ReluOperator when !isClipped:
                    (low, isClipped) = (0, true);
                    break;
                case ClampOperator clamp when !isClipped:
                    (low, high, isClipped) = (clamp.Minimum ?? low, clamp.Maximum ?? high, true);
                    break;
                case AdaptivePoolOperator { Reduction: Reduction.Mean } or ReduceOperator { Reduction: Reduction.Mean } when !isClipped:
                    break;
                case ReshapeOperator when !isClipped && BlockOf(node) is { } size:
                    block *= size;
                    break;
                default:
                    reason = $"what it reads comes from '{node.Name}' ({node.Operator.Name}), whose mean no batch normalisation tells";
                    return null;
            }

            value = node.Inputs[0];
        }
    }

    private static Tensor? OfNorm(CorrectedNetwork network, GraphNode node, double low, double high, long block, out string reason)
    {
        if (network.BatchNormOf(node, out reason) is not { } norm)
        {
            reason = $"'{node.Name}': {reason}";
            return null;
        }

        if (IsFolded(norm))
        {
            reason = $"'{node.Module}' is folded, so that what its layer lets out is not known any more; correct before folding, or with "
                + "data";
            return null;
        }

        using var scope = NewDisposeScope();
        var mean = norm.bias is null ? zeros_like(Number(norm.running_mean!)) : Number(norm.bias);
        var deviation = norm.weight is null ? ones_like(mean) : Number(norm.weight).abs();
        return ClippedNormal.Mean(mean, deviation, low, high).repeat_interleave(block).MoveToOuterDisposeScope();
    }

    private static bool IsFolded(BatchNorm norm)
    {
        using var scope = NewDisposeScope();
        return Number(norm.running_var!).Add(norm.eps).Sub(1).abs().max().item<double>() < 1e-6
            && (norm.weight is null || Number(norm.weight).Eq(1).all().item<bool>())
            && Number(norm.running_mean!).Eq(0).all().item<bool>();
    }

    /// <summary>How many neighbours in axis 1 a flattening makes of a channel.</summary>
    private static long? BlockOf(GraphNode reshape)
    {
        var (before, after) = (reshape.Inputs[0].Shape, reshape.Output.Shape);
        return before.Rank >= 2 && after.Rank == 2 && before[0] == after[0] && after[1] % before[1] == 0 ? after[1] / before[1] : null;
    }

    private static Tensor Number(Tensor tensor) => tensor.detach().to(ScalarType.Float64);
}
