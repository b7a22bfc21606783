namespace AdaQat.Quantizers.Pact;

/// <summary>Which of PACT's formulas a call uses.</summary>
/// <param name="Bits">k, in bits.</param>
/// <param name="IsSigned">Whether the range is [−α, α] instead of [0, α].</param>
/// <param name="Gradient">The form of ∂x̂/∂α.</param>
/// <param name="Kernels">What computes them.</param>
internal sealed record PactForm(int Bits, bool IsSigned, PactGradient Gradient, KernelChoice Kernels = KernelChoice.Fused);
