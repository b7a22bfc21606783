namespace AdaQat;

/// <summary>
/// A checkpoint file cannot be used: it is damaged, foreign, or does not hold what is asked of it. The message names the file and
/// what differs.
/// </summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Makes the exception without a message.</summary>
    public CheckpointException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The file, what differs, and where it applies what was expected and what was found.</param>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    /// <param name="message">The file, what differs, and where it applies what was expected and what was found.</param>
    /// <param name="innerException">The cause.</param>
    public CheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
