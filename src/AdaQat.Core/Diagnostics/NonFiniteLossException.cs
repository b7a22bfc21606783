namespace AdaQat;

/// <summary>A loss was NaN or infinite: the step of the bit-widths is refused and nothing has changed.</summary>
public sealed class NonFiniteLossException : ArithmeticException
{
    /// <summary>Makes an exception without details.</summary>
    public NonFiniteLossException()
        : this("A loss was NaN or infinite.")
    {
    }

    /// <summary>Makes an exception with a message.</summary>
    /// <param name="message">Which loss, and where.</param>
    public NonFiniteLossException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message and a cause.</summary>
    /// <param name="message">Which loss, and where.</param>
    /// <param name="innerException">The cause.</param>
    public NonFiniteLossException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
