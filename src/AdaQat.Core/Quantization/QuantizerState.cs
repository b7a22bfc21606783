using static TorchSharp.torch;

namespace AdaQat.Quantization;

/// <summary>Parameters and buffers of a quantizer as they were, to be put back.</summary>
internal sealed class QuantizerState : IDisposable
{
    private readonly Quantizer _quantizer;
    private readonly List<(Tensor Target, Tensor Value)> _values;

    public QuantizerState(Quantizer quantizer)
    {
        _quantizer = quantizer;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _values = [.. quantizer.StateTensors().Select(t => (t, t.clone().DetachFromDisposeScope()))];
    }

    public void Restore()
    {
        using var noGradient = no_grad();
        _values.ForEach(v => v.Target.copy_(v.Value));
        // A quantizer that remembers what is in a buffer looks again once one was asked for.
        _ = _quantizer.get_buffer(Quantizer.BitsName);
    }

    public void Dispose() => _values.ForEach(v => v.Value.Dispose());
}
