using AdaQat.Graph;
using AdaQat.Lowering;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AdaQat.Execution;

/// <summary>Operators of a graph, computed by libtorch; one that is not here by its own formula, which is slow.</summary>
internal static class TorchOperators
{
    /// <summary>What a node makes of its inputs: new tensors.</summary>
    /// <param name="node">A node that computes; its shapes are those of the inputs.</param>
    /// <param name="x">Its inputs.</param>
    public static IReadOnlyList<Tensor> Compute(GraphNode node, IReadOnlyList<Tensor> x)
    {
        if (node.Operator is SplitOperator split)
        {
            return x[0].split([.. split.Sizes], split.Axis);
        }

        return [OfProduct(node, x) ?? OfElements(node.Operator, x) ?? OfChannels(node, x) ?? OfLayout(node, x) ?? ByFormula(node, x)];
    }

    private static Tensor? OfProduct(GraphNode node, IReadOnlyList<Tensor> x)
    {
        var bias = x.Count == 3 ? x[2] : null;
        return node.Operator switch
        {
            ConvolutionOperator { Stride.Count: 1 } c => F.conv1d(
                x[0], x[1], bias, c.Stride[0], c.Padding[0], c.Dilation[0], c.Groups),
            ConvolutionOperator { Stride.Count: 2 } c => F.conv2d(
                x[0], x[1], bias, [.. c.Stride], [.. c.Padding], [.. c.Dilation], c.Groups),
            ConvolutionOperator c => F.conv3d(x[0], x[1], bias, [.. c.Stride], [.. c.Padding], [.. c.Dilation], c.Groups),
            LinearOperator => F.linear(x[0], x[1], bias),
            MatMulOperator => x[0].matmul(x[1]),
            _ => null,
        };
    }

    private static Tensor? OfElements(GraphOperator computed, IReadOnlyList<Tensor> x) => computed switch
    {
        ReluOperator => x[0].relu(),
        AddOperator => x[0].Add(x[1]),
        SubtractOperator => x[0] - x[1],
        MultiplyOperator => x[0] * x[1],
        DivideOperator => x[0] / x[1],
        MaximumOperator => x[0].maximum(x[1]),
        MinimumOperator => x[0].minimum(x[1]),
        ClampOperator { Minimum: { } least, Maximum: { } most } => x[0].Clamp(least, most),
        ClampOperator { Minimum: { } least } => x[0].ClampMin(least),
        ClampOperator { Maximum: { } most } => x[0].ClampMax(most),
        ActivationOperator activation => OfActivation(activation, x[0]),
        _ => null,
    };

    private static Tensor? OfActivation(ActivationOperator activation, Tensor x) => activation.Function switch
    {
        ActivationFunction.Sigmoid => x.sigmoid(),
        ActivationFunction.Tanh => x.tanh(),
        ActivationFunction.Gelu => F.gelu(x),
        ActivationFunction.Silu => F.silu(x),
        ActivationFunction.HardSigmoid => F.hardsigmoid(x),
        ActivationFunction.HardSwish => F.hardswish(x),
        ActivationFunction.LeakyRelu => F.leaky_relu(x, activation.Alpha!.Value),
        _ => null,
    };

    private static Tensor? OfChannels(GraphNode node, IReadOnlyList<Tensor> x) => node.Operator switch
    {
        BatchNormOperator norm => F.batch_norm(x[0], x[3], x[4], x[1], x[2], training: false, eps: norm.Epsilon),
        LayerNormOperator norm => F.layer_norm(
            x[0], x[0].shape[^norm.AxisCount..], x.Count > 1 ? x[1] : null, x.Count > 2 ? x[2] : null, norm.Epsilon),
        GroupNormOperator norm => F.group_norm(
            x[0], norm.Groups, x.Count > 1 ? x[1] : null, x.Count > 2 ? x[2] : null, norm.Epsilon),
        SoftmaxOperator softmax => F.softmax(x[0], softmax.Axis),
        LogSoftmaxOperator softmax => F.log_softmax(x[0], softmax.Axis),
        MaxPoolOperator { Kernel.Count: 2 } pool => F.max_pool2d(
            x[0], [.. pool.Kernel], [.. pool.Stride], [.. pool.Padding], [.. pool.Dilation], pool.RoundsUp),
        AveragePoolOperator { Kernel.Count: 2 } pool => F.avg_pool2d(
            x[0], [.. pool.Kernel], [.. pool.Stride], [.. pool.Padding], pool.RoundsUp, pool.CountsPadding, pool.Divisor),
        AdaptivePoolOperator { Sizes.Count: 2, Reduction: Reduction.Mean } => F.adaptive_avg_pool2d(
            x[0], [.. node.Output.Shape.Skip(2)]),
        ReduceOperator { Reduction: Reduction.Mean } reduce => x[0].mean([.. reduce.ReducedAxes], reduce.KeepsAxes),
        ReduceOperator { Reduction: Reduction.Sum } reduce => x[0].sum([.. reduce.ReducedAxes], reduce.KeepsAxes),
        _ => null,
    };

    private static Tensor? OfLayout(GraphNode node, IReadOnlyList<Tensor> x) => node.Operator switch
    {
        ReshapeOperator => x[0].reshape([.. node.Output.Shape]),
        ExpandOperator => x[0].expand([.. node.Output.Shape]),
        PermuteOperator permute => x[0].permute([.. permute.Order]),
        ConcatOperator concat => cat([.. x], concat.Axis),
        SliceOperator { Start: >= 0, Step: 1 } slice => x[0].slice(slice.Axis, slice.Start, slice.End ?? long.MaxValue, 1),
        _ => null,
    };

    private static Tensor ByFormula(GraphNode node, IReadOnlyList<Tensor> x)
    {
        var made = node.Operator.Evaluate([.. x.Select(TensorNumbers.Of)])[0];
        return ToTensor(made, x[0].dtype, x[0].device);
    }

    /// <summary>Numbers of a graph as a tensor.</summary>
    public static Tensor ToTensor(GraphTensor numbers, ScalarType type, Device device)
    {
        using var values = tensor(numbers.ToFloat64(), dtype: ScalarType.Float64);
        using var shaped = values.reshape([.. numbers.Shape]);
        using var typed = shaped.to(type);
        return typed.to(device, copy: true);
    }
}
