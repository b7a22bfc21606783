using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;
using AdaQat.Quantizers.PowerOfTwo;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// Powers of two and 0, so that every product is a shift (arXiv 1603.01025, and for weights INQ, arXiv 1702.03044): levels ±2^e from the
/// largest exponent E down, 2^(k−1) − 1 of them for either sign; unsigned 2^k − 1.
/// </summary>
/// <remarks>
/// <para>
/// E = ⌊log2(4m/3)⌋, m the largest magnitude of a weight, or the percentile of an input: the power of two nearest to m. A weight's range
/// follows it at every call and its gradient goes through everywhere. A range that is kept or learned is left by some values; those have no
/// gradient, and a learned one gets ∂x̂/∂E = ln 2·(x̂ − x) inside and ln 2·x̂ outside (arXiv 1903.08066).
/// </para>
/// <para>
/// Rounding is to the nearest in value, not in the exponent: the border between 2^e and 2^(e+1) is 1.5·2^e. Beyond 6 bits most exponents
/// lie so low that the levels add nothing. The codes are places in the table of all levels.
/// </para>
/// </remarks>
public sealed class PowerOfTwoQuantizer : LevelQuantizer
{
    /// <summary>The smallest width: a sign and one magnitude.</summary>
    public const int MinimumBits = 2;

    /// <summary>The largest width.</summary>
    public const int MaximumBits = LevelTable.MaximumBits;

    /// <summary>The magnitude that the largest exponent does not exceed; one beyond it acts as that.</summary>
    public const int ExponentLimit = 100;

    /// <summary>Has the smallest exponent that counts: a range that lies below 0 where values cannot be negative has none.</summary>
    private static readonly double SmallestMagnitude = Math.ScaleB(1, -ExponentLimit);

    private readonly PowerOfTwoOptions _options;
    // TorchSharp's Module disposes what is registered, and replaces this field when it moves to another device or type.
#pragma warning disable CA2213, IDE0044
    private Parameter? exponent;
#pragma warning restore CA2213, IDE0044

    /// <summary>Makes a quantizer that reads <paramref name="width"/> at every call.</summary>
    /// <param name="width">k, 2 to 8 bits.</param>
    /// <param name="target">Whether it is for a weight or for an input.</param>
    /// <param name="isSigned">For inputs: whether they may be negative. Weights always are.</param>
    /// <param name="options">Where the largest exponent comes from; null for the defaults.</param>
    /// <exception cref="ArgumentException">The width is another, or an option is outside what is allowed.</exception>
    public PowerOfTwoQuantizer(BitWidth width, QuantizerTarget target, bool isSigned = false, PowerOfTwoOptions? options = null)
        : this(options ?? new PowerOfTwoOptions(), width, target, isSigned)
    {
    }

    private PowerOfTwoQuantizer(PowerOfTwoOptions options, BitWidth width, QuantizerTarget target, bool isSigned)
        : base(width, options, target, isSigned, options.IsSigned, options.Kernels)
    {
        Requests.RequireWidth(width, nameof(PowerOfTwoQuantizer), MinimumBits, MaximumBits);
        options.Validate();
        _options = options;
        if (!FollowsWeight)
        {
            exponent = new Parameter(
                tensor(options.LargestExponent ?? float.NaN), requires_grad: options.Range == PowerOfTwoRange.Learned);
        }

        RegisterComponents();
    }

    /// <summary>
    /// E: a scalar, rounded where it is used; NaN until data have given it a value, null where it follows the weight. Without gradient
    /// where it is not learned.
    /// </summary>
    public Parameter? LargestExponent => exponent;

    /// <summary>Whether E has a value: given, taken from data, or loaded; always where it follows the weight.</summary>
    public override bool IsCalibrated
    {
        get
        {
            if (exponent is null)
            {
                return true;
            }

            using var value = exponent.to(ScalarType.Float32);
            return float.IsFinite(value.item<float>());
        }
    }

    /// <summary>
    /// One range, whose larger magnitude E is the nearest power of two to; null where E is given, or follows the weight.
    /// </summary>
    public override RangeLayout? RangeLayout => exponent is null || _options.LargestExponent is not null ? null : RangeLayout.PerTensor;

    private protected override bool PassesOutside => FollowsWeight;

    private bool FollowsWeight =>
        Target == QuantizerTarget.Weight && _options is { Range: PowerOfTwoRange.FromData, LargestExponent: null };

    private protected override LevelTable TableOf(int bits, bool isSigned) => PowerOfTwoLevels.Of(bits, isSigned);

    private protected override Tensor Range(Tensor input)
    {
        if (exponent is null)
        {
            var largest = input.detach().abs().max();
            return Power(NearestExponent(largest.to(Wide(input)))).to(input.dtype).MaskedFill(largest.Eq(0), 0);
        }

        var ofType = exponent.to(input.dtype);
        var range = Power(ofType.detach().round());
        // 2^0 is 1: the value is the rounded exponent's, the gradient that of 2^E.
        return exponent.requires_grad ? range.mul(ofType.sub(ofType.detach()).exp2()) : range;
    }

    private protected override void StartRange(Tensor data, double largest)
    {
        if (exponent is null || _options.LargestExponent is not null)
        {
            return;
        }

        var magnitude = Target == QuantizerTarget.Activation && Magnitudes.Covering(data, _options.Percentile) is var covered and > 0
            ? covered : largest;
        TakeMagnitude(magnitude);
    }

    private protected override void TakeMagnitude(double magnitude) => exponent!.Fill(
        (float)NearestExponent(tensor(Math.Max(magnitude, SmallestMagnitude), dtype: ScalarType.Float64)).item<double>());

    private static ScalarType Wide(Tensor input) => input.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;

    /// <summary>The exponent of the power of two that is nearest in value.</summary>
    private static Tensor NearestExponent(Tensor magnitude) => magnitude.Mul(4.0 / 3).log2().floor();

    private static Tensor Power(Tensor whole) => whole.Clamp(-ExponentLimit, ExponentLimit).exp2();
}
