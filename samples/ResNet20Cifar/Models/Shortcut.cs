namespace ResNet20Cifar.Models;

/// <summary>
/// How a residual block's input reaches its output where resolution and channel count change (He et al. 2015, section 4.2).
/// </summary>
public enum Shortcut
{
    /// <summary>Option A: every second pixel, new channels filled with zeros; no parameters, no multiplications.</summary>
    ZeroPadding,

    /// <summary>Option B: a 1×1 convolution of stride 2 with batch normalisation.</summary>
    Projection,
}
