using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.AfterTraining;

/// <summary>How much farther the largest output channel of each weight reaches than the median one.</summary>
internal sealed class OutlierChannels
{
    /// <summary>From this on it is worth a word: at 4 bits the median channel has two codes left.</summary>
    private const double Remarkable = 10;

    private readonly List<(QuantizedLayer Layer, double Ratio)> _found;

    public OutlierChannels(QuantizedModel quantized)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _found = quantized.Layers.Where(l => !l.WeightBits.IsUnquantized).Select(l => (l, Ratio(l))).ToList();
    }

    /// <summary>What to say of them, given how they are in the end.</summary>
    public IEnumerable<string> Notes(OutlierChannels after) =>
        from before in _found.Zip(after._found)
        where before.First.Ratio >= Remarkable
        let layer = before.First.Layer
        let channels = FormattableString.Invariant(
            $"The largest output channel of '{layer.Name}' reached {before.First.Ratio:0.#} times as far as the median one")
        select ScaleOf(layer) switch
        {
            { Axis: null } when before.Second.Ratio < before.First.Ratio / 2 => FormattableString.Invariant(
                $"{channels}, and one scale serves all: equalisation has brought that down to {before.Second.Ratio:0.#}."),
            { Axis: null } => $"{channels}, and one scale serves all: scales per channel (Granularity.PerChannel()) would serve each.",
            _ => $"{channels}; each channel has a scale of its own.",
        };

    private static double Ratio(QuantizedLayer layer)
    {
        var axis = layer.Attached.Module is Convolution { transposed: true } ? 1 : 0;
        var reach = Granularity.PerChannel(axis).Rows(layer.Attached.LatentWeight.detach()).abs().amax([1]).to(ScalarType.Float64);
        var median = reach.median().item<double>();
        return median == 0 ? 1 : reach.max().item<double>() / median;
    }

    /// <summary>How far one scale of its weight reaches; per tensor where the quantizer has no uniform grid.</summary>
    private static Granularity ScaleOf(QuantizedLayer layer)
    {
        try
        {
            var encoded = layer.Attached.EncodeWeight();
            encoded?.Values.Dispose();
            return encoded?.Grid is UniformGrid grid ? grid.Granularity : Granularity.PerTensor;
        }
        catch (NotSupportedException)
        {
            // A quantizer of a user's own need not have codes.
            return Granularity.PerTensor;
        }
    }
}
