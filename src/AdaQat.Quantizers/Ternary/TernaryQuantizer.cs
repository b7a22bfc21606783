using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;
using AdaQat.Quantizers.Ternary;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// Weights that are 0 or one magnitude of either sign (TWN, arXiv 1605.04711): ŵ = a·sign(w) where |w| &gt; Δ, else 0, with Δ = 0.7·mean|w|
/// and a the mean of |w| above it. Or with two learned magnitudes, one a sign (TTQ, arXiv 1612.01064).
/// </summary>
/// <remarks>
/// Two bits. Codes are −1, 0 and 1 with the grid a·code; with learned scales 0, 1 and 2 with the table −n, 0, p. TWN passes the gradient on
/// unchanged; TTQ multiplies it by the scale of the weight's side. What is all zeros stays zeros.
/// </remarks>
public sealed class TernaryQuantizer : Quantizer
{
    /// <summary>The family's only width.</summary>
    public const int Bits = 2;

    private readonly TernaryOptions _options;
    // TorchSharp's Module disposes what is registered, and replaces these fields when it moves to another device or type.
#pragma warning disable CA2213, IDE0044
    private Parameter? positive_scale;
    private Parameter? negative_scale;
#pragma warning restore CA2213, IDE0044

    /// <summary>Makes a quantizer.</summary>
    /// <param name="width">Two bits, fixed.</param>
    /// <param name="options">Granularity, scale and threshold; null for the defaults.</param>
    /// <exception cref="ArgumentException">The width is another, or an option is outside what is allowed.</exception>
    public TernaryQuantizer(BitWidth width, TernaryOptions? options = null)
        : this(options ?? new TernaryOptions(), width)
    {
    }

    private TernaryQuantizer(TernaryOptions options, BitWidth width)
        : base(width, options)
    {
        Requests.RequireWidth(width, nameof(TernaryQuantizer), Bits, Bits);
        options.Validate();
        _options = options;
        if (options.Scale == TernaryScale.Learned)
        {
            positive_scale = new Parameter(tensor(float.NaN));
            negative_scale = new Parameter(tensor(float.NaN));
        }

        RegisterComponents();
    }

    /// <summary>p, what positive weights become: a scalar, NaN before the first training forward; null with TWN's scale.</summary>
    public Parameter? PositiveScale => positive_scale;

    /// <summary>
    /// n, the magnitude that negative weights become: a scalar, NaN before the first training forward; null with TWN's scale.
    /// </summary>
    public Parameter? NegativeScale => negative_scale;

    /// <inheritdoc/>
    protected override WeightStorage Storage(IReadOnlyList<long> shape) =>
        new(negative_scale is null ? _options.Granularity.ScalesFor(shape) : 2);

    /// <summary>Whether learned scales have their values; always with TWN's.</summary>
    public override bool IsCalibrated
    {
        get
        {
            if (positive_scale is null || negative_scale is null)
            {
                return true;
            }

            using var scope = NewDisposeScope();
            return positive_scale.isfinite().logical_and(negative_scale.isfinite()).item<bool>();
        }
    }

    /// <summary>
    /// Starts learned scales at TWN's, one for each sign, from the finite elements; where none has a sign, the other's serves. Where all
    /// are zero, or none is finite, nothing changes.
    /// </summary>
    /// <param name="input">The weight.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override void Calibrate(Tensor input)
    {
        Inputs.RefuseEmpty(input, nameof(TernaryQuantizer));
        if (positive_scale is null || negative_scale is null)
        {
            return;
        }

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var data = Magnitudes.Finite(input.detach()).to(ScalarType.Float64);
        if (data.numel() == 0 || Magnitudes.Largest(data) == 0)
        {
            return;
        }

        var threshold = data.abs().mean().Mul(_options.Threshold).item<double>();
        var (positive, negative) = (MeanAbove(data, threshold), MeanAbove(data.neg(), threshold));
        positive_scale.Fill(positive ?? negative!.Value);
        negative_scale.Fill(negative ?? positive!.Value);
    }

    /// <summary>ŵ, of <paramref name="input"/>'s shape, type and device.</summary>
    /// <param name="input">The latent weight: floating point, any shape, at least one element.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty, or the granularity does not fit its shape.</exception>
    public override Tensor forward(Tensor input)
    {
        ThrowIfBackwardFailed();
        Inputs.RefuseEmpty(input, nameof(TernaryQuantizer));
        using var scope = NewDisposeScope();
        var quantized = positive_scale is null || negative_scale is null
            ? StraightThroughFunction.Apply(input, Values(input), this)
            : TernaryFunction.Apply(input, positive_scale.to(input.dtype), negative_scale.to(input.dtype), _options, this);
        return quantized.MoveToOuterDisposeScope();
    }

    /// <summary>−1, 0 and 1 with the grid a·code; with learned scales 0, 1 and 2 with the table −n, 0, p.</summary>
    /// <param name="input">The latent weight: floating point, any shape, at least one element, finite.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty or holds NaN or infinity.</exception>
    /// <exception cref="InvalidOperationException">Learned scales have no value yet.</exception>
    public override EncodedTensor Encode(Tensor input)
    {
        Inputs.RefuseWithoutCodes(input, nameof(TernaryQuantizer));
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        if (positive_scale is null || negative_scale is null)
        {
            var numbers = TernaryNumbers.Of(input, _options);
            var codes = TernaryOperators.Encode(input, numbers.select(0, 0), _options.Granularity);
            var list = Granules.List(numbers.select(0, 1));
            return new EncodedTensor(codes, new UniformGrid(list, new double[list.Length], _options.Granularity, -1, 1), input.dtype);
        }

        if (!IsCalibrated)
        {
            throw new InvalidOperationException(
                $"{nameof(TernaryQuantizer)}: its scales have no value yet; a weight gives them one, see {nameof(Calibrate)}.");
        }

        var levels = new[] { 0 - Number(negative_scale.to(input.dtype)), 0, Number(positive_scale.to(input.dtype)) };
        var places = TernaryOperators.Encode(input, TernaryNumbers.Threshold(input, _options), Granularity.PerTensor).Add(1);
        return new EncodedTensor(places, new LevelGrid(levels), input.dtype);
    }

    private static double? MeanAbove(Tensor data, double threshold)
    {
        var above = data.masked_select(data.Gt(threshold));
        return above.numel() == 0 ? null : above.mean().item<double>();
    }

    private static double Number(Tensor scalar) => scalar.to(ScalarType.Float64).item<double>();

    private Tensor Values(Tensor input)
    {
        using var guard = no_grad();
        using var numbers = TernaryNumbers.Of(input, _options);
        return FusedTernary.Serves(input, _options)
            ? FusedTernary.Forward(input, numbers, _options.Granularity)
            : TernaryOperators.Forward(input, numbers, _options.Granularity);
    }
}
