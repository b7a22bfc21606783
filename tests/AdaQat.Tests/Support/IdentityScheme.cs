using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Quantizers that leave everything as it is and return the very tensor they are given, as one for 32 bits might.</summary>
internal sealed record IdentityScheme : QuantizationScheme
{
    protected internal override WeightQuantizer CreateWeightQuantizer(string layer, BitWidth width) => new IdentityWeights(width);

    protected internal override ActivationQuantizer CreateActivationQuantizer(string layer, BitWidth width, bool isSigned) =>
        new IdentityActivations(width);

    private sealed class IdentityWeights(BitWidth width) : WeightQuantizer(width)
    {
        public override Tensor forward(Tensor input) => input;
    }

    private sealed class IdentityActivations(BitWidth width) : ActivationQuantizer(width)
    {
        public override Tensor forward(Tensor input) => input;
    }
}
