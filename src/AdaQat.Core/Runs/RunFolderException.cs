namespace AdaQat.Training;

/// <summary>A run's folder is not what it must be: it holds another run or none, or cannot be made; the message says which.</summary>
public sealed class RunFolderException : IOException
{
    /// <summary>For serializers and derived messages.</summary>
    public RunFolderException()
    {
    }

    /// <param name="message">Names the folder or the option, and what is allowed.</param>
    public RunFolderException(string message)
        : base(message)
    {
    }

    /// <param name="message">Names the folder or the option, and what is allowed.</param>
    /// <param name="inner">What the system said.</param>
    public RunFolderException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
