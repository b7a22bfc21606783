namespace AdaQat.Quantization;

/// <summary>Several quantizers as they are, to be put back where what is begun with them fails.</summary>
internal sealed class QuantizerSnapshot : IDisposable
{
    private readonly List<(Quantizer Quantizer, QuantizerState State)> _states;

    public QuantizerSnapshot(IEnumerable<Quantizer> quantizers) =>
        _states = [.. quantizers.Distinct<Quantizer>(ReferenceEqualityComparer.Instance).Select(q => (q, new QuantizerState(q)))];

    public void Restore()
    {
        foreach (var (quantizer, state) in _states)
        {
            state.Restore();
            quantizer.ForgetStart();
        }
    }

    public void Dispose() => _states.ForEach(s => s.State.Dispose());
}
