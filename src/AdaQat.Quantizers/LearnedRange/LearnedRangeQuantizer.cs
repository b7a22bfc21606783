using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.LearnedRange;
using AdaQat.Quantizers.Uniform;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// Quantization with a learned step d and a learned range q, from which the width follows (Uhlich et al., ICLR 2020, arXiv 1905.11452):
/// x̂ = d·clip(round(x/d), −M, M), without a sign from 0, with M = round(q/d).
/// </summary>
/// <remarks>
/// <para>
/// N = log₂(q/d + 1) + 1, without a sign log₂(q/d + 1), and ⌈N⌉ bits hold all codes. What is learned is log₂ d and log₂ q: the paper's
/// stationary points, steps of an optimizer that are as good for small tensors as for large ones, and an N whose slope is nearly 1.
/// The largest value, d·M, is the value of the grid nearest to q.
/// </para>
/// <para>
/// Within the width's range d and q are free. At an end of it d moves with q, d = q/(2^(k−1) − 1), unless its gradient leads back. So it
/// does at a width that is fixed, frozen, or learned by differences of the loss: there q alone is learned, and all codes are used. One bit
/// with a sign, which is never inferred, has the two values ±q.
/// </para>
/// </remarks>
public sealed class LearnedRangeQuantizer : Quantizer
{
    /// <summary>Steps start this much larger, in bits: within the range, where rounding would leave some of them outside.</summary>
    private const double Inward = 1e-5;

    private readonly LearnedRangeOptions _options;
    private readonly QuantizerTarget _target;
    // TorchSharp's Module disposes what is registered, and replaces these fields when it moves to another device or type.
#pragma warning disable CA2213, IDE0044
    private Parameter? step_log2;
    private Parameter range_log2;
#pragma warning restore CA2213, IDE0044

    /// <summary>Makes a quantizer of <paramref name="width"/>, which infers it where it is <see cref="BitWidth.IsInferred"/>.</summary>
    /// <param name="width">k.</param>
    /// <param name="target">What it is for.</param>
    /// <param name="isSigned">Whether values may be negative.</param>
    /// <param name="options">The choices; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// An option is outside what is allowed, or the width is inferred, may be 1 bit, and values may be negative.
    /// </exception>
    public LearnedRangeQuantizer(BitWidth width, QuantizerTarget target, bool isSigned = true, LearnedRangeOptions? options = null)
        : base(width, options ?? new LearnedRangeOptions())
    {
        _options = (LearnedRangeOptions)Options!;
        _options.Validate();
        if (IsTooNarrow(width, isSigned))
        {
            throw new ArgumentException(
                $"{nameof(LearnedRangeQuantizer)} infers 2 bits and more where values may be negative, and '{width.Name}' allows "
                + $"{width.Minimum}.", nameof(width));
        }

        (_target, IsSigned) = (target, isSigned);
        range_log2 = new Parameter(Full([], double.NaN, dtype: ScalarType.Float32));
        if (width.IsInferred)
        {
            step_log2 = new Parameter(Full([], double.NaN, dtype: ScalarType.Float32));
        }

        RegisterComponents();
    }

    /// <summary>log₂ q, a scalar; NaN until data have given it a value.</summary>
    public Parameter RangeLog2 => range_log2;

    /// <summary>log₂ d, a scalar, NaN until data have given it a value; null where the step follows from range and width.</summary>
    public Parameter? StepLog2 => step_log2;

    /// <summary>Whether values may be negative.</summary>
    public bool IsSigned { get; }

    /// <summary>Whether step and range have values: taken from data, or loaded.</summary>
    public override bool IsCalibrated
    {
        get
        {
            using var scope = NewDisposeScope();
            var (step, range) = Learned();
            return double.IsFinite(range) && (step_log2 is null || double.IsFinite(step));
        }
    }

    /// <summary>
    /// Starts q from the finite elements of <paramref name="input"/>, at the magnitude that covers the share of them that the options say,
    /// and d such that the width stays what it is. Where all are zero, or none is finite, nothing changes.
    /// </summary>
    /// <param name="input">The weight, or a batch of the input.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override void Calibrate(Tensor input)
    {
        Inputs.RefuseEmpty(input, nameof(LearnedRangeQuantizer));
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var data = Magnitudes.Finite(input.detach());
        if (data.numel() == 0 || Magnitudes.Largest(data) is not (> 0 and var largest))
        {
            return;
        }

        var share = _options.Percentile ?? (_target == QuantizerTarget.Weight ? 1 : 0.999);
        var covered = Magnitudes.Covering(data, share);
        StartAt(covered > 0 ? covered : largest);
    }

    /// <summary>One range, whose larger magnitude, or upper end without a sign, is q; d follows such that the width stays.</summary>
    public override RangeLayout? RangeLayout => RangeLayout.PerTensor;

    /// <inheritdoc/>
    protected override void TakeRanges(IReadOnlyList<ValueRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        // A range below 0 where values cannot be negative has no upper end.
        StartAt(RangeNumbers.Magnitude(ranges[0], IsSigned) is var magnitude and > 0 ? magnitude : -ranges[0].Low);
    }

