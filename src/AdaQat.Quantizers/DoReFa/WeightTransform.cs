namespace AdaQat.Quantizers;

/// <summary>What DoReFa applies to a latent weight before it quantizes it.</summary>
public enum WeightTransform
{
    /// <summary>
    /// t = tanh(w), the paper's: bounds outliers, reshapes the weight even at high widths. Weights beyond ±1, as trained networks have
    /// them, are lost.
    /// </summary>
    Tanh,

    /// <summary>t = w: exact at high widths, for networks that are trained already.</summary>
    Linear,

    /// <summary>
    /// Each weight's own: <see cref="Tanh"/> where it hardly changes the weights that training begins with, as it does small random ones,
    /// else <see cref="Linear"/>. What was found is part of the state and stays.
    /// </summary>
    Auto,
}
