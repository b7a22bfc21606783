using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Quantizes the input of one layer, or of several that read the same tensor. Derive from it for a quantizer of your own.
/// </summary>
/// <remarks>
/// <see cref="nn.Module{T, TResult}.forward"/> takes the input and returns a new tensor of the same shape, type and device, quantized to
/// <see cref="BitWidth.Bits"/> bits, differentiable with respect to the input and to parameters of the quantizer. Before the first
/// forward, <see cref="Calibrate"/> gets the first batch, unless <see cref="ActivationCalibration.Calibrate(QuantizedModel,
/// IEnumerable{Tensor})"/> has given it more.
/// </remarks>
public abstract class ActivationQuantizer : Quantizer
{
    /// <summary>Makes a quantizer that reads <paramref name="width"/>.</summary>
    /// <param name="width">The width it quantizes to.</param>
    /// <param name="options">The choices it is made with, see <see cref="Quantizer.Options"/>.</param>
    protected ActivationQuantizer(BitWidth width, object? options = null)
        : base(nameof(ActivationQuantizer), width, options)
    {
    }

    /// <summary>
    /// Whether parameters that start from data have had theirs, or need none. The first forward calls <see cref="Calibrate"/> where not.
    /// </summary>
    public virtual bool IsCalibrated => true;

    /// <summary>
    /// Starts the parameters from data, whatever they were: called without gradient, with the first batch, or by
    /// <see cref="ActivationCalibration.Calibrate(QuantizedModel, IEnumerable{Tensor})"/> with samples of several. Does nothing by default.
    /// </summary>
    /// <param name="input">A batch of the layer's input.</param>
    public virtual void Calibrate(Tensor input)
    {
    }
}
