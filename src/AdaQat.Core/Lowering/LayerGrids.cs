using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>How a layer's weight and input are quantized.</summary>
/// <param name="WeightName">The weight's name in the model.</param>
/// <param name="Weight">The weight's values, all on its grid; null where it is left in float.</param>
/// <param name="WeightGrid">The weight's grid; null where it is left in float.</param>
/// <param name="InputGrid">The input's grid; null where it is left in float.</param>
internal sealed record LayerGrids(string WeightName, GraphTensor? Weight, QuantizeOperator? WeightGrid, QuantizeOperator? InputGrid);
