using AdaQat.Corrections;
using AdaQat.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.BiasCorrecting;

/// <summary>
/// Where a number can be taken off a layer's output channels: its bias, or the mean of the batch normalisation behind it.
/// </summary>
internal sealed class OutputShift
{
    private readonly BatchNorm? _norm;
    private readonly string _where;

    private OutputShift(NetworkLayer layer, BatchNorm? norm, string where) => (Layer, _norm, _where) = (layer, norm, where);

    public NetworkLayer Layer { get; }

    /// <summary>That of a node; null, with the reason, where there is none.</summary>
    public static OutputShift? Of(CorrectedNetwork network, GraphNode node, out string reason)
    {
        if (network.LayerOf(node, out reason) is not { } layer)
        {
            return null;
        }

        if (layer.Bias is not null)
        {
            return new OutputShift(layer, norm: null, "its bias");
        }

        if (network.Readers(node) is [{ Operator: BatchNormOperator } reader]
            && (node.Operator is not LinearOperator || node.Output.Shape.Rank == 2) && network.BatchNormOf(reader, out _) is { } norm)
        {
            return new OutputShift(layer, norm, $"the running mean of '{reader.Module}'");
        }

        reason = "it has no bias, and no batch normalisation of its own behind it";
        return null;
    }

    /// <summary>Takes a number off each output channel.</summary>
    public CorrectionEntry TakeOff(Tensor shift, SavedState before)
    {
        using var scope = NewDisposeScope();
        if (!shift.isfinite().all().item<bool>())
        {
            return new(Layer.Name, IsCorrected: false, "the shift of its outputs is not finite");
        }

        if (_norm is not null)
        {
            before.Write(_norm, "running_mean", _norm.running_mean!.detach().to(ScalarType.Float64).Add(shift));
        }
        else
        {
            before.Write(Layer.Module, "bias", Layer.Bias!.detach().to(ScalarType.Float64) - shift);
        }

        return new(Layer.Name, IsCorrected: true, FormattableString.Invariant(
            $"up to {shift.abs().max().item<double>():G3} taken off its outputs, by {_where}"));
    }
}
