using AdaQat.Quantizers.DoReFaGradients;
using static TorchSharp.torch;

namespace AdaQat.Quantizers;

/// <summary>
/// DoReFa-Net's quantizer of gradients (arXiv 1606.06160, eq. 12): k bits over the range of each sample's gradient, with uniform noise.
/// </summary>
/// <remarks>
/// <para>
/// f(g) = 2m·[q_k(g/(2m) + ½ + N) − ½], with m the largest magnitude of g over all dimensions but the first, which is the batch, and
/// N = σ/(2^k − 1), σ uniform on [−½, ½) for each element. A tensor of one dimension is one sample. A sample of zeros stays zeros.
/// </para>
/// <para>
/// The noise follows from torch's default random state, of which a backward pass takes one number a layer: the same seed gives the same
/// run, a checkpoint brings it along, and probes, which have no backward pass, leave it as it was. On any device.
/// </para>
/// </remarks>
public sealed record DoReFaGradientOptions : GradientOptions
{
    private const int MaximumBits = 16;

    /// <summary>k, in bits, 1 to 16. Default 8; the paper trains AlexNet with 6.</summary>
    public int Bits { get; init; } = 8;

    /// <summary>
    /// Whether noise is added before rounding, which makes it right on average; the paper finds it indispensable. Default true.
    /// </summary>
    public bool HasNoise { get; init; } = true;

    /// <inheritdoc/>
    public override void Validate()
    {
        if (Bits is < 1 or > MaximumBits)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Bits), $"{nameof(DoReFaGradientOptions)}.{nameof(Bits)} is {Bits}; allowed are 1 to {MaximumBits}.");
        }
    }

    /// <inheritdoc/>
    protected override Tensor Quantize(Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        ulong? seed = HasNoise ? GradientNoise.Seed() : null;
        // A graph of the gradient itself is made of the operators alone.
        if (FusedGradient.Serves(gradient) && !is_grad_enabled())
        {
            return FusedGradient.Quantize(gradient, Bits, seed);
        }

        using var noise = seed is { } given ? GradientNoise.For(gradient, given) : null;
        return GradientOperators.Quantize(gradient, Bits, noise);
    }
}
