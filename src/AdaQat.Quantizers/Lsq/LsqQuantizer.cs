using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Lsq;
using AdaQat.Quantizers.Uniform;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// Learned step size quantization (LSQ, arXiv 1902.08153; with an offset LSQ+, arXiv 2004.09576): x̂ = s·(clip(round(x/s) + z) − z), with s
/// learned by the gradient of the rounding error, and z = round(−β/s) for a learned offset β.
/// </summary>
/// <remarks>
/// <para>
/// Codes are −2^(k−1) to 2^(k−1) − 1 with a sign, else 0 to 2^k − 1; Q, the paper's Q_p, is the largest. One bit with a sign has the two
/// values ±s/2, and Q = 1. With an offset codes are 0 to 2^k − 1, and the zero point, an integer, is the code of 0.
/// </para>
/// <para>
/// What is learned is t = s·√Q, <see cref="UnitStep"/>. It starts at 2·mean|x|, which is the paper's start of s, 2·mean|x|/√Q, at every
/// width. So a width that moves, or is probed, leaves t alone, and the step follows as t/√Q. The gradient of t is ∂L/∂s/√N, N being the
/// elements of a weight, or of a sample of an input, that share the step: a descent on t then takes s where a descent on s with the paper's
/// gradient scale 1/√(N·Q) takes it, momentum and weight decay included.
/// </para>
/// <para>t below <see cref="SmallestUnitStep"/>, where a step of its optimizer may carry it, acts as that value.</para>
/// </remarks>
public sealed class LsqQuantizer : Quantizer
{
    /// <summary>The smallest t that quantizes.</summary>
    public const double SmallestUnitStep = 1e-8;

    private readonly LsqOptions _options;
    private readonly ScaleReach _reach;
    private readonly bool _isBatch;
    // TorchSharp's Module disposes what is registered, and replaces these fields when it moves to another device or type.
#pragma warning disable CA2213, IDE0044
    private Parameter unit_step;
    private Parameter? offset;
#pragma warning restore CA2213, IDE0044

    /// <summary>Makes a quantizer that reads <paramref name="width"/> at every call.</summary>
    /// <param name="width">k.</param>
    /// <param name="target">What it is for: of an input the first dimension counts samples, where there is more than one.</param>
    /// <param name="isSigned">Whether values may be negative.</param>
    /// <param name="options">The choices; null for the defaults.</param>
    /// <param name="scales">How many steps a tensor has at the granularity chosen; 1 per tensor.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside what is allowed.</exception>
    public LsqQuantizer(BitWidth width, QuantizerTarget target, bool isSigned = true, LsqOptions? options = null, long scales = 1)
        : this(options ?? new LsqOptions(), width, target, isSigned, new ScaleReach((options ?? new LsqOptions()).Granularity, scales))
    {
    }

    internal LsqQuantizer(LsqOptions options, BitWidth width, QuantizerTarget target, bool isSigned, ScaleReach reach)
        : base(width, options)
    {
        options.Validate();
        (_options, _reach, IsSigned, _isBatch) = (options, reach, isSigned, target == QuantizerTarget.Activation);
        unit_step = new Parameter(Full([reach.Count], double.NaN, dtype: ScalarType.Float32));
        if (options.HasOffset ?? (_isBatch && isSigned))
        {
            offset = new Parameter(Full([reach.Count], double.NaN, dtype: ScalarType.Float32));
        }

        RegisterComponents();
    }

    /// <summary>t = s·√Q: a number for each scale, in units of the tensor; NaN until data have given it a value.</summary>
    public Parameter UnitStep => unit_step;

    /// <summary>β: a number for each scale, in units of the tensor, 0 or less; null where the grid has none.</summary>
    public Parameter? Offset => offset;

    /// <summary>Whether values may be negative.</summary>
    public bool IsSigned { get; }

    /// <summary>How far one step reaches.</summary>
    public Granularity Granularity => _reach.Granularity;

    /// <inheritdoc/>
    protected override WeightStorage Storage(IReadOnlyList<long> shape) => new(_reach.Count, ZeroPoints: offset is null ? 0 : _reach.Count);

    /// <summary>Whether step and offset have values: taken from data, or loaded.</summary>
    public override bool IsCalibrated
    {
        get
        {
            using var scope = NewDisposeScope();
            return unit_step.isfinite().all().item<bool>() && (offset is null || offset.isfinite().all().item<bool>());
        }
    }

