namespace AdaQat.Quantizers.Uniform;

/// <summary>Which grid a call maps onto, besides the numbers of its scales.</summary>
/// <param name="Granularity">How far one scale reaches.</param>
/// <param name="Smallest">The smallest code.</param>
/// <param name="Largest">The largest code.</param>
/// <param name="Overflow">What becomes of codes beyond.</param>
/// <param name="Kernels">What computes it.</param>
internal sealed record UniformForm(
    Granularity Granularity, int Smallest, int Largest, CodeOverflow Overflow = CodeOverflow.Saturate,
    KernelChoice Kernels = KernelChoice.Fused)
{
    /// <summary>How many codes there are.</summary>
    public double Count => (double)Largest - Smallest + 1;
}
