using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>Turns a latent weight into the quantized one that a layer computes with. Derive from it for a quantizer of your own.</summary>
/// <remarks>
/// <see cref="nn.Module{T, TResult}.forward"/> takes the latent weight and returns a new tensor of the same shape, type and device, differentiable with respect
/// to the latent weight and to parameters of the quantizer, quantized to <see cref="BitWidth.Bits"/> bits. It reads the width at every
/// call. Parameters of its own are found by the model's <c>parameters()</c> and <c>state_dict()</c> while it is attached.
/// </remarks>
public abstract class WeightQuantizer : nn.Module<Tensor, Tensor>
{
    /// <summary>Makes a quantizer that reads <paramref name="width"/>.</summary>
    /// <param name="width">The width it quantizes to.</param>
    protected WeightQuantizer(BitWidth width)
        : base(nameof(WeightQuantizer))
    {
        ArgumentNullException.ThrowIfNull(width);
        Width = width;
    }

    /// <summary>The width it quantizes to; may be shared with other quantizers.</summary>
    public BitWidth Width { get; }

    /// <summary>
    /// The choices it was made with, such as a record, whose public properties a checkpoint notes and compares on resuming; null (the
    /// default) where there are none.
    /// </summary>
    public virtual object? Options => null;
}
