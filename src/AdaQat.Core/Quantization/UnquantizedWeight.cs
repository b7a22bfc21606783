using static TorchSharp.torch;

namespace AdaQat.Quantization;

/// <summary>The quantizer of a weight that is left in float while the layer's input is quantized.</summary>
internal sealed class UnquantizedWeight(BitWidth width) : WeightQuantizer(width)
{
    public override Tensor forward(Tensor input) => input;
}
