namespace AdaQat.Quantizers;

/// <summary>
/// The gradient of a binary weight ŵ = α·sign(w) with respect to w. The straight-through gradient of sign is 1 on [−1, 1].
/// </summary>
public enum BinaryGradient
{
    /// <summary>∂L/∂ŵ where |w| ≤ 1, else 0: ŵ stands for w itself. Latent weights then move as fast as those of other families.</summary>
    StraightThrough,

    /// <summary>
    /// The product's: α·∂L/∂ŵ where |w| ≤ 1, plus what flows through α = mean|w| (XNOR-Net, arXiv 1603.05279, section 3.1).
    /// </summary>
    ProductRule,
}
