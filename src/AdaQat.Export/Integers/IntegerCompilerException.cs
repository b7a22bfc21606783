namespace AdaQat.Export;

/// <summary>A network, or a part of it, can't be computed in integers; the message names the node and says what to do.</summary>
public sealed class IntegerCompilerException : Exception
{
    /// <summary>A fault.</summary>
    /// <param name="message">What is wrong, and what is allowed.</param>
    public IntegerCompilerException(string message)
        : base(message)
    {
    }

    /// <summary>A fault.</summary>
    /// <param name="message">What is wrong, and what is allowed.</param>
    /// <param name="innerException">What it comes from.</param>
    public IntegerCompilerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal IntegerCompilerException(string node, string operatorName, string message)
        : base($"Node '{node}' ({operatorName}): {message}") => Node = node;

    /// <summary>The node of the graph, or null.</summary>
    public string? Node { get; }
}
