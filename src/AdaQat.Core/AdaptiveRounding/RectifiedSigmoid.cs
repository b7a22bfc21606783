using static TorchSharp.torch;

namespace AdaQat.AdaptiveRounding;

/// <summary>h(V) = clip(σ(V)·(ζ − γ) + γ, 0, 1), which reaches 0 and 1; ζ = 1.1, γ = −0.1 (arXiv 2004.10568, §3.4).</summary>
internal static class RectifiedSigmoid
{
    private const double Zeta = 1.1;
    private const double Gamma = -0.1;

    public static Tensor Of(Tensor v) => v.sigmoid().Mul(Zeta - Gamma).Add(Gamma).Clamp(0, 1);

    /// <summary>The V with h(V) = r, for r in [0, 1].</summary>
    public static Tensor Inverse(Tensor share) => share.Sub(Gamma).reciprocal().Mul(Zeta - Gamma).Sub(1).log().neg();
}