    /// <summary>
    /// Starts from the finite elements of <paramref name="input"/>: β at the smallest, where that is negative, else 0; t at twice the mean
    /// distance from β. Where all are zero, or none is finite, nothing changes. Of several channels or groups those that have nothing but
    /// zeros get the mean of the others.
    /// </summary>
    /// <param name="input">The weight, or a batch of the input.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty, or has another number of channels or groups.</exception>
    public override void Calibrate(Tensor input)
    {
        Inputs.RefuseEmpty(input, nameof(LsqQuantizer));
        ScaleCheck.Require(input, _reach, nameof(LsqQuantizer));
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var type = input.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var rows = Granularity.Rows(input.detach()).to(type);
        var isFinite = rows.isfinite();
        rows = rows.MaskedFill(isFinite.logical_not(), 0);
        var low = offset is null ? zeros_like(rows.select(1, 0)) : rows.amin([1]).ClampMax(0);
        var distance = rows.sub(low.unsqueeze(1)).abs().MaskedFill(isFinite.logical_not(), 0).sum(1);
        var mean = distance.div(isFinite.sum(1).ClampMin(1));
        var isNothing = mean.Eq(0);
        if (isNothing.all().item<bool>())
        {
            return;
        }

        var ofOthers = mean.sum().div(isNothing.logical_not().sum());
        unit_step.copy_(where(isNothing, ofOthers, mean).Mul(2).ClampMin(SmallestUnitStep));
        offset?.copy_(low);
    }

    /// <summary>A range for each step.</summary>
    /// <remarks>
    /// At the width in force s covers the range as an affine grid does, and t = s·√Q: with an offset s = (h − l)/(2^k − 1) and β = l;
    /// without, a being the larger magnitude, s = 2a/(2^k − 1) with a sign and s = h/(2^k − 1) without; one bit with a sign gets ±a.
    /// </remarks>
    public override RangeLayout? RangeLayout => new(Granularity, _reach.Count);

    /// <inheritdoc/>
    protected override void TakeRanges(IReadOnlyList<ValueRange> ranges)
    {
        var form = Form();
        unit_step.copy_(RangeNumbers.Of(ranges, r => Math.Max(SmallestUnitStep, form.StepOver(r, IsSigned) * form.Root)));
        offset?.copy_(RangeNumbers.Of(ranges, r => r.Low));
    }

    /// <summary>x̂, of <paramref name="input"/>'s shape, type and device.</summary>
    /// <param name="input">Floating point, at least one element.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="input"/> is empty, or has another number of channels or groups than there are steps.
    /// </exception>
    public override Tensor forward(Tensor input)
    {
        ThrowIfBackwardFailed();
        Inputs.RefuseEmpty(input, nameof(LsqQuantizer));
        ScaleCheck.Require(input, _reach, nameof(LsqQuantizer));
        using var scope = NewDisposeScope();
        var step = unit_step.to(input.dtype);
        return LsqFunction.Apply(input, step, offset is null ? zeros_like(step) : offset.to(input.dtype), Form(), this)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The codes, with the grid s·(q − z).</summary>
    /// <param name="input">Floating point, at least one element, finite.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="input"/> is empty, holds NaN or infinity, or has another number of channels or groups than there are steps.
    /// </exception>
    /// <exception cref="InvalidOperationException">The step has no value yet.</exception>
    public override EncodedTensor Encode(Tensor input)
    {
        Inputs.RefuseWithoutCodes(input, nameof(LsqQuantizer));
        ScaleCheck.Require(input, _reach, nameof(LsqQuantizer));
        if (!IsCalibrated)
        {
            throw new InvalidOperationException(
                $"{nameof(LsqQuantizer)}: the step has no value yet; data give it one, see {nameof(Calibrate)}.");
        }

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var form = Form();
        var numbers = Numbers(input.dtype, form);
        var codes = UniformOperators.Codes(input, numbers, form.Uniform).to(ScalarType.Int32);
        return new EncodedTensor(codes, GridNumbers.GridOf(numbers, form.Uniform), input.dtype);
    }

    /// <summary>s at the width in force: a number for each scale, in units of the tensor.</summary>
    /// <returns>A new tensor without gradient, the caller's to dispose.</returns>
    public Tensor StepSize()
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return Numbers(unit_step.dtype, Form()).select(0, GridNumbers.Scale).clone().MoveToOuterDisposeScope();
    }

    private LsqForm Form() => LsqForm.At(Width.Bits, IsSigned, offset is not null, _isBatch, Granularity, _options.Kernels);

    private Tensor Numbers(ScalarType type, LsqForm form)
    {
        var step = unit_step.to(type);
        return LsqNumbers.Of(step, offset is null ? zeros_like(step) : offset.to(type), form);
    }
}
