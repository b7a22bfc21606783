using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Uniform;

namespace AdaQat.Quantizers;

/// <summary>Choices of <see cref="AffineQuantizer"/>, for weights and for layers' inputs.</summary>
public sealed record AffineOptions : QuantizerOptions
{
    /// <summary>
    /// How far one scale reaches. Default <see cref="Granularity.PerTensor"/>. <c>PerChannel()</c> gives each output channel of a weight
    /// its own, of transposed convolutions, too; of an input the channels are in dimension 1 or later, and groups are for weights alone.
    /// </summary>
    public Granularity Granularity { get; init; } = Granularity.PerTensor;

    /// <summary>
    /// Whether the grid is symmetric around 0 (true), or fitted to the range's two ends by a zero point, the code of 0 (false); null is
    /// symmetric for weights only. Default null.
    /// </summary>
    public bool? IsSymmetric { get; init; }

    /// <summary>
    /// Whether the smallest code is left unused, so that a symmetric grid has as many codes below 0 as above. The unsigned symmetric grid
    /// has all its codes in either case. Asymmetric, it needs two bits. Default false.
    /// </summary>
    public bool IsNarrow { get; init; }

    /// <summary>Where the range comes from; null: of weights dynamic, of inputs static. Default null.</summary>
    public RangeSource? Range { get; init; }

    /// <summary>
    /// The share of the elements that either end of the range covers, above 0, up to 1: 1 (the default) is from the smallest to the largest
    /// element. Less sorts the tensor, at every call where the range is dynamic.
    /// </summary>
    public double Percentile { get; init; } = 1;

    /// <summary>What computes the formula, forward and backward. Default <see cref="KernelChoice.Fused"/>.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is outside what is allowed; the message names it.</exception>
    public override void Validate()
    {
        Choices.Validate(Range ?? RangeSource.Static, nameof(Range));
        Choices.Validate(Kernels, nameof(Kernels));
        Choices.Share(Percentile, nameof(Percentile));
    }

    /// <inheritdoc/>
    protected override Quantizer Create(QuantizerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new AffineQuantizer(this, request.Width, request.Target, request.IsSigned, ScaleReach.Of(
            request, Granularity, nameof(AffineOptions)), $"layer '{request.Layer.Name}'");
    }

    /// <summary>Whether the grid is symmetric for this target.</summary>
    internal bool IsSymmetricFor(QuantizerTarget target) => IsSymmetric ?? target == QuantizerTarget.Weight;
}
