using static TorchSharp.torch;

namespace AdaQat.Quantization;

/// <summary>The quantizer of an input that is left in float while the layer's weight is quantized.</summary>
internal sealed class UnquantizedActivation(BitWidth width) : ActivationQuantizer(width)
{
    public override Tensor forward(Tensor input) => input;
}
