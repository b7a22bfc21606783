using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>What tests ask of captured graphs.</summary>
internal static class Graphs
{
    /// <summary>The nodes by kind, constants left out: <c>add 8, conv2d 20, …</c>, in the order of the kinds' names.</summary>
    public static string Kinds(ModelGraph graph) => string.Join(", ", graph.Nodes
        .Where(node => node.Operator is not (ConstantOperator or InputOperator or OutputOperator))
        .CountBy(node => node.Operator.Name).OrderBy(kind => kind.Key, StringComparer.Ordinal)
        .Select(kind => FormattableString.Invariant($"{kind.Key} {kind.Value}")));

    /// <summary>What the graph computes, by the interpreter in 32-bit arithmetic.</summary>
    public static float[][] Run(ModelGraph graph, params Tensor[] inputs) => [.. new GraphInterpreter(graph)
        .Run([.. inputs.Select(input => Numbers(input))]).Select(output => output.ToFloat32())];

    /// <summary>What the model computes in eval mode.</summary>
    public static float[] Run(nn.Module<Tensor, Tensor> model, Tensor input)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        model.eval();
        return model.call(input).data<float>().ToArray();
    }

    /// <summary>That both are the same but for the rounding of 32-bit arithmetic.</summary>
    public static void ShouldBeNear(this float[] actual, float[] expected)
    {
        actual.Should().HaveSameCount(expected);
        var allowed = 1e-4 * expected.Max(Math.Abs);
        actual.Zip(expected).Where(pair => !(Math.Abs(pair.First - pair.Second) <= allowed)).Should().BeEmpty();
    }

    private static GraphTensor Numbers(Tensor input)
    {
        using var dense = input.to(ScalarType.Float32).contiguous();
        return GraphTensor.Of(new Shape(input.shape), dense.data<float>().ToArray());
    }
}
