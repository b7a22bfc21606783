using AdaQat.Quantizers.Affine;
using AdaQat.Quantizers.Uniform;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// Uniform quantization with a scale and an integer zero point (Jacob et al., arXiv 1712.05877): q = clip(round(x/s) + z), x̂ = s·(q − z).
/// </summary>
/// <remarks>
/// <para>
/// The range [l, h] has 0 in it, and so 0 is a value of the grid, save at one bit of the signed symmetric form. Asymmetric with codes 0 to
/// 2^k − 1: s = (h − l)/(2^k − 1), z = round(−l/s). Symmetric, a = max(−l, h): s = 2a/(2^k − 1), codes −2^(k−1) to 2^(k−1) − 1; in the
/// narrow form s = a/(2^(k−1) − 1), codes of either sign alike; where nothing is negative s = a/(2^k − 1), codes 0 to 2^k − 1. At one bit
/// the signed symmetric form has the two values ±a.
/// </para>
/// <para>∂x̂/∂x is 1 where round(x/s) + z is a code of the grid, else 0; the range has no gradient. A range of zeros gives zeros.</para>
/// </remarks>
public sealed class AffineQuantizer : RangedQuantizer
{
    private readonly AffineOptions _options;
    private readonly bool _isSymmetric;

    /// <summary>Makes a quantizer that reads <paramref name="width"/> at every call.</summary>
    /// <param name="width">k.</param>
    /// <param name="target">What it is for: decides where options leave a choice open.</param>
    /// <param name="isSigned">Whether values may be negative on a symmetric grid; a static range from data may bring the sign.</param>
    /// <param name="options">The choices; null for the defaults.</param>
    /// <param name="scales">How many scales a tensor has at the granularity chosen; 1 per tensor.</param>
    /// <exception cref="ArgumentException">An option is outside what is allowed, or does not go with the width.</exception>
    public AffineQuantizer(
        BitWidth width, QuantizerTarget target, bool isSigned = true, AffineOptions? options = null, long scales = 1)
        : this(
            options ?? new AffineOptions(), width, target, isSigned, new ScaleReach((options ?? new AffineOptions()).Granularity, scales),
            nameof(AffineQuantizer))
    {
    }

    internal AffineQuantizer(
        AffineOptions options, BitWidth width, QuantizerTarget target, bool isSigned, ScaleReach reach, string owner)
        : base(width, Checked(options, width, target, owner), isSigned, new RangeChoice(
            options.Range ?? RangeChoice.SourceFor(target), reach, options.Percentile, options.Kernels))
    {
        (_options, _isSymmetric) = (options, options.IsSymmetricFor(target));
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override WeightStorage Storage(IReadOnlyList<long> shape) =>
        base.Storage(shape) is var storage && _isSymmetric ? storage : storage with { ZeroPoints = storage.Scales };

    private protected override (int Smallest, int Largest, CodeOverflow Overflow) Codes()
    {
        var (smallest, largest) = AffineNumbers.Codes(Width.Bits, _isSymmetric, IsSigned, _options.IsNarrow);
        return (smallest, largest, CodeOverflow.Saturate);
    }

    private protected override Tensor Numbers(Tensor low, Tensor high) =>
        AffineNumbers.Of(low, high, Width.Bits, _isSymmetric, IsSigned, _options.IsNarrow);

    private static AffineOptions Checked(AffineOptions options, BitWidth width, QuantizerTarget target, string owner)
    {
        options.Validate();
        ArgumentNullException.ThrowIfNull(width);
        return options.IsNarrow && width.Minimum < 2 && !options.IsSymmetricFor(target) ? throw new ArgumentException(
            $"{owner}: {nameof(AffineOptions)}.{nameof(AffineOptions.IsNarrow)} leaves an asymmetric grid of one bit a single code, and "
            + $"'{width.Name}' allows one bit; allowed are widths from two bits on.") : options;
    }
}
