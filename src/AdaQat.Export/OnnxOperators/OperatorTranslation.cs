using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>What each operator of a graph becomes: the names of what ONNX's operators make of its inputs.</summary>
internal static class OperatorTranslation
{
    public static IReadOnlyList<string> Of(OperatorScope n, IQuantizerWriter quantizers) => n.Node.Operator switch
    {
        SplitOperator split => Layouts.Split(n, split),
        QuantizeOperator grid => [quantizers.Write(n, grid)],
        ConvolutionOperator convolution => [Products.Convolution(n, convolution)],
        TransposedConvolutionOperator convolution => [Products.TransposedConvolution(n, convolution)],
        LinearOperator => [Products.Linear(n)],
        MatMulOperator => [n.Op("MatMul", [n.Input(0), n.Input(1)])],
        EmbeddingOperator => [Products.Embedding(n)],
        ReluOperator => [n.Op("Relu", [n.Input(0)])],
        ClampOperator clamp => [Pointwise.Clamp(n, clamp)],
        ActivationOperator activation => [Activations.Write(n, activation)],
        UnaryOperator unary => [Pointwise.Unary(n, unary.Function)],
        PReluOperator => [Pointwise.PRelu(n)],
        ElementwiseOperator elementwise => [Pointwise.Elementwise(n, elementwise)],
        BatchNormOperator norm => [Normalizations.Batch(n, norm)],
        LayerNormOperator norm => [Normalizations.Layer(n, norm)],
        GroupNormOperator norm => [Normalizations.Group(n, norm)],
        SoftmaxOperator softmax => [n.Op("Softmax", [n.Input(0)], OnnxAttribute.Of("axis", softmax.Axis))],
        LogSoftmaxOperator softmax => [n.Op("LogSoftmax", [n.Input(0)], OnnxAttribute.Of("axis", softmax.Axis))],
        MaxPoolOperator pool => [Pools.Maximum(n, pool)],
        AveragePoolOperator pool => [Pools.Average(n, pool)],
        AdaptivePoolOperator pool => [AdaptivePools.Write(n, pool)],
        ResizeOperator resize => [Resizes.Write(n, resize)],
        ReduceOperator reduce => [Layouts.Reduce(n, reduce)],
        ReshapeOperator reshape => [Layouts.Reshape(n, reshape)],
        ExpandOperator expand => [Layouts.Expand(n, expand)],
        PermuteOperator permute => [n.Op("Transpose", [n.Input(0)], OnnxAttribute.Of("perm", permute.Order))],
        ConcatOperator concat => [n.Op("Concat", Enumerable.Range(0, n.InputCount).Select(n.Input), OnnxAttribute.Of("axis", concat.Axis))],
        SliceOperator slice => [Layouts.Slice(n, slice)],
        PadOperator pad => [Layouts.Pad(n, pad)],
        _ => throw n.Refused($"nothing is known of the operator {n.Node.Operator.Name} in ONNX."),
    };
}
