using AdaQat.Graph;

namespace AdaQat.Tests.Graph;

/// <summary>A graph that has every operator, with attributes that are not the default.</summary>
internal static class EveryOperator
{
    public static ModelGraph Graph()
    {
        var g = new GraphBuilder("every operator");
        var image = g.Input("image", [2, 4, 6, 6]);
        var channels = Enumerable.Range(0, 4).Select(place => Constant(g, $"c{place}", 4)).ToList();
        var row = g.Flatten(image, 2);

        using (g.InModule("products"))
        {
            Out(g.Convolution(image, Constant(g, "w1", 2, 2, 2, 1), Constant(g, "b1", 2), [2, 1], [1, 0], [2, 1], groups: 2));
            Out(g.Convolution(row, Constant(g, "w2", 2, 4, 3)));
            Out(g.TransposedConvolution(image, Constant(g, "w3", 4, 1, 2, 3), Constant(g, "b3", 2), [2, 3], [1, 0], [1, 0], [1, 2], 2));
            Out(g.Linear(image, Constant(g, "w4", 5, 6), Constant(g, "b4", 5)));
            Out(g.Embedding(g.Quantize(image, new QuantizeOperator(1, 0, 0, 2)), Constant(g, "table", 3, 2)));
            Out(g.MatMul(image, g.Transpose(image, 2, 3)));
        }

        foreach (var function in Enum.GetValues<ActivationFunction>())
        {
            Out(g.Activation(image, function, function is ActivationFunction.Elu or ActivationFunction.LeakyRelu ? 0.3 : null));
        }

        var positive = g.Unary(image, UnaryFunction.Abs);
        foreach (var function in Enum.GetValues<UnaryFunction>())
        {
            Out(g.Unary(positive, function));
        }

        Out(g.Clamp(g.Relu(image), -1.5, null));
        Out(g.PRelu(image, channels[0]));
        Out(g.Add(g.Subtract(g.Multiply(image, g.Number(0.3)), image), g.Divide(image, positive)));
        Out(g.Power(positive, g.Minimum(g.Maximum(image, g.Number(-1)), g.Number(1))));
        Out(g.BatchNorm(image, channels[0], channels[1], channels[2], g.Unary(channels[3], UnaryFunction.Abs), epsilon: 1e-3));
        Out(g.LayerNorm(image, Constant(g, "gamma", 6, 6), axisCount: 2, epsilon: 1e-3));
        Out(g.GroupNorm(image, 2, channels[0], channels[1]));
        Out(g.LogSoftmax(g.Softmax(image, 1), 2));
        foreach (var reduction in Enum.GetValues<Reduction>())
        {
            Out(g.Reduce(image, reduction, [1, -1], keepsAxes: reduction == Reduction.Sum));
        }

        Out(g.MaxPool(image, [3, 2], 2, [1, 0], [1, 2], roundsUp: true));
        Out(g.AveragePool(image, 3, 2, 1, roundsUp: true, countsPadding: false));
        Out(g.AveragePool(row, 4, divisor: 7));
        Out(g.AdaptivePool(image, Reduction.Max, [3, -1]));
        Out(g.Resize(image, ResizeMode.Linear, [SizeExpression.Of(1, 2), 9], alignsCorners: true, like: [row]));
        Out(g.ResizeByScale(image, ResizeMode.NearestExact, 1.7));
        Out(g.Expand(g.Reshape(channels[0], [1, 4, 1]), [SizeExpression.Of(1, 0), -1, 3], like: [image]));
        var parts = g.Split(g.Permute(image, [0, 2, 3, 1]), 3, [1, 3]);
        Out(g.Concat([parts[1], parts[0], g.Slice(parts[1], -1, -2, 3, 2)], -1));
        Out(g.Pad(image, [0, 0, 1, 2], [0, 0, 2, 0], PadMode.Reflect));
        Out(g.Quantize(image, new QuantizeOperator([0.1, 0.2, 0.3, 0.4], [0.5, 0, -0.5, 1], -4, 3, axis: 1)));
        return g.Build();

        void Out(GraphValue value) => g.Output($"output of {value}", value);
    }

    private static GraphValue Constant(GraphBuilder g, string name, params long[] shape) =>
        g.Constant(name, GraphOracle.ToGraph(GraphOracle.Noise(name.Length, shape)));
}
