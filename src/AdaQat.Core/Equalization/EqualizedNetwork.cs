using AdaQat.Corrections;
using AdaQat.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Equalization;

/// <summary>All pairs of a network, gone through until nothing moves, and then written at once.</summary>
internal sealed class EqualizedNetwork : IDisposable
{
    private readonly CorrectedNetwork _network;
    private readonly CrossLayerEqualizationOptions _options;
    private readonly Dictionary<string, EqualizedLayer> _layers = [];
    private readonly Dictionary<string, EqualizedNorm> _norms = [];
    private readonly List<(EqualizedLayer Layer, EqualizedNorm Norm)> _rescaled = [];

    private EqualizedNetwork(CorrectedNetwork network, CrossLayerEqualizationOptions options) => (_network, _options) = (network, options);

    public static Correction Run(CorrectedNetwork network, CrossLayerEqualizationOptions options)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var equalized = new EqualizedNetwork(network, options);
        return equalized.Run();
    }

    public void Dispose()
    {
        foreach (var part in _layers.Values.Cast<IDisposable>().Concat(_norms.Values))
        {
            part.Dispose();
        }
    }

    private Correction Run()
    {
        var found = _network.Graph.Nodes.Where(CorrectedNetwork.IsLayer)
            .Select(node => (Node: node, Pair: Find(node, out var reason), Reason: reason)).ToList();
        var pairs = found.Where(f => f.Pair is not null).Select(f => f.Pair!).ToList();
        var spreads = pairs.ConvertAll(pair => pair.Spread());
        var iterations = Iterate(pairs);
        var before = new SavedState();
        foreach (var layer in _layers.Values.Where(layer => layer.Write(before)))
        {
            _network.RestartWeight(layer.Layer, before);
        }

        foreach (var norm in _norms.Values)
        {
            norm.Write(before);
        }

        var entries = found.Select(f => f.Pair is { } pair
            ? Corrected(f.Node, pair, spreads[pairs.IndexOf(pair)])
            : Rescaled(f.Node) ?? new CorrectionEntry(f.Node.Module, IsCorrected: false, f.Reason)).ToList();
        return new Correction(_network.Quantized, before, new("cross-layer equalisation", entries, Notes(pairs, iterations)));
    }

    private int Iterate(List<EqualizedPair> pairs)
    {
        for (var iteration = 1; iteration < _options.MaximumIterations; iteration++)
        {
            RescaleBeforeNorms();
            if (pairs.Count == 0 || pairs.Max(pair => pair.Equalize()) < Math.Log(1 + _options.Tolerance))
            {
                RescaleBeforeNorms();
                return iteration;
            }
        }

        RescaleBeforeNorms();
        return _options.MaximumIterations;
    }

    /// <summary>The pair that a layer is the first of; null, with the reason, where there is none.</summary>
    private EqualizedPair? Find(GraphNode node, out string reason)
    {
        if (LayerOf(node, out reason) is not { } first)
        {
            return null;
        }

        var path = ChannelPath.From(_network, node, out reason);
        var norm = _network.Readers(node) is [{ Operator: BatchNormOperator } reader] ? NormOf(reader, out var fault) : null;
        if (norm is { IsShift: false } && (node.Operator is not LinearOperator || node.Output.Shape.Rank == 2))
        {
            _rescaled.Add((first, norm));
        }

        if (path is null)
        {
            return null;
        }

        if (path.Norm is not null && norm is null)
        {
            _ = NormOf(path.Norm, out reason);
            reason = $"'{path.Norm.Name}': {reason}";
            return null;
        }

        if (norm is { IsShift: false, HasSlope: false })
        {
            reason = $"'{path.Norm!.Name}' has no γ and β to take the scale; fold it first";
            return null;
        }

        return LayerOf(path.Second, out reason) is { } second ? new EqualizedPair(first, norm, second, path.Block) : null;
    }

    private EqualizedLayer? LayerOf(GraphNode node, out string reason)
    {
        if (_network.LayerOf(node, out reason) is not { } layer)
        {
            return null;
        }

        if (!_layers.TryGetValue(layer.Name, out var known))
        {
            if (EqualizedLayer.From(layer) is not { } made)
            {
                reason = $"the weight or bias of '{layer.Name}' is not finite";
                return null;
            }

            _layers.Add(layer.Name, known = made);
        }

        return known;
    }

    private EqualizedNorm? NormOf(GraphNode node, out string reason)
    {
        if (_network.BatchNormOf(node, out reason) is not { } module)
        {
            return null;
        }

        if (!_norms.TryGetValue(node.Module, out var norm))
        {
            norm = new EqualizedNorm(node.Module, module);
            if (!norm.IsFinite)
            {
                norm.Dispose();
                reason = "its parameters or statistics are not all finite";
                return null;
            }

            _norms.Add(node.Module, norm);
        }

        return norm;
    }

    /// <summary>Brings output channels before batch normalisation to the geometric mean of their ranges.</summary>
    private void RescaleBeforeNorms()
    {
        foreach (var (layer, norm) in _options.RescalesBeforeBatchNorm ? _rescaled : [])
        {
            using var scope = NewDisposeScope();
            var ranges = layer.OutputRanges();
            var live = ranges.Gt(0);
            if (!live.any().item<bool>())
            {
                continue;
            }

            var logarithms = ranges.MaskedFill(live.logical_not(), 1).log();
            var scale = (logarithms.sum().div(live.sum()) - logarithms).exp().MaskedFill(live.logical_not(), 1);
            scale = scale.maximum(norm.LeastInputScale() / norm.Inputs);
            layer.Outputs.mul_(scale);
            norm.Inputs.mul_(scale);
        }
    }

    private static CorrectionEntry Corrected(GraphNode node, EqualizedPair pair, double spread) => new(
        node.Module, IsCorrected: true, FormattableString.Invariant(
            $"with '{pair.Second.Layer.Name}', whose input channels were {spread:G3} to 1 apart and are {pair.Spread():G3} to 1"));

    private CorrectionEntry? Rescaled(GraphNode node) => _options.RescalesBeforeBatchNorm
        && _rescaled.Find(r => r.Layer.Layer.Name == node.Module) is { Norm: { } norm }
            ? new(node.Module, IsCorrected: true, $"its output channels have one range, which '{norm.Name}' takes back")
            : null;

    private List<string> Notes(List<EqualizedPair> pairs, int iterations)
    {
        var started = pairs.Select(pair => _network.QuantizedLayerOf(pair.Second.Layer.Module)).OfType<QuantizedLayer>()
            .Where(layer => !layer.ActivationBits.IsUnquantized && layer.ActivationQuantizer.IsCalibrated).Select(layer => layer.Name)
            .Distinct().ToList();
        var notes = new List<string> { FormattableString.Invariant($"{pairs.Count} pairs in {iterations} iterations.") };
        if (started.Count > 0)
        {
            notes.Add($"Ranges of inputs had started and no longer fit; calibrate anew: {string.Join(", ", started)}.");
        }

        return notes;
    }
}
