using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Levels;
using AdaQat.Quantizers.Uniform;

namespace AdaQat.Quantizers;

/// <summary>Choices of <see cref="BinaryQuantizer"/>, for weights of one bit.</summary>
/// <remarks>
/// The family has no other width: <c>new QuantizationOptions { Weights = new BinaryOptions(), WeightBits = BitWidthChoice.Fixed(1) }</c>,
/// or by a rule, <c>LayerRule.Named("body.*").With(weights: new BinaryOptions()).With(weights: BitWidthChoice.Fixed(1))</c>.
/// </remarks>
public sealed record BinaryOptions : QuantizerOptions
{
    /// <summary>
    /// How far one α reaches. Default <see cref="Granularity.PerChannel(int)"/>: each output channel its own, as in the papers.
    /// </summary>
    /// <remarks>In a transposed convolution that is dimension 1.</remarks>
    public Granularity Granularity { get; init; } = Granularity.PerChannel();

    /// <summary>The gradient of the latent weight. Default <see cref="BinaryGradient.StraightThrough"/>.</summary>
    public BinaryGradient Gradient { get; init; } = BinaryGradient.StraightThrough;

    /// <summary>What computes the formula, forward and backward. Default <see cref="KernelChoice.Fused"/>.</summary>
    public KernelChoice Kernels { get; init; } = KernelChoice.Fused;

    /// <summary>Checks that every choice is one of those named.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not; the message names it.</exception>
    public override void Validate()
    {
        Choices.Validate(Gradient, nameof(Gradient));
        Choices.Validate(Kernels, nameof(Kernels));
    }

    /// <inheritdoc/>
    protected override Quantizer Create(QuantizerRequest request)
    {
        Requests.RequireWeight(request, nameof(BinaryOptions));
        Requests.RequireWidth(request, nameof(BinaryOptions), BinaryQuantizer.Bits, BinaryQuantizer.Bits);
        var reach = ScaleReach.Of(request, Granularity, nameof(BinaryOptions));
        return new BinaryQuantizer(request.Width, this with { Granularity = reach.Granularity });
    }
}
