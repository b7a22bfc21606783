using AdaQat.Corrections;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.BiasCorrecting;

/// <summary>Means of outputs, in float and quantized, made equal layer by layer.</summary>
internal sealed class EmpiricalBias(
    CorrectedNetwork network, QuantizedModel quantized, Action forwards, IProgress<CorrectionProgress>? progress, CancellationToken token)
{
    public IReadOnlyList<CorrectionEntry> Run(SavedState before)
    {
        var found = quantized.Layers.Where(layer => !layer.WeightBits.IsUnquantized || !layer.ActivationBits.IsUnquantized)
            .Select(layer => (layer.Name, Shift: Find(layer, out var reason), Reason: reason)).ToList();
        using var inFloat = MeansInFloat([.. found.Select(f => f.Shift?.Layer).OfType<NetworkLayer>()]);
        var entries = new List<CorrectionEntry>();
        foreach (var (place, (name, shift, reason)) in found.Index())
        {
            token.ThrowIfCancellationRequested();
            entries.Add(shift is null ? new(name, IsCorrected: false, reason) : Correct(shift, inFloat, before));
            progress?.Report(new CorrectionProgress(name, place + 1, found.Count));
        }

        return entries;
    }

    private OutputShift? Find(QuantizedLayer layer, out string reason)
    {
        var node = network.Graph.Nodes.FirstOrDefault(node => node.Module == layer.Name && CorrectedNetwork.IsLayer(node));
        reason = "the graph's example does not reach it";
        return node is null ? null : OutputShift.Of(network, node, out reason);
    }

    private ChannelMeans MeansInFloat(IReadOnlyList<NetworkLayer> layers)
    {
        using var request = quantized.InFloat();
        return Measured(layers);
    }

    private CorrectionEntry Correct(OutputShift shift, ChannelMeans inFloat, SavedState before)
    {
        using var scope = NewDisposeScope();
        using var means = Measured([shift.Layer]);
        return means.Of(shift.Layer) is { } quantizedMean && inFloat.Of(shift.Layer) is { } floatMean
            ? shift.TakeOff(quantizedMean - floatMean, before)
            : new(shift.Layer.Name, IsCorrected: false, "no batch reached it");
    }

    private ChannelMeans Measured(IReadOnlyList<NetworkLayer> layers)
    {
        var means = new ChannelMeans(layers);
        try
        {
            CorrectionData.Run(quantized.Model, () =>
            {
                forwards();
                token.ThrowIfCancellationRequested();
            });
            means.Stop();
            return means;
        }
        catch
        {
            means.Dispose();
            throw;
        }
    }
}
