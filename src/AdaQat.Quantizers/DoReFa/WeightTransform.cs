namespace AdaQat.Quantizers;

/// <summary>What DoReFa applies to a latent weight before it quantizes it.</summary>
public enum WeightTransform
{
    /// <summary>t = tanh(w), the paper's: bounds outliers, reshapes the weight even at high widths.</summary>
    Tanh,

    /// <summary>t = w: exact at high widths, for networks that are trained already.</summary>
    Linear,
}
