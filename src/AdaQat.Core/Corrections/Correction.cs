using AdaQat.Corrections;

namespace AdaQat;

/// <summary>A correction of a network that can be taken back: disposing undoes it, unless <see cref="Keep"/> was called.</summary>
/// <remarks>
/// Undo brings back every bit of what the correction changed: weights, biases, batch normalisation, the state of quantizers. What was
/// trained or corrected since in the same tensors is lost with it; so corrections are undone in the reverse of the order in which they were
/// made, as <c>using</c> declarations do.
/// </remarks>
public sealed class Correction : IDisposable
{
    private readonly QuantizedModel? _quantized;
    private readonly IDisposable? _hooks;
    private SavedState? _before;

    internal Correction(QuantizedModel? quantized, SavedState before, CorrectionReport report, IDisposable? hooks = null) =>
        (_quantized, _before, Report, _hooks) = (quantized, before, report, hooks);

    /// <summary>What was done, layer by layer, and what was left alone, and why.</summary>
    public CorrectionReport Report { get; }

    /// <summary>Makes it last: disposing does nothing from now on, and what undo needed is freed.</summary>
    public void Keep()
    {
        _before?.Dispose();
        _before = null;
    }

    /// <summary>Undoes it; does nothing the second time, or after <see cref="Keep"/>.</summary>
    /// <exception cref="InvalidOperationException">
    /// The model was baked since: its weights are the quantized ones, and can't be taken back. Call <see cref="Keep"/> before.
    /// </exception>
    public void Dispose()
    {
        if (_before is null)
        {
            return;
        }

        if (_quantized is { IsBaked: true })
        {
            throw new InvalidOperationException(
                $"'{Report.Correction}' can't be undone: the model was baked since. Call Keep() on a correction before Bake().");
        }

        _quantized?.Settle();
        _hooks?.Dispose();
        _before.Restore();
        Keep();
    }
}
