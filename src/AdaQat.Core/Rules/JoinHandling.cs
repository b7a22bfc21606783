namespace AdaQat;

/// <summary>What becomes of the operands of residual sums.</summary>
public enum JoinHandling
{
    /// <summary>They are added as they are. A network of integers adds them as fixed-point numbers, which rounds.</summary>
    Unquantized,

    /// <summary>
    /// The operands of a sum are quantized before it, on one grid of their own: one scale, which they share. A network of integers then
    /// adds codes, and computes exactly what was trained.
    /// </summary>
    Quantized,
}
