using static TorchSharp.torch;

namespace AdaQat.Quantization;

/// <summary>Parameters and buffers of a quantizer as they were, to be put back.</summary>
internal sealed class QuantizerState : IDisposable
{
    private readonly List<(Tensor Target, Tensor Value)> _values;

    public QuantizerState(Quantizer quantizer)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _values = [.. quantizer.parameters().Concat(quantizer.buffers()).Select(t => (t, t.clone().DetachFromDisposeScope()))];
    }

    public void Restore()
    {
        using var noGradient = no_grad();
        _values.ForEach(v => v.Target.copy_(v.Value));
    }

    public void Dispose() => _values.ForEach(v => v.Value.Dispose());
}
