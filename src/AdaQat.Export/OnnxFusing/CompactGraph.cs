using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>A graph of the same network, of whose quantized layers ONNX Runtime rounds no bias.</summary>
internal static class CompactGraph
{
    public static ModelGraph Of(ModelGraph graph)
    {
        var rewritten = new RewrittenGraph(graph);
        foreach (var node in graph.Nodes)
        {
            if (RewrittenGraph.IsQuantizedLayer(graph, node))
            {
                rewritten.AddWithBiasBehind(node);
            }
            else
            {
                rewritten.Keep(node);
            }
        }

        return rewritten.Build();
    }
}
