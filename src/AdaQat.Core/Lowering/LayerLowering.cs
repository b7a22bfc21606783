using AdaQat.Graph;

namespace AdaQat.Lowering;

/// <summary>Convolutions, products of matrices, attention.</summary>
internal static class LayerLowering
{
    public static Dictionary<string, Action<CallLowering>> Operations { get; } = new()
    {
        ["_convolution"] = Convolution,
        ["convolution"] = Convolution,
        ["_convolution_mode"] = NamedPadding,
        ["linear"] = call => call.Return(call.Emit(new LinearOperator(), call.Value(0), call.Value(1), call.ValueOrNone(2))),
        ["embedding"] = call => call.Return(call.Emit(new EmbeddingOperator(), call.Value(1), call.Value(0))),
        ["addmm"] = BiasAndProduct,
        ["mm"] = Product,
        ["bmm"] = Product,
        ["matmul"] = Product,
        ["baddbmm"] = BiasAndProduct,
        ["scaled_dot_product_attention"] = Attention,
    };

    /// <summary>The product with a transposed matrix is a linear layer's.</summary>
    public static DraftValue Multiply(CallLowering call, DraftValue left, DraftValue right) => Transposed(right) is { } weight
        ? call.Emit(new LinearOperator(), left, weight)
        : call.Emit(new MatMulOperator(), left, right);

    /// <summary>A linear layer without a bias takes a vector that is added to what it computes, where it is of that length.</summary>
    public static DraftValue? WithBias(CallLowering call, DraftValue product, DraftValue bias, TensorArgument biasShape) =>
        product.Node is { Computation: LinearOperator, Inputs.Count: 2 } && biasShape.Rank == 1 && bias.Node.Computation is null
            && biasShape.Shape[0] == call.Output.Shape[^1]
            ? call.Emit(new LinearOperator(), product.Node.Inputs[0], product.Node.Inputs[1], bias)
            : null;

    private static void Convolution(CallLowering call)
    {
        var axes = call.Tensor(0).Rank - 2;
        var (stride, padding, dilation) = (call.PerAxis(3, axes), call.PerAxis(4, axes), call.PerAxis(5, axes));
        GraphOperator convolution = call.Flag(6)
            ? new TransposedConvolutionOperator(stride, padding, call.PerAxis(7, axes), dilation, call.Integer(8))
            : new ConvolutionOperator(stride, padding, dilation, call.Integer(8));
        call.Return(call.Emit(convolution, call.Value(0), call.Value(1), call.ValueOrNone(2)));
    }

    /// <summary>Padding by name: <c>same</c> or <c>valid</c>.</summary>
    private static void NamedPadding(CallLowering call)
    {
        var axes = call.Tensor(0).Rank - 2;
        var (stride, dilation, kernel) = (call.PerAxis(3, axes), call.PerAxis(5, axes), call.Tensor(1).Shape.Skip(2).ToList());
        var isSame = call.Text(4) == "same";
        var total = kernel.Select((size, axis) => isSame ? dilation[axis] * (size - 1) : 0).ToList();
        var input = call.Value(0);
        if (total.Exists(padding => padding % 2 == 1))
        {
            input = call.Emit(new PadOperator([0, 0, .. total.Select(_ => 0L)], [0, 0, .. total.Select(padding => padding % 2)]), input);
        }

        var convolution = new ConvolutionOperator(stride, [.. total.Select(padding => padding / 2)], dilation, call.Integer(6));
        call.Return(call.Emit(convolution, input, call.Value(1), call.ValueOrNone(2)));
    }

    private static void Product(CallLowering call)
    {
        var (left, right) = (call.Tensor(0), call.Tensor(1));
        if (left.Rank < 2 || right.Rank < 2)
        {
            throw call.Refusal("a product with a vector is not among a graph's operators; unsqueeze it");
        }

        call.Return(Multiply(call, call.Value(0), call.Value(1)));
    }

    /// <summary>beta · bias + alpha · left · right.</summary>
    private static void BiasAndProduct(CallLowering call)
    {
        var product = Multiply(call, call.Value(1), call.Value(2));
        var (beta, alpha) = (call.Number(3), call.Number(4));
        if (beta == 1 && alpha == 1 && WithBias(call, product, call.Value(0), call.Tensor(0)) is { } layer)
        {
            call.Return(layer);
            return;
        }

        var scaled = alpha == 1 ? product : call.Emit(new MultiplyOperator(), product, call.Scalar(alpha));
        var bias = beta == 1 ? call.Value(0) : call.Emit(new MultiplyOperator(), call.Value(0), call.Scalar(beta));
        call.Return(call.Emit(new AddOperator(), scaled, bias));
    }

    /// <summary>softmax(scale · q · kᵀ + mask) · v.</summary>
    private static void Attention(CallLowering call)
    {
        if (call.Number(4) != 0 || call.Flag(5) || call.Flag(7))
        {
            throw call.Refusal(
                "with dropout, a causal mask or grouped queries it is not among a graph's operators; write the mask as a tensor");
        }

        var query = call.Tensor(0);
        var order = Enumerable.Range(0, query.Rank).Select(axis => (long)axis).ToArray();
        (order[^1], order[^2]) = (order[^2], order[^1]);
        var scale = call.NumberOrNone(6) ?? 1 / Math.Sqrt(query.Shape[^1]);
        var scores = call.Emit(new MatMulOperator(), call.Value(0), call.Emit(new PermuteOperator([.. order]), call.Value(1)));
        scores = call.Emit(new MultiplyOperator(), scores, call.Scalar(scale));
        if (!call.IsNone(3))
        {
            scores = call.Tensor(3).IsFloatingPoint
                ? call.Emit(new AddOperator(), scores, call.Value(3))
                : throw call.Refusal("a mask of true and false is not among a graph's operators; give it as numbers to add");
        }

        var weights = call.Emit(new SoftmaxOperator(query.Rank - 1), scores);
        call.Return(call.Emit(new MatMulOperator(), weights, call.Value(2)));
    }

    private static DraftValue? Transposed(DraftValue value) =>
        value.Node.Computation is PermuteOperator { Order: [1, 0] } ? value.Node.Inputs[0] : null;
}
