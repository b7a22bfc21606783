using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>Quantizes the input of one layer, or of several that read the same tensor. Derive from it for a quantizer of your own.</summary>
/// <remarks>
/// <see cref="nn.Module{T, TResult}.forward"/> takes the input and returns a new tensor of the same shape, type and device, quantized to
/// <see cref="BitWidth.Bits"/> bits, differentiable with respect to the input and to parameters of the quantizer. Before the first
/// forward, <see cref="Calibrate"/> gets the first batch, unless <see cref="QuantizedModel.Calibrate(IEnumerable{Tensor})"/> has given it more.
/// </remarks>
public abstract class ActivationQuantizer : nn.Module<Tensor, Tensor>
{
    /// <summary>Makes a quantizer that reads <paramref name="width"/>.</summary>
    /// <param name="width">The width it quantizes to.</param>
    protected ActivationQuantizer(BitWidth width)
        : base(nameof(ActivationQuantizer))
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

    /// <summary>Whether parameters that start from data have had theirs, or need none. The first forward calls <see cref="Calibrate"/> where not.</summary>
    public virtual bool IsCalibrated => true;

    /// <summary>
    /// Starts the parameters from data, whatever they were: called without gradient, with the first batch, or by
    /// <see cref="QuantizedModel.Calibrate(IEnumerable{Tensor})"/> with samples of several. Does nothing by default.
    /// </summary>
    /// <param name="input">A batch of the layer's input.</param>
    public virtual void Calibrate(Tensor input)
    {
    }
}
