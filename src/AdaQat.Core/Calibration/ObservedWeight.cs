using static TorchSharp.torch;

namespace AdaQat.Calibration;

/// <summary>A weight whose range is to be observed.</summary>
/// <param name="Layer">The layer's name; of those that share it, the first.</param>
/// <param name="Quantizer">What quantizes it.</param>
/// <param name="Latent">The weight itself.</param>
internal sealed record ObservedWeight(string Layer, Quantizer Quantizer, Tensor Latent);
