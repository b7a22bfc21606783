using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// What the families have in common that round to the nearest of a table of levels within a range: <see cref="PowerOfTwoQuantizer"/> and
/// <see cref="AdditivePowerOfTwoQuantizer"/>.
/// </summary>
/// <remarks>
/// x̂ is the level nearest to x, of two equally near ones the smaller in magnitude; what lies outside the range becomes its end. In the
/// signed form the levels are symmetric around 0, which is one of them: 2^k − 1 in all; unsigned there are 2^k from 0 on. The gradient of
/// rounding is taken as 1 (straight-through).
/// </remarks>
public abstract class LevelQuantizer : Quantizer
{
    private readonly HostFlag _isSigned = new();
    private readonly bool? _signChoice;
    private readonly KernelChoice _kernels;
    // TorchSharp's Module disposes what is registered, and replaces this field when it moves to another device.
#pragma warning disable CA2213, IDE0044
    private Tensor is_signed;
#pragma warning restore CA2213, IDE0044

    private protected LevelQuantizer(
        BitWidth width, QuantizerOptions options, QuantizerTarget target, bool isSigned, bool? signChoice, KernelChoice kernels)
        : base(width, options)
    {
        (Target, _signChoice, _kernels) = (target, signChoice, kernels);
        is_signed = zeros([], dtype: ScalarType.Bool).Fill(isSigned || target == QuantizerTarget.Weight).DetachFromDisposeScope();
        register_buffer(nameof(is_signed), is_signed);
    }

    /// <summary>Whether it quantizes a weight or an input.</summary>
    public QuantizerTarget Target { get; }

    /// <summary>
    /// Whether the levels are symmetric around 0: for weights always, for inputs where the example, the first batch or the options say so.
    /// It is part of the state, so that a checkpoint brings it along.
    /// </summary>
    public bool IsSigned => _isSigned.Read(is_signed);

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
    /// Starts the range from the finite elements of <paramref name="input"/>, and takes the signed form if any of an input's is negative.
    /// Where all are zero, or none is finite, nothing changes.
    /// </summary>
    /// <param name="input">The weight, or a batch of the input, of any shape.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override void Calibrate(Tensor input)
    {
        Inputs.RefuseEmpty(input, GetType().Name);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var data = Magnitudes.Finite(input.detach());
        if (data.numel() == 0)
        {
            return;
        }

        if (_signChoice is null && !IsSigned && data.min().to(ScalarType.Float32).item<float>() < 0)
        {
            _isSigned.Raise(is_signed);
        }

        if (Magnitudes.Largest(data) is var largest and > 0)
        {
            StartRange(data, largest);
        }
    }

    /// <inheritdoc/>
    protected override void TakeRanges(IReadOnlyList<ValueRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        if (_signChoice is null && !IsSigned && ranges[0].Low < 0)
        {
            _isSigned.Raise(is_signed);
        }

        TakeMagnitude(RangeNumbers.Magnitude(ranges[0], IsSigned));
    }

    /// <summary>x̂, of <paramref name="input"/>'s shape, type and device.</summary>
    /// <param name="input">Floating point, any shape, at least one element.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty.</exception>
    public override Tensor forward(Tensor input)
    {
        ThrowIfBackwardFailed();
        Inputs.RefuseEmpty(input, GetType().Name);
        using var scope = NewDisposeScope();
        return LevelFunction.Apply(Prepared(input), Range(input), Form(), this).MoveToOuterDisposeScope();
    }

    /// <summary>The places of the values in the table of all levels, ascending, from 0.</summary>
    /// <param name="input">Floating point, any shape, at least one element, finite.</param>
    /// <exception cref="ArgumentException"><paramref name="input"/> is empty or holds NaN or infinity.</exception>
    /// <exception cref="InvalidOperationException">The range has no value yet.</exception>
    public override EncodedTensor Encode(Tensor input)
    {
        Inputs.RefuseWithoutCodes(input, GetType().Name);
        if (!IsCalibrated)
        {
            throw new InvalidOperationException(
                $"{GetType().Name}: its range has no value yet; data give it one, see {nameof(Calibrate)}.");
        }

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var (range, form) = (Range(input), Form());
        return new EncodedTensor(LevelOperators.Codes(Prepared(input), range, form), LevelOperators.Table(range, form), input.dtype);
    }

    /// <summary>The magnitudes at a width, in the signed form or the other.</summary>
    private protected abstract LevelTable TableOf(int bits, bool isSigned);

    /// <summary>α for this input: a scalar of its type, differentiable where it is learned.</summary>
    private protected abstract Tensor Range(Tensor input);

    /// <summary>Starts the range, where it has a value of its own that is not given.</summary>
    private protected abstract void StartRange(Tensor data, double largest);

    /// <summary>Makes the range end at a magnitude that an observer chose.</summary>
    private protected abstract void TakeMagnitude(double magnitude);

    /// <summary>Whether the gradient goes through outside the range as well.</summary>
    private protected virtual bool PassesOutside => false;

    /// <summary>What is rounded: the input, or what it is normalised to.</summary>
    private protected virtual Tensor Prepared(Tensor input) => input;

    /// <summary>How values are mapped at the width in force.</summary>
    private protected LevelForm Form() => Form(IsSigned);

    private LevelForm Form(bool isSigned) => new(TableOf(Width.Bits, isSigned), isSigned, PassesOutside, _kernels);

    /// <summary>
    /// A number that is used as <paramref name="value"/> and gets that value's gradient: so a parameter that a step of its optimizer has
    /// carried too far can come back.
    /// </summary>
    private protected static Tensor ActingAs(Tensor parameter, Tensor value) => value.detach().Add(parameter.sub(parameter.detach()));
}