    private void StartAt(double largest)
    {
        var range = Math.Log2(largest);
        range_log2.Fill(range);
        var step = range - Math.Log2(StepRange.At(Width.Value, IsSigned));
        step_log2?.Fill(_options.HasPowerOfTwoStep ? Math.Ceiling(step - Inward) : step + Inward);
    }

    /// <summary>x̂, of <paramref name="input"/>'s shape, type and device.</summary>
    /// <param name="input">Floating point, any shape, at least one element.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override Tensor forward(Tensor input)
    {
        ThrowIfBackwardFailed();
        Inputs.RefuseEmpty(input, nameof(LearnedRangeQuantizer));
        using var scope = NewDisposeScope();
        ReadWidth();
        var grid = MayKeepState ? Held() : Grid();
        return LearnedRangeFunction.Apply(input, step_log2 ?? range_log2, range_log2, grid, this).MoveToOuterDisposeScope();
    }

    /// <summary>The codes −M … M, without a sign 0 … M, with the grid d·code; with one bit and a sign 0 and 1 for ∓q.</summary>
    /// <param name="input">Floating point, any shape, at least one element, finite.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty, or holds NaN or infinity.</exception>
    /// <exception cref="InvalidOperationException">Step and range have no values yet.</exception>
    public override EncodedTensor Encode(Tensor input)
    {
        Inputs.RefuseWithoutCodes(input, nameof(LearnedRangeQuantizer));
        RequireCalibrated();
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        ReadWidth();
        var grid = Grid();
        var (form, numbers) = (grid.Form, grid.Numbers(input.dtype, input.device));
        var codes = UniformOperators.Codes(input, numbers, form).to(ScalarType.Int32);
        return new EncodedTensor(codes, GridNumbers.GridOf(numbers, form), input.dtype);
    }

    /// <summary>d as it acts at the width in force, in units of the tensor. It waits for the device.</summary>
    /// <exception cref="InvalidOperationException">It has no value yet.</exception>
    public double StepSize() => Acting().Step;

    /// <summary>The largest value of the grid, d·M, in units of the tensor. It waits for the device.</summary>
    /// <exception cref="InvalidOperationException">It has no value yet.</exception>
    public double LargestValue() => Acting() is var grid ? grid.Step * grid.Top : 0;

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
    {
        // Whoever takes the state gets the step that acts, which is the same for a width that is frozen here and moves there.
        using (NewDisposeScope())
        {
            Held();
        }

        return base.named_buffers(recurse, include_nonpersistent);
    }

    /// <summary>Whether a width is inferred that may be less than the grid has.</summary>
    internal static bool IsTooNarrow(BitWidth width, bool isSigned) =>
        width is { IsInferred: true, Minimum: 1 } && isSigned;

    /// <inheritdoc/>
    protected override Tensor? InferWidth()
    {
        if (step_log2 is null)
        {
            return null;
        }

        // In double, as the grid is: in a type of few digits the two would disagree about a code.
        var (latent, range) = (step_log2.to(ScalarType.Float64), range_log2.to(ScalarType.Float64));
        var step = _options.HasPowerOfTwoStep ? latent.Add(latent.round().sub(latent).detach()) : latent;
        return range.sub(step).exp2().Add(1).log2().Add(IsSigned ? 1 : 0);
    }

    /// <inheritdoc/>
    protected override string? Describe(Tensor? weight) => IsCalibrated && Acting() is var grid
        ? FormattableString.Invariant($"step {grid.Step:g3}, to {grid.Step * grid.Top:g3}") : null;

    private LearnedGrid Acting()
    {
        RequireCalibrated();
        using var scope = NewDisposeScope();
        return Grid();
    }

    private LearnedGrid Grid()
    {
        var (step, range) = Learned();
        return LearnedGrid.Of(step, range, StepRange.Of(Width, IsSigned), IsSigned, _options, range_log2.dtype);
    }

    /// <summary>The grid, and a step that an optimizer has carried beyond what the width allows is brought back.</summary>
    private LearnedGrid Held()
    {
        var grid = Grid();
        if (step_log2 is not null && grid.Bound != WidthBound.None && double.IsFinite(grid.LatentStep)
            && !grid.LatentStep.Equals(Learned().Step))
        {
            using var guard = no_grad();
            step_log2.Fill(grid.LatentStep);
        }

        return grid;
    }

    /// <summary>The two numbers on the host; NaN for the step where it is not learned. Tensors go with the scope that is open.</summary>
    private (double Step, double Range) Learned()
    {
        using var guard = no_grad();
        if (step_log2 is null)
        {
            return (double.NaN, range_log2.detach().to(ScalarType.Float64).cpu().item<double>());
        }

        var numbers = stack([step_log2.detach(), range_log2.detach()]).to(ScalarType.Float64).cpu().data<double>();
        return (numbers[0], numbers[1]);
    }

    private void RequireCalibrated()
    {
        if (!IsCalibrated)
        {
            throw new InvalidOperationException(
                $"{nameof(LearnedRangeQuantizer)}: step and range have no values yet; data give them some, see {nameof(Calibrate)}.");
        }
    }
}
