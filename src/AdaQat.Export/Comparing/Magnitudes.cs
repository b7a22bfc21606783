using AdaQat.Execution;
using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Export;

/// <summary>
/// How large the numbers are that a value is the sum of: what the rounding of a sum in 32 bits is relative to. Of products and sums it is
/// the same formula of magnitudes, of what only moves or chooses elements too; behind any other operator the largest number that it
/// makes.
/// </summary>
internal static class Magnitudes
{
    /// <summary>Those of what a node makes.</summary>
    /// <param name="node">The node, with the shapes of this batch.</param>
    /// <param name="read">Its inputs.</param>
    /// <param name="magnitudes">Its inputs' magnitudes.</param>
    /// <param name="made">What it made.</param>
    public static IReadOnlyList<Tensor> Of(GraphNode node, Tensor[] read, Tensor[] magnitudes, IReadOnlyList<Tensor> made) =>
        node.Operator switch
        {
            QuantizeOperator => [made[0].abs()],
            ReluOperator or ClampOperator => [magnitudes[0]],
            SubtractOperator => [magnitudes[0].Add(magnitudes[1])],
            BatchNormOperator norm => [OfBatchNorm(norm, read, magnitudes)],
            ConvolutionOperator or TransposedConvolutionOperator or LinearOperator or MatMulOperator or AddOperator or MultiplyOperator
                or MaxPoolOperator or AveragePoolOperator or AdaptivePoolOperator
                or ReduceOperator { Reduction: Reduction.Mean or Reduction.Sum }
                or ReshapeOperator or ExpandOperator or PermuteOperator or ConcatOperator or SliceOperator or SplitOperator or PadOperator
                => TorchOperators.Compute(node, magnitudes),
            _ => [.. made.Select(value => value.abs().max().expand(value.shape))],
        };

    /// <summary>|gamma| / √(variance + ε) · (|x| + |mean|) + |beta|, x by its magnitude.</summary>
    private static Tensor OfBatchNorm(BatchNormOperator norm, Tensor[] read, Tensor[] magnitudes)
    {
        var shape = read[0].shape.Select((_, axis) => axis == 1 ? -1L : 1L).ToArray();
        var slope = magnitudes[1] / read[4].Add(norm.Epsilon).sqrt();
        return magnitudes[0].Add(magnitudes[3].reshape(shape)).mul(slope.reshape(shape)).Add(magnitudes[2].reshape(shape));
    }
}
