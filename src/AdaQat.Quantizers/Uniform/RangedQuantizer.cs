using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Uniform;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// A quantizer with evenly spaced values over a range that comes from data: once, as part of the state, or from the tensor at every call.
/// </summary>
/// <remarks>
/// The range does not depend on the width, so a width that moves, or is probed, leaves the state alone: the same range gets more or fewer
/// codes. It always has 0 in it. No gradient flows through it; the gradient of the values is 1 where an element's code is one of the
/// grid's, else 0.
/// </remarks>
public abstract class RangedQuantizer : Quantizer
{
    private readonly RangeChoice _choice;
    private readonly HostFlag _isSigned = new();
    // TorchSharp's Module disposes what is registered, and replaces these fields when it moves to another device or type.
#pragma warning disable CA2213, IDE0044
    private Tensor? range_low;
    private Tensor? range_high;
    private Tensor is_signed;
#pragma warning restore CA2213, IDE0044

    private protected RangedQuantizer(BitWidth width, QuantizerOptions options, bool isSigned, RangeChoice choice)
        : base(width, options)
    {
        _choice = choice;
        // tensor(bool) leaves a tensor of its own behind.
        is_signed = zeros([], dtype: ScalarType.Bool).Fill(isSigned).DetachFromDisposeScope();
        register_buffer(nameof(is_signed), is_signed);
        if (choice.Source == RangeSource.Static)
        {
            range_low = Full([choice.Reach.Count], double.NaN, dtype: ScalarType.Float32).DetachFromDisposeScope();
            range_high = Full([choice.Reach.Count], double.NaN, dtype: ScalarType.Float32).DetachFromDisposeScope();
            register_buffer(nameof(range_low), range_low);
            register_buffer(nameof(range_high), range_high);
        }
    }

    /// <summary>How far one scale reaches.</summary>
    public Granularity Granularity => _choice.Reach.Granularity;

    /// <inheritdoc/>
    protected override WeightStorage Storage(IReadOnlyList<long> shape) => new(_choice.Reach.Count);

    /// <summary>Whether values may be negative on a grid that is symmetric; part of the state.</summary>
    public bool IsSigned => _isSigned.Read(is_signed);

    /// <summary>Whether the range has its values: from data, loaded, taken anew at every call, or not needed.</summary>
    public override bool IsCalibrated
    {
        get
        {
            if (range_low is null)
            {
                return true;
            }

            using var scope = NewDisposeScope();
            return range_low.isfinite().all().item<bool>();
        }
    }

    /// <summary>
    /// Takes the range from the finite elements of <paramref name="input"/>, and the sign if any is negative. Where all are zero, or none
    /// is finite, nothing changes. Of several channels or groups those that have nothing but zeros get the range of all.
    /// </summary>
    /// <param name="input">The weight, or a batch of the input.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty, or has another number of channels or groups.</exception>
    public override void Calibrate(Tensor input)
    {
        Inputs.RefuseEmpty(input, GetType().Name);
        ScaleCheck.Require(input, _choice.Reach, GetType().Name);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var (low, high) = TensorRange.Covering(input.detach(), Granularity, _choice.Percentile, _choice.Kernels);
        var (lowest, highest) = (low.min(), high.max());
        if (lowest.Eq(0).logical_and(highest.Eq(0)).item<bool>())
        {
            return;
        }

        if (!IsSigned && lowest.Lt(0).item<bool>())
        {
            _isSigned.Raise(is_signed);
        }

        if (range_low is not null && range_high is not null)
        {
            var isNothing = low.Eq(0).logical_and(high.Eq(0));
            range_low.copy_(where(isNothing, lowest, low));
            range_high.copy_(where(isNothing, highest, high));
        }
    }

    /// <summary>A range for each scale where it is static and comes from data; else null.</summary>
    public override RangeLayout? RangeLayout =>
        _choice.Source == RangeSource.Static ? new RangeLayout(Granularity, _choice.Reach.Count) : null;

    /// <inheritdoc/>
    protected override void TakeRanges(IReadOnlyList<ValueRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        if (!IsSigned && ranges.Any(r => r.Low < 0))
        {
            _isSigned.Raise(is_signed);
        }

        range_low!.copy_(RangeNumbers.Of(ranges, r => r.Low));
        range_high!.copy_(RangeNumbers.Of(ranges, r => r.High));
    }

    /// <summary>The grid's values, of <paramref name="input"/>'s shape, type and device.</summary>
    /// <param name="input">Floating point, at least one element.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="input"/> is empty, or has another number of channels or groups than the range was made for.
    /// </exception>
    public override Tensor forward(Tensor input)
    {
        ThrowIfBackwardFailed();
        Inputs.RefuseEmpty(input, GetType().Name);
        var form = Form();
        using var numbers = Numbers(input);
        return UniformFunction.Apply(input, numbers, form, this);
    }

    /// <summary>The codes and their grid.</summary>
    /// <param name="input">Floating point, at least one element, finite.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="input"/> is empty, holds NaN or infinity, or has another number of channels or groups than the range was made for.
    /// </exception>
    /// <exception cref="InvalidOperationException">The range has no values yet.</exception>
    public override EncodedTensor Encode(Tensor input)
    {
        Inputs.RefuseWithoutCodes(input, GetType().Name);
        if (!IsCalibrated)
        {
            throw new InvalidOperationException(
                $"{GetType().Name}: the range has no values yet; a batch gives it some, see {nameof(Calibrate)}.");
        }

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var form = Form();
        var numbers = Numbers(input);
        var codes = UniformOperators.Codes(input, numbers, form).to(ScalarType.Int32);
        return new EncodedTensor(codes, GridNumbers.GridOf(numbers, form), input.dtype);
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

    /// <summary>The codes at the width in force.</summary>
    private protected abstract (int Smallest, int Largest, CodeOverflow Overflow) Codes();

    /// <summary>The numbers of the grid over a range, as <see cref="GridNumbers"/> has them.</summary>
    private protected abstract Tensor Numbers(Tensor low, Tensor high);

    /// <summary>The range in force, whatever the tensor, or that of the tensor; null where it is needed and not there.</summary>
    private protected (Tensor Low, Tensor High)? RangeOf(Tensor? tensor)
    {
        if (range_low is not null && range_high is not null)
        {
            return (range_low, range_high);
        }

        return _choice.Source is null ? (zeros(1), zeros(1)) : tensor is null ? null : Range(tensor);
    }

    /// <summary>The range that a call with this tensor uses, scale by scale; of the tensor's type.</summary>
    private (Tensor Low, Tensor High) Range(Tensor input)
    {
        if (range_low is not null && range_high is not null)
        {
            ScaleCheck.Require(input, _choice.Reach, GetType().Name);
            return (range_low.to(input.dtype), range_high.to(input.dtype));
        }

        if (_choice.Source == RangeSource.Dynamic)
        {
            return TensorRange.Covering(input.detach(), Granularity, _choice.Percentile, _choice.Kernels);
        }

        var none = zeros(Granularity.ScalesFor(input.shape), dtype: input.dtype, device: input.device);
        return (none, none);
    }

    private UniformForm Form()
    {
        var (smallest, largest, overflow) = Codes();
        return new UniformForm(Granularity, smallest, largest, overflow, _choice.Kernels);
    }

    private Tensor Numbers(Tensor input)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var (low, high) = Range(input);
        return Numbers(low, high).MoveToOuterDisposeScope();
    }
}
