using AdaQat.Graph;

namespace AdaQat.Runtime;

/// <summary>
/// One channel's thresholds: the code of x is how many thresholds T have x ≥ T, or x ≤ T where the channel is descending. There are as many
/// thresholds as the largest code says.
/// </summary>
public sealed record Thresholds : ChannelRule
{
    /// <summary>Thresholds of a channel.</summary>
    /// <param name="values">In their order: none below the one before it, or, descending, none above it. 1 to 255.</param>
    /// <param name="descending">Whether codes fall as integers rise.</param>
    /// <exception cref="IntegerModelException">There are too few or too many, or they are not in order.</exception>
    public Thresholds(EquatableList<int> values, bool descending = false)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count is < 1 or > 255)
        {
            throw new IntegerModelException($"A channel has {values.Count} thresholds; allowed are 1 to 255.");
        }

        for (var i = 1; i < values.Count; i++)
        {
            if (descending ? values[i] > values[i - 1] : values[i] < values[i - 1])
            {
                throw new IntegerModelException($"Threshold {i} of a channel is {values[i]}, behind {values[i - 1]}; "
                    + $"allowed are thresholds that never {(descending ? "rise" : "fall")}.");
            }
        }

        Values = values;
        Descending = descending;
    }

    /// <summary>The thresholds, in their order.</summary>
    public EquatableList<int> Values { get; }

    /// <summary>Whether codes fall as integers rise.</summary>
    public bool Descending { get; }

    /// <inheritdoc/>
    internal override long CodeOf(long integer, int maxCode)
    {
        // Thresholds are in order, so those that are reached are the first ones.
        var (values, low, high) = (Values, 0, Values.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var reached = Descending ? integer <= values[middle] : integer >= values[middle];
            (low, high) = reached ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
