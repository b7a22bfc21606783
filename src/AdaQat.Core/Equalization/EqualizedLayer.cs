using AdaQat.Corrections;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Equalization;

/// <summary>A layer's channel ranges, and the scales that its channels get: nothing is written before all are found.</summary>
internal sealed class EqualizedLayer : IDisposable
{
    private readonly Tensor _largest;

    private EqualizedLayer(NetworkLayer layer, Tensor largest)
    {
        (Layer, _largest) = (layer, largest);
        Outputs = ones(layer.Outputs, dtype: ScalarType.Float64, device: largest.device).DetachFromDisposeScope();
        Inputs = ones(layer.Inputs, dtype: ScalarType.Float64, device: largest.device).DetachFromDisposeScope();
    }

    public NetworkLayer Layer { get; }

    /// <summary>What each output channel is multiplied by.</summary>
    public Tensor Outputs { get; }

    /// <summary>What each input channel is multiplied by.</summary>
    public Tensor Inputs { get; }

    /// <summary>The layer; null where its weight or bias is not finite.</summary>
    public static EqualizedLayer? From(NetworkLayer layer)
    {
        using var scope = NewDisposeScope();
        var channels = layer.Channels();
        var isFinite = channels.isfinite().all().item<bool>() && layer.Bias?.isfinite().all().item<bool>() != false;
        return isFinite ? new EqualizedLayer(layer, channels.abs().amax([3]).DetachFromDisposeScope()) : null;
    }

    /// <summary>The largest magnitude of each output channel with the scales found so far.</summary>
    public Tensor OutputRanges() => Scaled().amax([2]).reshape(-1);

    /// <summary>The largest magnitude of what reads each input channel.</summary>
    public Tensor InputRanges() => Scaled().amax([1]).reshape(-1);

    /// <summary>Writes the scales in, where there are any.</summary>
    /// <returns>Whether there were.</returns>
    public bool Write(SavedState before)
    {
        using var scope = NewDisposeScope();
        if (cat([Outputs, Inputs]).Eq(1).all().item<bool>())
        {
            return false;
        }

        var scaled = Layer.Channels() * Grouped(Outputs).reshape(_largest.shape[0], -1, 1, 1) * Grouped(Inputs).reshape(
            _largest.shape[0], 1, -1, 1);
        before.Write(Layer.Module, "weight", Layer.FromChannels(scaled));
        if (Layer.Bias is { } bias)
        {
            before.Write(Layer.Module, "bias", bias.detach().to(ScalarType.Float64) * Outputs);
        }

        return true;
    }

    public void Dispose()
    {
        _largest.Dispose();
        Outputs.Dispose();
        Inputs.Dispose();
    }

    private Tensor Grouped(Tensor channels) => channels.reshape(_largest.shape[0], -1);

    private Tensor Scaled() => _largest * Grouped(Outputs).unsqueeze(2) * Grouped(Inputs).unsqueeze(1);
}
