namespace AdaQat.Graph;

/// <summary>Graphs as pictures.</summary>
public static class GraphPicture
{
    /// <summary>
    /// The graph as a flowchart of Mermaid, which GitHub, GitLab and many editors draw: a box for each node, in frames of their modules.
    /// Weights are said in the box of the layer that reads them, quantizers on the arrows that they are on, with their bits.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <returns>The text, without the fence that Markdown needs around it; each line ends with a line feed.</returns>
    public static string ToMermaid(this ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new MermaidText(graph).ToString();
    }
}
