namespace AdaQat.Quantizers;

/// <summary>What computes a quantizer's formula. Both give the same values, but for the rounding of sums.</summary>
public enum KernelChoice
{
    /// <summary>
    /// One pass over memory where there is a kernel for it: float32 and float64 without gaps in CPU memory. Elsewhere as <see
    /// cref="Operators"/>.
    /// </summary>
    Fused,

    /// <summary>
    /// torch's operators, one after the other, everywhere: slower on the CPU; to compare with, and to rule the kernels out.
    /// </summary>
    Operators,
}
