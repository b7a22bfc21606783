using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Quantizers that leave everything as it is and return the very tensor they are given, as one for 32 bits might.</summary>
internal sealed record IdentityScheme() : QuantizationScheme(new IdentityOptions(), new IdentityOptions())
{
    private sealed record IdentityOptions : QuantizerOptions
    {
        public override void Validate()
        {
        }

        protected internal override Quantizer Create(QuantizerRequest request) => new IdentityQuantizer(request.Width);
    }

    private sealed class IdentityQuantizer(BitWidth width) : Quantizer(width)
    {
        public override Tensor forward(Tensor input) => input;

        public override EncodedTensor Encode(Tensor input) => throw new NotSupportedException();
    }
}
