using AdaQat.Corrections;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.AdaptiveRounding;

/// <summary>What a layer reads and makes in forwards, all samples in one tensor each.</summary>
internal sealed class LayerData : IDisposable
{
    private readonly List<Tensor> _pieces = [];

    /// <summary>What a layer reads while an action makes quantized forwards: its input as its quantizer makes it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="quantized">Its quantizers.</param>
    /// <param name="run">Makes forwards.</param>
    /// <param name="reason">Why there is nothing.</param>
    /// <returns>The samples; null, with the reason, where there are none, or samples differ in shape.</returns>
    public static Tensor? Inputs(NetworkLayer layer, QuantizedLayer quantized, Action run, out string reason)
    {
        using var data = new LayerData();
        // The layer's own hook disposes what it has quantized; to quantize that once more changes nothing.
        var hook = layer.Module.register_forward_pre_hook((_, input) =>
        {
            data.Add(quantized.ActivationBits.IsUnquantized ? input.alias() : quantized.ActivationQuantizer.Quantize(input));
            return input;
        });
        return data.Seen(hook.remove, run, out reason);
    }

    /// <summary>What a layer makes while an action makes forwards.</summary>
    /// <inheritdoc cref="Inputs"/>
    public static Tensor? Outputs(NetworkLayer layer, Action run, out string reason)
    {
        using var data = new LayerData();
        var hook = layer.Module.register_forward_hook((_, _, output) =>
        {
            data.Add(output.alias());
            return output;
        });
        return data.Seen(hook.remove, run, out reason);
    }

    public void Dispose() => _pieces.ForEach(piece => piece.Dispose());

    private void Add(Tensor piece)
    {
        using (piece)
        {
            _pieces.Add(piece.detach().clone().DetachFromDisposeScope());
        }
    }

    private Tensor? Seen(Action removeHook, Action run, out string reason)
    {
        try
        {
            run();
        }
        finally
        {
            removeHook();
        }

        return Whole(out reason);
    }

    private Tensor? Whole(out string reason)
    {
        reason = "";
        if (_pieces.Count == 0)
        {
            reason = "no batch reached it";
        }
        else if (_pieces.Exists(piece => piece.dim() < 2 || !piece.shape.AsSpan(1).SequenceEqual(_pieces[0].shape.AsSpan(1))))
        {
            reason = "what it reads differs in shape from batch to batch";
        }

        return reason.Length == 0 ? cat(_pieces) : null;
    }
}
