namespace AdaQat.Export;

/// <summary>A graph that ONNX, or the form that was asked for, can't have: the message names the node and says what is allowed.</summary>
public sealed class OnnxExportException : Exception
{
    /// <summary>A fault that is no single node's.</summary>
    /// <param name="message">What is wrong.</param>
    public OnnxExportException(string message)
        : base(message)
    {
    }

    /// <summary>A fault with what led to it.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What led to it.</param>
    public OnnxExportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A fault of a node.</summary>
    /// <param name="node">The node's name.</param>
    /// <param name="message">What is wrong with it; the whole message begins with the node's name.</param>
    public OnnxExportException(string node, string message)
        : base($"Node '{node}': {message}")
    {
        Node = node;
    }

    /// <summary>The name of the node at fault, or null where it is no single node's.</summary>
    public string? Node { get; }
}
