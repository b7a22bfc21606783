namespace AdaQat.Quantizers.Levels;

/// <summary>How a call maps onto levels.</summary>
/// <param name="Table">The magnitudes.</param>
/// <param name="IsSigned">Whether their opposites are levels too; else what is negative becomes 0.</param>
/// <param name="PassesOutside">
/// Whether the gradient goes through outside the range as well: where the range follows the tensor, so that it is never left.
/// </param>
/// <param name="Kernels">What computes it.</param>
internal sealed record LevelForm(LevelTable Table, bool IsSigned, bool PassesOutside, KernelChoice Kernels = KernelChoice.Fused);
