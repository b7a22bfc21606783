using AdaQat.Graph;

namespace AdaQat.Tests.Graph;

/// <summary>What docs/graph.md shows is what its code makes.</summary>
public sealed class PageTests
{
    [Fact]
    public void The_page_shows_the_text_of_the_graph_that_it_describes()
    {
        var numbers = new float[16 * 3 * 3 * 3];
        var g = new GraphBuilder("net");
        var x = g.Input("image", [1, 3, 32, 32]);
        var weight = g.Constant("stem.weight", GraphTensor.Of([16, 3, 3, 3], numbers));
        using (g.InModule("stem"))
        {
            x = g.Convolution(x, weight, stride: 2, padding: 1);
            x = g.Relu(x);
        }

        x = g.Flatten(g.AdaptivePool(x, Reduction.Mean, [1, 1]));
        g.Output("features", x);
        ModelGraph graph = g.Build();

        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "graph.md"));
        page.Should().Contain(string.Concat(graph.ToText().TrimEnd('\n').Split('\n').Select(line => $"    {line}\n")));
    }
}
