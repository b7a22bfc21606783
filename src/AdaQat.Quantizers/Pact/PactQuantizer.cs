using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Pact;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// PACT's activation quantizer (arXiv 1805.06085): y = clip(x, 0, α), x̂ = (α/s)·round(y·s/α), s = 2^k − 1, with α learned.
/// Signed inputs get the symmetric form on [−α, α], with s = 2^(k−1) − 1 steps on either side of zero.
/// </summary>
/// <remarks>
/// ∂x̂/∂x is 1 strictly inside the range, else 0; ∂x̂/∂α is as <see cref="PactOptions.Gradient"/> says. One bit in the signed form has
/// the two points ±α. α below <see cref="SmallestClippingValue"/>, where a step of its optimizer may carry it, acts as that value.
/// </remarks>
public sealed class PactQuantizer : Quantizer
{
    /// <summary>The smallest α that quantizes: keeps α/s a normal float32.</summary>
    public const double SmallestClippingValue = 1e-6;

    private readonly PactOptions _options;
    private readonly HostFlag _isSigned = new();
    // TorchSharp's Module disposes what is registered, and replaces these fields when it moves to another device or type.
#pragma warning disable CA2213, IDE0044
    private Parameter alpha;
    private Tensor is_signed;
#pragma warning restore CA2213, IDE0044

    /// <summary>Makes a quantizer that reads <paramref name="width"/> at every call.</summary>
    /// <param name="width">k.</param>
    /// <param name="isSigned">Whether inputs may be negative.</param>
    /// <param name="options">Gradient and start of α; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside what is allowed.</exception>
    public PactQuantizer(BitWidth width, bool isSigned = false, PactOptions? options = null)
        : this(options ?? new PactOptions(), width, isSigned)
    {
    }

    private PactQuantizer(PactOptions options, BitWidth width, bool isSigned)
        : base(width, options)
    {
        options.Validate();
        _options = options;
        alpha = new Parameter(tensor((float)(_options.ClippingValue ?? double.NaN)));
        // tensor(bool) leaves a tensor of its own behind.
        is_signed = zeros([], dtype: ScalarType.Bool).Fill(isSigned);
        RegisterComponents();
    }

    /// <summary>α: a scalar, in units of the activation; NaN until the first batch has given it a value.</summary>
    public Parameter ClippingValue => alpha;

    /// <summary>Whether the range is [−α, α] instead of [0, α].</summary>
    /// <remarks>
    /// It is part of the state, so that a checkpoint brings it along. On the CPU every call reads it. From another device it is fetched
    /// once, and again after the state was handed out (<c>state_dict</c>, <c>named_buffers</c>), where it may have been written to.
    /// </remarks>
    public bool IsSigned => _isSigned.Read(is_signed);

    /// <summary>Whether α has a value: given, taken from a batch, or loaded.</summary>
    public override bool IsCalibrated
    {
        get
        {
            using var value = alpha.to(ScalarType.Float32);
            return float.IsFinite(value.item<float>());
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
    {
        _isSigned.Forget();
        return base.named_buffers(recurse, include_nonpersistent);
    }

    /// <inheritdoc/>
    public override Tensor? get_buffer(string target)
    {
        _isSigned.Forget();
        return base.get_buffer(target);
    }

    /// <summary>
    /// Starts α from the finite elements of <paramref name="input"/> as <see cref="PactOptions.Start"/> says, and takes the signed form if
    /// any of them is negative. Where all are zero, or none is finite, nothing changes.
    /// </summary>
    /// <param name="input">A batch, of any shape.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override void Calibrate(Tensor input)
    {
        Inputs.RefuseEmpty(input, nameof(PactQuantizer));
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var data = Magnitudes.Finite(input.detach());
        if (data.numel() == 0)
        {
            return;
        }

        if (_options.IsSigned is null && !IsSigned && data.min().to(ScalarType.Float32).item<float>() < 0)
        {
            _isSigned.Raise(is_signed);
        }

        if (_options.ClippingValue is null && Magnitudes.Largest(data) is var largest and > 0)
        {
            alpha.Fill(Start(data, largest));
        }
    }

    /// <summary>One range, whose end is α, the larger magnitude in the signed form; null where the options give α.</summary>
    public override RangeLayout? RangeLayout => _options.ClippingValue is null ? RangeLayout.PerTensor : null;

    /// <inheritdoc/>
    protected override void TakeRanges(IReadOnlyList<ValueRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        if (_options.IsSigned is null && !IsSigned && ranges[0].Low < 0)
        {
            _isSigned.Raise(is_signed);
        }

        alpha.Fill(Math.Max(SmallestClippingValue, RangeNumbers.Magnitude(ranges[0], IsSigned)));
    }

    /// <summary>x̂, of <paramref name="input"/>'s shape, type and device.</summary>
    /// <param name="input">Floating point, any shape, at least one element.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override Tensor forward(Tensor input)
    {
        ThrowIfBackwardFailed();
        Inputs.RefuseEmpty(input, nameof(PactQuantizer));
        var form = new PactForm(Width.Bits, IsSigned, _options.Gradient, _options.Kernels);
        if (alpha.dtype == input.dtype)
        {
            return PactFunction.Apply(input, alpha, form, this);
        }

        using var converted = alpha.to(input.dtype);
        return PactFunction.Apply(input, converted, form, this);
    }

    /// <summary>
    /// The codes 0…s, in the signed form −s…s, with the grid (α/s)·code; with one bit in the signed form 0 and 1 for ∓α.
    /// </summary>
    /// <param name="input">Floating point, any shape, at least one element, without NaN.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty or holds NaN or infinity.</exception>
    /// <exception cref="InvalidOperationException">α has no value yet.</exception>
    public override EncodedTensor Encode(Tensor input)
    {
        Inputs.RefuseWithoutCodes(input, nameof(PactQuantizer));
        if (!IsCalibrated)
        {
            throw new InvalidOperationException(
                $"{nameof(PactQuantizer)}: α has no value yet; a batch gives it one, see {nameof(Calibrate)}.");
        }

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var (bits, isSigned) = (Width.Bits, IsSigned);
        var clippingValue = alpha.to(input.dtype).ClampMin(SmallestClippingValue);
        var codes = PactOperators.Codes(input, clippingValue, bits, isSigned).to(ScalarType.Int32);
        return new EncodedTensor(codes, GridOf(clippingValue, bits, isSigned), input.dtype);
    }

    private static UniformGrid GridOf(Tensor clippingValue, int bits, bool isSigned)
    {
        if (isSigned && bits == 1)
        {
            return new UniformGrid(Number(clippingValue.Mul(2)), -0.5, 0, 1);
        }

        var steps = isSigned ? Grid.SignedSteps(bits) : Grid.Steps(bits);
        return new UniformGrid(Number(clippingValue.Div(steps)), 0, isSigned ? -(int)steps : 0, (int)steps);
    }

    private static double Number(Tensor scalar) => scalar.to(ScalarType.Float64).item<double>();

    private double Start(Tensor data, double largest)
    {
        var (bits, isSigned) = (Width.Bits, IsSigned);
        return Math.Max(SmallestClippingValue, _options.Start switch
        {
            PactStart.MinimumMeanSquaredError => MinimumMeanSquaredError.Range(
                data, largest, (values, range) => PactOperators.Forward(values, range, bits, isSigned)),
            _ => Magnitudes.Covering(data, _options.Percentile) is var covered and > 0 ? covered : largest,
        });
    }
}
