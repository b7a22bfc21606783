namespace AdaQat.Quantizers;

/// <summary>The gradient ∂x̂/∂α of PACT.</summary>
public enum PactGradient
{
    /// <summary>1 where x ≥ α, and (x̂ − y)/α inside: the rounding error's share, as SAT (arXiv 1912.10207) corrects it.</summary>
    Calibrated,

    /// <summary>1 where x ≥ α, else 0: PACT's (arXiv 1805.06085).</summary>
    Original,
}
