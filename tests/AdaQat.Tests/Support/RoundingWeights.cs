using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

internal sealed class RoundingWeights : Quantizer
{
    public RoundingWeights(BitWidth width)
        : base(width) => RegisterComponents();

    public override Tensor forward(Tensor input) => RoundingScheme.Round(input, Width.Bits);

    public override EncodedTensor Encode(Tensor input) => throw new NotSupportedException();
}
