using AdaQat.Probing;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Turns a latent weight into the quantized one that a layer computes with. Derive from it for a quantizer of your own.
/// </summary>
/// <remarks>
/// <see cref="nn.Module{T, TResult}.forward"/> takes the latent weight and returns a new tensor of the same shape, type and device,
/// differentiable with respect to the latent weight and to parameters of the quantizer, quantized to <see cref="BitWidth.Bits"/> bits. It
/// reads the width at every call. Parameters of its own are found by the model's <c>parameters()</c> and <c>state_dict()</c> while it is
/// attached.
/// </remarks>
public abstract class WeightQuantizer : Quantizer
{
    /// <summary>Makes a quantizer that reads <paramref name="width"/>.</summary>
    /// <param name="width">The width it quantizes to.</param>
    /// <param name="options">The choices it is made with, see <see cref="Quantizer.Options"/>.</param>
    protected WeightQuantizer(BitWidth width, object? options = null)
        : base(nameof(WeightQuantizer), width, options)
    {
    }
}
