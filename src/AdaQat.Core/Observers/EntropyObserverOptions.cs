using AdaQat.Diagnostics;
using AdaQat.Observers;

namespace AdaQat;

/// <summary>
/// The range at which the quantized values' distribution tells most of the float ones': the least Kullback–Leibler divergence, as in
/// TensorRT's calibration (S. Migacz, "8-bit inference with TensorRT", GTC 2017).
/// </summary>
/// <remarks>
/// <para>
/// H is the histogram of the magnitudes, zeros left out, since every grid has 0. For each number i of bins, from the number of levels on:
/// P is the first i bins, and all that is above is added to the last of them; Q is the first i bins, without what is above, in
/// as many equal parts as there are levels, each part's sum spread evenly over those of its bins that P has something in. Both are
/// normalised. Of the i with the least Σ P·ln(P/Q) the range ends at i·w, w being the width of a bin; where P has something that Q has
/// not, the divergence is infinite.
/// </para>
/// <para>
/// Levels are 2^k for values of one sign, and 2^(k−1) for values of both, k being the width in force. The range is that of the values, cut
/// to ±i·w.
/// </para>
/// </remarks>
public sealed record EntropyObserverOptions : ObserverOptions
{
    /// <summary>
    /// Bins of the histogram of magnitudes at most, 64 to 8192; half of them at least are used, and the time grows with their square.
    /// Default 2048, as in TensorRT.
    /// </summary>
    public int Bins { get; init; } = 2048;

    /// <inheritdoc/>
    public override string Name => "entropy";

    /// <summary>Checks the number of bins.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside what is allowed.</exception>
    public override void Validate() => Guard.InRange(Bins, HistogramLimits.FewestBins, EntropyObserver.MostBins, nameof(Bins));

    /// <inheritdoc/>
    protected internal override Observer Create(ObserverRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new EntropyObserver(request.Quantizer.Width.Bits, Bins);
    }
}
