namespace AdaQat;

/// <summary>
/// A model computes something that a graph can't say, or says not surely: nothing of it is kept. The message names the module and the
/// operation, and what to do.
/// </summary>
public sealed class CaptureException : Exception
{
    /// <summary>A fault of the model as a whole.</summary>
    /// <param name="message">What is wrong.</param>
    public CaptureException(string message)
        : base(message)
    {
    }

    /// <summary>A fault of the model as a whole, with what led to it.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What led to it.</param>
    public CaptureException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A fault in a module.</summary>
    /// <param name="module">The module's name in the model; empty for the model itself.</param>
    /// <param name="message">What is wrong; the whole message begins with the module.</param>
    public CaptureException(string module, string message)
        : base($"{(module.Length == 0 ? "The model" : $"Module '{module}'")}: {message}") => Module = module;

    /// <summary>The module in which it lies, empty for the model itself; null where it is in none.</summary>
    public string? Module { get; }
}
