namespace AdaQat.Graph;

/// <summary>A graph, or a step on the way to one, that can't be: the message names the node and says what is allowed.</summary>
public sealed class GraphException : Exception
{
    /// <summary>A fault that is no single node's.</summary>
    /// <param name="message">What is wrong.</param>
    public GraphException(string message)
        : base(message)
    {
    }

    /// <summary>A fault with what led to it.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What led to it.</param>
    public GraphException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A fault of a node.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="message">What is wrong with it; the whole message begins with the node's name.</param>
    public GraphException(string node, string message)
        : base($"Node '{node}': {message}")
    {
        Node = node;
    }

    private GraphException(string node, GraphException fault)
        : base($"Node '{node}': {fault.Message}", fault)
    {
        Node = node;
    }

    /// <summary>The name of the node at fault, or null where it is no single node's.</summary>
    public string? Node { get; }

    /// <summary>The same fault, with the node that an operator's rule doesn't know.</summary>
    internal GraphException At(string node) => Node is null ? new GraphException(node, this) : this;
}
