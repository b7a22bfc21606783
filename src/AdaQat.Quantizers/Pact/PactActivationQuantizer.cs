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
public sealed class PactActivationQuantizer : ActivationQuantizer
{
    /// <summary>The smallest α that quantizes: keeps α/s a normal float32.</summary>
    public const double SmallestClippingValue = 1e-6;

    private readonly PactOptions _options;
    // TorchSharp's Module disposes what is registered, and replaces these fields when it moves to another device or type.
#pragma warning disable CA2213, IDE0044
    private Parameter alpha;
    private Tensor is_signed;
#pragma warning restore CA2213, IDE0044
    private bool _isCalibrated;
    private bool? _isSignedElsewhere;

    /// <summary>Makes a quantizer that reads <paramref name="width"/> at every call.</summary>
    /// <param name="width">k.</param>
    /// <param name="isSigned">Whether inputs may be negative.</param>
    /// <param name="options">Gradient and start of α; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside what is allowed.</exception>
    public PactActivationQuantizer(BitWidth width, bool isSigned = false, PactOptions? options = null)
        : this(options ?? new PactOptions(), width, isSigned)
    {
    }

    private PactActivationQuantizer(PactOptions options, BitWidth width, bool isSigned)
        : base(width, options)
    {
        options.Validate();
        _options = options;
        alpha = new Parameter(tensor((float)(_options.ClippingValue ?? double.NaN)));
        // tensor(bool) leaves a tensor of its own behind.
        is_signed = zeros([], dtype: ScalarType.Bool).fill_(isSigned);
        RegisterComponents();
    }

    /// <summary>α: a scalar, in units of the activation; NaN until the first batch has given it a value.</summary>
    public Parameter ClippingValue => alpha;

    /// <summary>Whether the range is [−α, α] instead of [0, α].</summary>
    /// <remarks>
    /// It is part of the state, so that a checkpoint brings it along. On the CPU every call reads it. From another device it is fetched
    /// once, and again after the state was handed out (<c>state_dict</c>, <c>named_buffers</c>), where it may have been written to: a
    /// forward that fetched it each time would wait for the device each time.
    /// </remarks>
    public bool IsSigned => is_signed.device_type == DeviceType.CPU ? is_signed.item<bool>() : _isSignedElsewhere ??= Fetch(is_signed);

    /// <summary>Whether α has a value: given, taken from a batch, or loaded.</summary>
    public override bool IsCalibrated => _isCalibrated || (_isCalibrated = !float.IsNaN(alpha.to(ScalarType.Float32).item<float>()));

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
    {
        _isSignedElsewhere = null;
        return base.named_buffers(recurse, include_nonpersistent);
    }

    /// <inheritdoc/>
    public override Tensor? get_buffer(string target)
    {
        _isSignedElsewhere = null;
        return base.get_buffer(target);
    }

    /// <summary>
    /// Starts α from <paramref name="input"/> as <see cref="PactOptions.Start"/> says, and takes the signed form if any element is
    /// negative.
    /// </summary>
    /// <param name="input">A batch, of any shape.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override void Calibrate(Tensor input)
    {
        Inputs.RefuseEmpty(input, nameof(PactActivationQuantizer));
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        if (!IsSigned && input.min().to(ScalarType.Float32).item<float>() < 0)
        {
            is_signed.fill_(true);
            _isSignedElsewhere = true;
        }

        if (_options.ClippingValue is null)
        {
            alpha.fill_(Start(input.detach()));
        }
    }

    /// <summary>x̂, of <paramref name="input"/>'s shape, type and device.</summary>
    /// <param name="input">Floating point, any shape, at least one element.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override Tensor forward(Tensor input)
    {
        ThrowIfBackwardFailed();
        Inputs.RefuseEmpty(input, nameof(PactActivationQuantizer));
        var form = new PactForm(Width.Bits, IsSigned, _options.Gradient, _options.Kernels);
        if (alpha.dtype == input.dtype)
        {
            return PactFunction.Apply(input, alpha, form, this);
        }

        using var converted = alpha.to(input.dtype);
        return PactFunction.Apply(input, converted, form, this);
    }

    private double Start(Tensor input)
    {
        if (
            _options.Start == PactStart.MinimumMeanSquaredError && Magnitude(input, input.numel()) is var largest and > 0
            && float.IsFinite(largest))
        {
            return Math.Max(MinimumMeanSquaredError.ClippingValue(input, largest, Width.Bits, IsSigned), SmallestClippingValue);
        }

        return Percentile(input);
    }

    private static bool Fetch(Tensor flag)
    {
        using var host = flag.cpu();
        return host.item<bool>();
    }

    /// <summary>The smallest magnitude that covers the percentile; 1 where everything is zero.</summary>
    private double Percentile(Tensor input)
    {
        var rank = Math.Clamp((long)Math.Ceiling(_options.Percentile * input.numel()), 1, input.numel());
        var covered = Magnitude(input, rank);
        return covered > 0 ? Math.Max(covered, SmallestClippingValue) : Magnitude(input, input.numel()) is var largest and > 0
            ? largest : 1;
    }

    /// <summary>The magnitude of the given rank, from 1 for the smallest.</summary>
    private static float Magnitude(Tensor input, long rank)
    {
        if (MagnitudeRank.Serves(input))
        {
            return MagnitudeRank.Find(input, rank);
        }

        var (value, _) = input.abs().flatten().to(ScalarType.Float32).kthvalue(rank, 0);
        return value.item<float>();
    }
}
