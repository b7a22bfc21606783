using System.Globalization;
using AdaQat.Freezing;
using static TorchSharp.torch;

namespace AdaQat.Learning;

/// <summary>Looks now and then for widths that do not move and layers whose weights have become zeros.</summary>
internal sealed class WidthDiagnostics(QuantizedModel model, BitWidthOptimizerOptions options)
{
    private readonly HashSet<string> _reported = [];

    /// <summary>What is wrong and has not been reported since it was last right.</summary>
    public IReadOnlyList<QuantizationWarning> Look(IReadOnlyList<WidthState> states, long step, double lambda)
    {
        if (step % options.WarningInterval != 0)
        {
            return [];
        }

        var seen = Stalled(states, step, lambda).Concat(Zeroed()).ToList();
        var fresh = seen.Where(w => !_reported.Contains(w.Subject)).ToList();
        _reported.Clear();
        _reported.UnionWith(seen.Select(w => w.Subject));
        return fresh;
    }

    private IEnumerable<QuantizationWarning> Stalled(IReadOnlyList<WidthState> states, long step, double lambda) =>
        options.StalledStepsWarning is not { } limit
            ? []
            : states.Where(s => !s.Width.IsFrozen && step - s.LastMovedAtStep >= limit).Select(s => new QuantizationWarning(
                s.Width.Name,
                string.Create(CultureInfo.InvariantCulture,
                    $"Bit-width '{s.Width.Name}' has stood at {s.Width.Value:0.###} for {step - s.LastMovedAtStep} steps: at the "
                    + $"end of its range, λ ({lambda}) may be too small or too large.")));

    private IEnumerable<QuantizationWarning> Zeroed()
    {
        if (options.ZeroWeightShareWarning is not { } limit)
        {
            yield break;
        }

        foreach (var layer in model.Layers)
        {
            var share = ZeroShare(layer);
            if (share > limit)
            {
                yield return new QuantizationWarning(layer.Name, FormattableString.Invariant(
                    $"Layer '{layer.Name}': {share:P0} of its weights quantize to zero at {layer.WeightBits.Bits} bits."));
            }
        }
    }

    private static double ZeroShare(QuantizedLayer layer)
    {
        using var scope = NewDisposeScope();
        return layer.QuantizedWeight().Eq(0).to(ScalarType.Float64).mean().item<double>();
    }
}
