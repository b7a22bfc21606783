using static TorchSharp.torch;

namespace AdaQat.Tests.Probing;

/// <summary>Weights that cannot be quantized to 3 bits, by a mistake of their author.</summary>
internal sealed record BreakingScheme : RoundingScheme
{
    protected internal override WeightQuantizer CreateWeightQuantizer(string layer, BitWidth width) => new BreakingWeights(width);

    private sealed class BreakingWeights(BitWidth width) : WeightQuantizer(width)
    {
        public override Tensor forward(Tensor input) =>
            Width.Bits == 3 ? throw new InvalidOperationException("not at 3 bits") : Round(input, Width.Bits);
    }
}
