using AdaQat.Export;
using AdaQat.Graph;

namespace AdaQat.Tests.Support;

/// <summary>Holds a file, as ONNX Runtime runs it, against the interpreter of the graph that it was written from.</summary>
internal static class OnnxAgreement
{
    /// <summary>That all outputs are equal to 1e-5 of the largest number, with optimisation off and on.</summary>
    public static OnnxFile Check(ModelGraph graph, OnnxOptions options, params IReadOnlyList<GraphTensor> inputs)
    {
        using var folder = new TemporaryFolder();
        var file = OnnxExport.Write(graph, Path.Combine(folder.Path, "model.onnx"), options);
        var expected = new GraphInterpreter(graph).Run(inputs);
        foreach (var optimizes in new[] { false, true })
        {
            var results = OnnxRun.Of(file.Path, optimizes, inputs);
            results.Keys.Should().Equal(graph.Outputs.Select(output => output.Name));
            foreach (var (output, right) in graph.Outputs.Zip(expected))
            {
                ShouldBeNear(results[output.Name], right, $"'{output.Name}' ({graph.Producer(output.Inputs[0])}, optimised: {optimizes})");
            }
        }

        return file;
    }

    public static GraphTensor Noise(long seed, Shape shape) => GraphTensor.Of(shape, [.. Numbers(seed, shape)]);

    private static float[] Numbers(long seed, Shape shape)
    {
        using var noise = GraphOracle.Noise(seed, [.. shape]);
        return GraphOracle.ToGraph(noise).ToFloat32();
    }

    private static void ShouldBeNear(GraphTensor actual, GraphTensor expected, string what)
    {
        actual.Shape.Should().Equal(expected.Shape, "of {0}", what);
        var (mine, right) = (actual.ToFloat64(), expected.ToFloat64());
        var allowed = 1e-5 * Math.Max(1, right.Where(double.IsFinite).Select(Math.Abs).Append(0).Max());
        for (var i = 0; i < mine.Length; i++)
        {
            var isSame = mine[i].Equals(right[i]) || Math.Abs(mine[i] - right[i]) <= allowed;
            isSame.Should().BeTrue("element {0} of {1} is {2:R} and should be {3:R}", i, what, mine[i], right[i]);
        }
    }
}
