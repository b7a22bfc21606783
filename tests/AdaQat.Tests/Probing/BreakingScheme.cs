using static TorchSharp.torch;

namespace AdaQat.Tests.Probing;

/// <summary>Weights that cannot be quantized to 3 bits, by a mistake of their author.</summary>
internal sealed record BreakingScheme() : RoundingScheme(new BreakingOptions())
{
    private sealed record BreakingOptions : RoundingOptions
    {
        protected internal override Quantizer Create(QuantizerRequest request) =>
            request.Target == QuantizerTarget.Weight ? new BreakingWeights(request.Width) : base.Create(request);
    }

    private sealed class BreakingWeights(BitWidth width) : Quantizer(width)
    {
        public override Tensor forward(Tensor input) =>
            Width.Bits == 3 ? throw new InvalidOperationException("not at 3 bits") : Round(input, Width.Bits);

        public override EncodedTensor Encode(Tensor input) => throw new NotSupportedException();
    }
}
