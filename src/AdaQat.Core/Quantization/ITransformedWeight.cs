using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// A quantizer of weights that transforms a weight before it rounds it, so that the values of its grid are not where the weight itself
/// lies. Learned rounding asks it; a quantizer whose codes are weight / scale − offset, rounded, need not implement it.
/// </summary>
public interface ITransformedWeight
{
    /// <summary>Where each element lies among the codes before it is rounded.</summary>
    /// <param name="weight">The latent weight.</param>
    /// <returns>A new tensor of its shape, in float64.</returns>
    Tensor PlacesOf(Tensor weight);

    /// <summary>The weight whose elements lie at given places, if the transform's range is that of another weight.</summary>
    /// <param name="places">Places, in float64.</param>
    /// <param name="weight">The weight that the range comes from.</param>
    /// <returns>A new tensor, in float64.</returns>
    Tensor WeightAt(Tensor places, Tensor weight);
}
