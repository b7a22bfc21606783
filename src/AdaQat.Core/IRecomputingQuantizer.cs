using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// An activation quantizer whose result need not be kept for the backward pass: it is written into memory that other layers use too, and
/// written there again when the backward pass comes to its layer. Its input is kept by the layer before in any case.
/// </summary>
/// <remarks>
/// An <see cref="ActivationQuantizer"/> that implements this lets training need hardly more memory than in float; one that does not
/// works as well. <see cref="QuantizationScheme.KeepQuantizedInputs"/> turns it off.
/// </remarks>
public interface IRecomputingQuantizer
{
    /// <summary>The formula of one call, as widths and parameters are now; null where the quantizer's forward has to be called instead.</summary>
    /// <param name="input">What is to be quantized: on the CPU, dense, of any shape.</param>
    IRecomputation? Recomputation(Tensor input);
}
