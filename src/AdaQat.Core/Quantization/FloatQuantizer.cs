using static TorchSharp.torch;

namespace AdaQat.Quantization;

/// <summary>The quantizer of a weight or an input that is left in float while the layer's other one is quantized.</summary>
internal sealed class FloatQuantizer(BitWidth width) : Quantizer(width)
{
    public override Tensor forward(Tensor input) => input;

    public override EncodedTensor Encode(Tensor input) =>
        throw new InvalidOperationException($"{Width.Name} is left in float: it has no codes.");
}
