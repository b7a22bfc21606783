namespace AdaQat.Runtime;

/// <summary>What numbers a value holds: <see cref="Codes"/>, <see cref="Integers"/> or <see cref="Floats"/>.</summary>
public abstract record NumberType
{
    private protected NumberType()
    {
    }

    /// <summary>The smallest integer that a number of this type stands for; 0 for floats.</summary>
    public abstract long MinInteger { get; }

    /// <summary>The largest integer that a number of this type stands for; 0 for floats.</summary>
    public abstract long MaxInteger { get; }

    /// <summary>How many bytes a number takes in memory.</summary>
    public abstract int Bytes { get; }

    /// <summary>The integer that a stored number stands for.</summary>
    internal virtual long Integer(long stored) => stored;
}
