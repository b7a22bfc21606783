using AdaQat.Corrections;
using AdaQat.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.AdaptiveRounding;

/// <summary>Rounding learned layer by layer, each on what those before it give it as they are rounded now.</summary>
internal sealed class RoundedNetwork(
    CorrectedNetwork network, QuantizedModel quantized, Action forwards, LearnedRoundingOptions options, SavedState before,
    IProgress<CorrectionProgress>? progress, CancellationToken token)
{
    public Correction Run()
    {
        var layers = quantized.Layers.Where(layer => !layer.WeightBits.IsUnquantized).ToList();
        var entries = new List<CorrectionEntry>();
        var notes = new List<string>();
        try
        {
            foreach (var (place, layer) in layers.Index())
            {
                token.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                entries.Add(Learn(layer, (iteration, objective) => progress?.Report(new CorrectionProgress(
                    layer.Name, place + 1, layers.Count, iteration, options.Iterations, objective))));
            }
        }
        catch (OperationCanceledException) when (options.KeepsFinishedLayers)
        {
            notes.Add($"Cancelled: {entries.Count} of {layers.Count} layers were done, and are kept.");
            entries.AddRange(layers.Skip(entries.Count).Select(layer => new CorrectionEntry(layer.Name, IsCorrected: false, "cancelled")));
        }
        catch
        {
            before.Restore();
            before.Dispose();
            throw;
        }

        return new Correction(quantized, before, new("learned rounding", entries, notes));
    }

    private CorrectionEntry Learn(QuantizedLayer quantizedLayer, Action<int, double> told)
    {
        var node = network.Graph.Nodes.FirstOrDefault(node => node.Module == quantizedLayer.Name && CorrectedNetwork.IsLayer(node));
        var reason = "the graph's example does not reach it";
        if (node is not null && network.LayerOf(node, out reason) is { } layer
            && LayerFunction.Of(network, node, layer, out reason) is { } function)
        {
            before.Save(quantizedLayer.WeightQuantizer);
            using (no_grad())
            {
                quantizedLayer.WeightQuantizer.StartOnce(layer.Weight);
            }

            if (RoundingGrid.Of(quantizedLayer.WeightQuantizer, layer.Weight.detach(), out reason) is { } grid
                && LayerData.Inputs(
                    layer, quantizedLayer, () => CorrectionData.Run(quantized.Model, forwards), out reason) is { } inputs
                && LayerData.Outputs(layer, RunInFloat, out reason) is { } targets)
            {
                return Learn(node, layer, quantizedLayer, grid, function, inputs, targets, told);
            }
        }

        return new(quantizedLayer.Name, IsCorrected: false, reason);
    }

    private CorrectionEntry Learn(
        GraphNode node, NetworkLayer layer, QuantizedLayer quantizedLayer, RoundingGrid grid, Func<Tensor, Tensor, Tensor> function,
        Tensor inputs, Tensor targets, Action<int, double> told)
    {
        var problem = new RoundingProblem(
            grid, function, OutputFunction.Of(network, node), inputs, targets, layer.ChannelAxis(targets));
        using var generator = new Generator((ulong)options.Seed);
        var count = inputs.shape[0];
        var learned = problem.Solve(
            options, _ => randperm(count, generator: generator).narrow(0, 0, Math.Min(options.BatchSize, count)).to(inputs.device), told,
            token);
        var (nearestError, learnedError) = (problem.Error(grid.Nearest, options.BatchSize), problem.Error(learned, options.BatchSize));
        var moved = learned.ne(grid.Nearest).sum().item<long>();
        if (moved == 0 || !(learnedError < nearestError))
        {
            return new(layer.Name, IsCorrected: false, FormattableString.Invariant(
                $"plain rounding is as good: its error is {nearestError:G3}, that of {moved} codes moved {learnedError:G3}"));
        }

        var weight = grid.WeightOf(learned);
        var (hasCodes, scaleMoved) = grid.Check(weight, learned);
        if (!hasCodes)
        {
            return new(layer.Name, IsCorrected: false, FormattableString.Invariant(
                $"{quantizedLayer.WeightQuantizer.GetType().Name} gives the learned weight other codes than those learned"));
        }

        before.Write(layer.Module, "weight", weight);
        var share = (double)moved / learned.numel();
        return new(layer.Name, IsCorrected: true, FormattableString.Invariant(
            $"{share:P1} of its codes moved, and its outputs' error from {nearestError:G3} to {learnedError:G3}")
            + (scaleMoved > 0 ? FormattableString.Invariant($"; its scale follows its weight, and moved by {scaleMoved:P2}") : ""));
    }

    /// <summary>The float network is the one of before: weights that are rounded already are put back for the time of it.</summary>
    private void RunInFloat()
    {
        before.Exchange();
        try
        {
            using var request = quantized.InFloat();
            CorrectionData.Run(quantized.Model, forwards);
        }
        finally
        {
            before.Exchange();
        }
    }
}
