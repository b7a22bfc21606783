using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Uniform;

namespace AdaQat.Quantizers;

/// <summary>Choices of <see cref="LsqQuantizer"/>, for weights and for layers' inputs.</summary>
public sealed record LsqOptions : QuantizerOptions
{
    /// <summary>
    /// How far one learned step reaches. Default <see cref="Granularity.PerTensor"/>. <c>PerChannel()</c> gives each output channel of a
    /// weight its own, of transposed convolutions, too; of an input the channels are in dimension 1 or later, and groups are for weights
    /// alone.
    /// </summary>
    public Granularity Granularity { get; init; } = Granularity.PerTensor;

    /// <summary>
    /// Whether the grid has a learned offset, as LSQ+ has it; null (the default) gives one to inputs with negative values. Without it a
    /// signed grid is around 0, and an unsigned one clips what is negative to 0.
    /// </summary>
    public bool? HasOffset { get; init; }

    /// <summary>What computes the formula, forward and backward. Default <see cref="KernelChoice.Fused"/>.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public override void Validate() => Choices.Validate(Kernels, nameof(Kernels));

    /// <inheritdoc/>
    protected override Quantizer Create(QuantizerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new LsqQuantizer(
            this, request.Width, request.Target, request.IsSigned, ScaleReach.Of(request, Granularity, nameof(LsqOptions)));
    }
}
