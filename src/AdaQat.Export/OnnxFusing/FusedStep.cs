using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>A convolution in bytes as one of its quantizers has it.</summary>
/// <param name="Quantizer">The quantizer.</param>
/// <param name="Weight">The weight, its values on its grid.</param>
/// <param name="WeightGrid">Signed bytes with a step for each channel.</param>
/// <param name="Bias">The bias, its values on its grid.</param>
/// <param name="BiasGrid">Integers in steps of the sums.</param>
/// <param name="Moves">What becomes, in each channel, of the numbers that are quantized.</param>
internal sealed record FusedStep(
    GraphNode Quantizer, GraphTensor Weight, QuantizeOperator WeightGrid, GraphTensor Bias, QuantizeOperator BiasGrid,
    IReadOnlyList<CodeMove> Moves);
