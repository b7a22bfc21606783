using AdaQat.Diagnostics;

namespace AdaQat;

/// <summary>
/// Quantizes, in the backward pass, the gradient that comes back to a layer's output (DoReFa-Net, arXiv 1606.06160, section 2.5): with few
/// bits there, both products of the layer's backward pass could be made of integers. Off unless a scheme has it.
/// </summary>
/// <remarks>
/// <para>
/// f(g) = 2m·[q_k(g/(2m) + ½ + N) − ½], with m the largest magnitude of g over all dimensions but the first, which is the batch, and
/// N = σ/(2^k − 1), σ uniform on [−½, ½) for each element. A tensor of one dimension is one sample. A sample of zeros stays zeros.
/// </para>
/// <para>
/// The noise follows from torch's default random state, of which a backward pass takes one number a layer: the same seed gives the same
/// run, a checkpoint brings it along, and probes, which have no backward pass, leave it as it was. On any device; operators alone.
/// </para>
/// </remarks>
public sealed record GradientQuantization
{
    /// <summary>k, in bits, 1 to 16. Default 8; the paper trains AlexNet with 6.</summary>
    public int Bits { get; init; } = 8;

    /// <summary>
    /// Whether noise is added before rounding, which makes it right on average; the paper finds it indispensable. Default true.
    /// </summary>
    public bool HasNoise { get; init; } = true;

    /// <summary>
    /// Whether the gradients of the first and the last layer that the model calls are quantized too. Default false, as in the
    /// paper's networks.
    /// </summary>
    public bool IncludesFirstAndLast { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A value is outside what is allowed; the message names it.</exception>
    internal void Validate() => Guard.InRange(Bits, 1, 16, $"{nameof(GradientQuantization)}.{nameof(Bits)}");
}
