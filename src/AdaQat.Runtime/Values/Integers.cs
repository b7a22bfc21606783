namespace AdaQat.Runtime;

/// <summary>
/// Integers of 32 bits: accumulators of products, and fixed-point numbers whose unit the model doesn't need to know. All numbers
/// are proven to lie in <see cref="Min"/> to <see cref="Max"/>, whatever the input.
/// </summary>
public sealed record Integers : NumberType
{
    /// <summary>Integers in a range.</summary>
    /// <param name="min">The smallest.</param>
    /// <param name="max">The largest, not below the smallest.</param>
    /// <exception cref="IntegerModelException">The range is empty.</exception>
    public Integers(int min, int max)
    {
        if (min > max)
        {
            throw new IntegerModelException($"Integers from {min} to {max} are none; allowed is a smallest that is at most the largest.");
        }

        Min = min;
        Max = max;
    }

    /// <summary>The smallest that can occur.</summary>
    public int Min { get; }

    /// <summary>The largest that can occur.</summary>
    public int Max { get; }

    /// <inheritdoc/>
    public override long MinInteger => Min;

    /// <inheritdoc/>
    public override long MaxInteger => Max;

    /// <inheritdoc/>
    public override int Bytes => 4;
}
