using AdaQat.Graph;
using FsCheck;
using FsCheck.Fluent;

namespace AdaQat.Tests.Graph;

/// <summary>Graphs of a dozen nodes that read any values before them.</summary>
internal static class RandomGraphs
{
    public static Gen<ModelGraph> Any { get; } = Gen.Choose(0, 1_000_000).ArrayOf(24).Select(Of);

    /// <summary>Every value has the shape [2, 4], so that each can be added to each.</summary>
    private static ModelGraph Of(int[] choices)
    {
        var g = new GraphBuilder("random");
        var values = new List<GraphValue> { g.Input("a", [2, 4]), g.Input("b", [2, 4]) };
        values.Add(g.Constant("c", GraphTensor.Of([2, 4], new float[8])));
        values.Add(g.Relu(values[0]));
        for (var i = 0; i < choices.Length; i += 2)
        {
            var (x, y) = (values[choices[i] % values.Count], values[choices[i] / 100 % values.Count]);
            values.Add((choices[i + 1] % 6) switch
            {
                0 => g.Relu(x),
                1 => g.Add(x, y),
                2 => g.Reshape(g.Flatten(x, 0), [2, 4]),
                3 => g.Concat([.. g.Split(x, 0, [1, 1]).Reverse()], 0),
                4 => g.Slice(g.Concat([x, y], 0), 0, 2),
                _ => g.Quantize(x, new QuantizeOperator(0.1, 0, 0, (1 << (choices[i] % 8)) - 1)),
            });
        }

        return g.Output("y", values[^1]).Output("z", values[choices[0] % values.Count]).Build();
    }
}
