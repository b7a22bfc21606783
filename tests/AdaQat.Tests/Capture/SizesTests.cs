using static TorchSharp.torch;

namespace AdaQat.Tests.Capture;

/// <summary>Sizes that a forward reads off its tensors are numbers in a recording; the graph knows what they follow from.</summary>
public sealed class SizesTests
{
    public static TheoryData<string, Func<Tensor, Tensor>, long[], long[]> Models { get; } = new()
    {
        { "the batch in a view", x => x.view(x.shape[0], -1), [2, 3, 4], [5, 3, 4] },
        { "everything but the batch", x => x.view(x.shape[0], x.shape[1] * x.shape[2]), [2, 3, 4], [5, 3, 7] },
        { "the batch times steps", x => x.reshape(x.shape[0] * x.shape[1], x.shape[2]), [2, 3, 4], [5, 3, 4] },
        { "the batch times steps, and back", x => x.reshape(-1, 4).relu().reshape(x.shape[0], x.shape[1], 4), [2, 3, 4], [5, 3, 4] },
        { "heads", x => x.view(x.shape[0], x.shape[1], 2, -1).transpose(1, 2), [2, 3, 4], [5, 7, 4] },
        { "a batch of one", x => x.view(x.shape[0], 12), [1, 3, 4], [5, 3, 4] },
        { "flatten", x => x.flatten(1), [2, 3, 4], [5, 3, 9] },
        { "flatten of some axes", x => x.flatten(1, 2), [2, 3, 4, 5], [3, 3, 8, 15] },
        { "global pooling by the image's size", x => nn.functional.avg_pool2d(x, [x.shape[2], x.shape[3]]), [2, 3, 4, 5], [3, 3, 8, 15] },
        { "the last half", x => x.narrow(1, 2, x.shape[1] - 2), [2, 4], [3, 7] },
        { "all but the last", x => x[TensorIndex.Colon, TensorIndex.Slice(null, -1)], [2, 4], [3, 7] },
        { "the last one by its number", x => x.select(1, x.shape[1] - 1), [2, 4], [3, 7] },
        { "expansion to the batch", x => cat([ones(1, 1, 4).expand(x.shape[0], -1, -1), x], 1), [2, 3, 4], [5, 3, 4] },
        { "zeros for each image", x => cat([zeros(x.shape[0], 2, 4), x], 1), [2, 3, 4], [5, 3, 4] },
        { "half of the image's size", x => nn.functional.interpolate(x, [x.shape[2] / 2, x.shape[3] * 2]), [2, 3, 4, 6], [3, 3, 8, 12] },
        {
            "patches", x => x.reshape(x.shape[0], 3, x.shape[2] / 2, 2, x.shape[3] / 2, 2).permute(0, 2, 4, 1, 3, 5),
            [2, 3, 4, 6], [3, 3, 8, 12]
        },
        { "pixel shuffle", x => nn.functional.pixel_shuffle(x, 2), [2, 8, 3, 5], [3, 8, 6, 15] },
        { "a chunk of channels", x => x.chunk(2, 1)[1] * x.chunk(2, 1)[0], [2, 4, 3], [5, 4, 3] },
        { "a stack", x => stack([x, x.relu()], 1), [2, 4], [3, 7] },
        { "squeeze and unsqueeze", x => x.mean([2], keepdim: true).squeeze(2).unsqueeze(-1), [2, 3, 4], [5, 3, 9] },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void A_graph_is_right_for_other_sizes(string what, Func<Tensor, Tensor> forward, long[] seen, long[] other)
    {
        using var scope = NewDisposeScope();
        using var model = new Lambda(forward);

        var graph = ModelCapture.Graph(model, randn(seen));

        var input = randn(other);
        Graphs.Run(graph, input).Single().Should().Equal(Graphs.Run(model, input), (a, b) => Math.Abs(a - b) < 1e-5, what);
        var last = graph.Outputs[0].Inputs[0].Shape;
        last.Should().Equal(forward(randn(seen)).shape);
    }

    [Fact]
    public void A_size_that_the_model_does_not_take_stays_as_it_is()
    {
        using var scope = NewDisposeScope();
        using var fc = nn.Linear(12, 2);
        using var model = new Lambda(x => fc.call(x.reshape(2, 12)), ("fc", fc));

        var graph = ModelCapture.Graph(model, randn(2, 3, 4));

        graph.Outputs[0].Inputs[0].Shape.Should().Equal(2, 2);
    }
}
