using AdaQat.Quantizers.AdditivePowerOfTwo;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// Sums of powers of two (APoT, arXiv 1909.13144): levels α·S/S_max, S a sum of about k/2 powers of two, dense where weights are, with α
/// learned. For weights, signed, and for inputs.
/// </summary>
/// <remarks>
/// A product with a level is a few shifts and additions, and one multiplication by α/S_max for the layer. Gradients: ∂x̂/∂x is 1 strictly
/// inside the range, else 0; ∂x̂/∂α is (x̂ − x)/α inside and ±1 outside (the paper's). α below <see cref="SmallestClippingValue"/>, where a
/// step of its optimizer may carry it, acts as that value. The codes are places in the table of all levels.
/// </remarks>
public sealed class AdditivePowerOfTwoQuantizer : LevelQuantizer
{
    /// <summary>The smallest width: a sign and one magnitude.</summary>
    public const int MinimumBits = 2;

    /// <summary>The largest width.</summary>
    public const int MaximumBits = LevelTable.MaximumBits;

    /// <summary>The smallest α that quantizes.</summary>
    public const double SmallestClippingValue = 1e-6;

    /// <summary>The paper's first value, for a weight that shows none: one whose elements are all equal.</summary>
    private const double PlainStart = 3;

    private readonly AdditivePowerOfTwoOptions _options;
    // TorchSharp's Module disposes what is registered, and replaces this field when it moves to another device or type.
#pragma warning disable CA2213, IDE0044
    private Parameter alpha;
#pragma warning restore CA2213, IDE0044

    /// <summary>Makes a quantizer that reads <paramref name="width"/> at every call.</summary>
    /// <param name="width">k, 2 to 8 bits.</param>
    /// <param name="target">Whether it is for a weight or for an input.</param>
    /// <param name="isSigned">For inputs: whether they may be negative. Weights always are.</param>
    /// <param name="options">Normalisation and start of α; null for the defaults.</param>
    /// <exception cref="ArgumentException">The width is another, or an option is outside what is allowed.</exception>
    public AdditivePowerOfTwoQuantizer(
        BitWidth width, QuantizerTarget target, bool isSigned = false, AdditivePowerOfTwoOptions? options = null)
        : this(options ?? new AdditivePowerOfTwoOptions(), width, target, isSigned)
    {
    }

    private AdditivePowerOfTwoQuantizer(AdditivePowerOfTwoOptions options, BitWidth width, QuantizerTarget target, bool isSigned)
        : base(width, options, target, isSigned, options.IsSigned, options.Kernels)
    {
        Requests.RequireWidth(width, nameof(AdditivePowerOfTwoQuantizer), MinimumBits, MaximumBits);
        options.Validate();
        _options = options;
        alpha = new Parameter(tensor((float)(options.ClippingValue ?? double.NaN)));
        RegisterComponents();
    }

    /// <summary>α: a scalar, for a weight in the unit that the options' normalisation says; NaN until data have given it a value.</summary>
    public Parameter ClippingValue => alpha;

    /// <summary>Whether α has a value: given, taken from data, or loaded.</summary>
    public override bool IsCalibrated
    {
        get
        {
            using var value = alpha.to(ScalarType.Float32);
            return float.IsFinite(value.item<float>());
        }
    }

    /// <summary>
    /// For an input one range, whose larger magnitude is α; null where the options give α, and for weights, whose α counts in another unit.
    /// </summary>
    public override RangeLayout? RangeLayout =>
        Target == QuantizerTarget.Weight || _options.ClippingValue is not null ? null : RangeLayout.PerTensor;

    private bool IsStandardized => Target == QuantizerTarget.Weight && _options.Normalization == WeightNormalization.Standard;

    private protected override LevelTable TableOf(int bits, bool isSigned) => AdditivePowerOfTwoLevels.Of(bits, isSigned);

    private protected override Tensor Range(Tensor input)
    {
        var ofType = alpha.to(input.dtype);
        var range = ActingAs(ofType, ofType.ClampMin(SmallestClippingValue));
        return Target == QuantizerTarget.Weight && !IsStandardized ? range.mul(RootMeanSquare(input.detach())) : range;
    }

    private protected override Tensor Prepared(Tensor input)
    {
        if (!IsStandardized)
        {
            return input;
        }

        var centred = input.sub(input.mean());
        var variance = centred.Square().mean();
        // A weight whose elements are all equal has no deviation, and becomes zeros.
        return centred.div(where(variance.Eq(0), ones_like(variance), variance).sqrt());
    }

    private protected override void StartRange(Tensor data, double largest)
    {
        if (_options.ClippingValue is null)
        {
            alpha.Fill(Math.Max(SmallestClippingValue, Target == QuantizerTarget.Weight ? OfLeastError(data) : Covering(data, largest)));
        }
    }

    private protected override void TakeMagnitude(double magnitude) => alpha.Fill(Math.Max(SmallestClippingValue, magnitude));

    private static Tensor RootMeanSquare(Tensor weight)
    {
        // Squares of very small or very large weights are none of float32.
        var largest = weight.abs().max();
        var divisor = where(largest.Eq(0), ones_like(largest), largest);
        return weight.div(divisor).Square().mean().sqrt().mul(largest);
    }

    private double Covering(Tensor data, double largest) =>
        Magnitudes.Covering(data, _options.Percentile) is var covered and > 0 ? covered : largest;

    private double OfLeastError(Tensor data)
    {
        var values = IsStandardized ? Prepared(data) : data.div(RootMeanSquare(data));
        var form = Form();
        return Magnitudes.Largest(values) is var largest and > 0
            ? MinimumMeanSquaredError.Range(values, largest, (v, range) => LevelOperators.Forward(v, range, form)) : PlainStart;
    }
}
