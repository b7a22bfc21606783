using AdaQat.Graph;
using AdaQat.Runtime;
using FluentAssertions;
using Xunit;

namespace AdaQat.Tests.Runtime;

/// <summary>The reference against another one: integers are exact in 64-bit floats, in which AdaQat.Graph's operators compute.</summary>
public sealed class GraphAgreementTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 0, 0)]
    [InlineData(3, 1, 1, 1, 1, 0)]
    [InlineData(3, 2, 1, 2, 1, -7)]
    [InlineData(4, 3, 2, 1, 2, -7)]
    [InlineData(2, 1, 3, 4, 0, 5)]
    public void Convolutions_are_those_of_the_graph(int size, int stride, int dilation, int groups, int padding, int offset)
    {
        var (random, channels, outputs) = (new Random(size), 4, 8);
        var input = new InputNode("x", [9, 7, channels], new Codes(15, 1, offset));
        var weights = Weights(random, [outputs, size, size, channels / groups]);
        var window = new SlidingWindow([size, size], [stride, stride], [padding, padding], null, [dilation, dilation]);
        var node = new ConvolutionNode("conv", input, weights, window, groups);
        var image = Codes(random, input);

        var g = new GraphBuilder("net");
        var x = g.Input("x", [1, channels, 9, 7]);
        g.Output("y", g.Convolution(x, g.Constant("w", OutputsFirst(weights)), null, stride, padding, dilation, groups));

        Sums(node, image).Should().Equal(ChannelsLast(g.Build(), image, offset));
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 0, 0)]
    [InlineData(3, 2, 1, 1, 1, 1)]
    [InlineData(4, 3, 1, 2, 0, 2)]
    [InlineData(2, 2, 2, 4, 1, 0)]
    public void Transposed_convolutions_are_those_of_the_graph(
        int size, int stride, int dilation, int groups, int padding, int outputPadding)
    {
        var (random, channels, outputs, offset) = (new Random(size), 4, 8, -3);
        var input = new InputNode("x", [5, 7, channels], new Codes(15, 1, offset));
        var weights = Weights(random, [outputs, size, size, channels / groups]);
        var window = new SlidingWindow([size, size], [stride, stride], [padding, padding], null, [dilation, dilation]);
        var node = new TransposedConvolutionNode("up", input, weights, window, [outputPadding, outputPadding], groups);
        var image = Codes(random, input);

        var g = new GraphBuilder("net");
        var x = g.Input("x", [1, channels, 5, 7]);
        var operation = new TransposedConvolutionOperator(
            [stride, stride], [padding, padding], [outputPadding, outputPadding], [dilation, dilation], groups);
        g.Output("y", g.Apply(operation, [x, g.Constant("w", InputsFirst(weights, groups))])[0]);

        Sums(node, image).Should().Equal(ChannelsLast(g.Build(), image, offset));
    }

    private static IntegerWeights Weights(Random random, Shape shape) =>
        new(shape, [.. Enumerable.Range(0, (int)shape.ElementCount).Select(_ => (byte)random.Next(16))], 4, 2, [-15]);

    private static byte[] Codes(Random random, IntegerNode input) =>
        [.. Enumerable.Range(0, (int)input.Shape.ElementCount).Select(_ => (byte)random.Next(16))];

    private static long[] Sums(IntegerNode node, byte[] image)
    {
        var floats = new DequantizeNode("floats", node, [1], [0]);
        var model = new IntegerModel([node.Inputs[0], node, floats, new OutputNode("y", floats)]);
        return new IntegerInterpreter(model).Run(image)[node].Stored.ToArray();
    }

    private static long[] ChannelsLast(ModelGraph graph, byte[] image, int offset)
    {
        double[] numbers = [.. image.Select(code => (double)(code + offset))];
        var result = new GraphInterpreter(graph).Run(GraphTensor.Of(graph.Inputs[0].Output.Shape, numbers))[0];
        var (values, channels) = (result.AsFloat64().ToArray(), (int)result.Shape[1]);
        var pixels = values.Length / channels;
        return [.. Enumerable.Range(0, values.Length).Select(i => (long)values[(i % channels * pixels) + (i / channels)])];
    }

    /// <summary>[outputs, height, width, inputs] as [outputs, inputs, height, width].</summary>
    private static GraphTensor OutputsFirst(IntegerWeights weights)
    {
        var (outputs, taps, inputs) = ((int)weights.Shape[0], (int)(weights.Shape[1] * weights.Shape[2]), (int)weights.Shape[3]);
        var numbers = new double[outputs * taps * inputs];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = weights.Integer(i / (inputs * taps), (i % taps * inputs) + (i / taps % inputs));
        }

        return GraphTensor.Of([outputs, inputs, weights.Shape[1], weights.Shape[2]], numbers);
    }

    /// <summary>[outputs, height, width, inputs of a group] as [inputs, outputs of a group, height, width].</summary>
    private static GraphTensor InputsFirst(IntegerWeights weights, int groups)
    {
        var (outputs, taps, perGroup) = ((int)weights.Shape[0], (int)(weights.Shape[1] * weights.Shape[2]), (int)weights.Shape[3]);
        var makes = outputs / groups;
        var numbers = new double[outputs * taps * perGroup];
        for (var i = 0; i < numbers.Length; i++)
        {
            var (input, output, tap) = (i / (makes * taps), i / taps % makes, i % taps);
            numbers[i] = weights.Integer((input / perGroup * makes) + output, (tap * perGroup) + (input % perGroup));
        }

        return GraphTensor.Of([perGroup * groups, makes, weights.Shape[1], weights.Shape[2]], numbers);
    }
}
