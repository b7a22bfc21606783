using System.Globalization;

namespace AdaQat.Allocation;

/// <summary>Which bits to give each width, so that the losses sum to the least at a cost within the budget.</summary>
internal sealed record AllocationProblem
{
    /// <summary>The choices for each width.</summary>
    public required IReadOnlyList<WidthOptions> Widths { get; init; }

    /// <summary>The cost of the bits of all widths. It must not fall with more bits, and must not keep the list that it is given.</summary>
    public required Func<IReadOnlyList<int>, double> Cost { get; init; }

    /// <summary>Blocks whose sum is the cost, but for a constant; null where the cost is not known to be such a sum.</summary>
    public IReadOnlyList<CostBlock>? Blocks { get; init; }

    /// <summary>The most that the cost may be.</summary>
    public required double Budget { get; init; }

    /// <summary>Refuses what cannot be solved.</summary>
    /// <exception cref="ArgumentException">A number is missing or not a number, or the blocks contradict the cost.</exception>
    public void Check()
    {
        ArgumentNullException.ThrowIfNull(Widths);
        ArgumentNullException.ThrowIfNull(Cost);
        Require(!double.IsNaN(Budget), $"The budget is {Budget}.");
        for (var i = 0; i < Widths.Count; i++)
        {
            CheckOptions(i);
        }

        if (Blocks is not null)
        {
            BlockCheck.Run(this, Blocks);
        }
    }

    /// <summary>Throws with the message where the condition does not hold.</summary>
    public static void Require(bool holds, FormattableString message)
    {
        if (!holds)
        {
            throw new ArgumentException(message.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void CheckOptions(int place)
    {
        Require(Widths[place] is not null, $"Width {place} is null.");
        var (bits, losses) = Widths[place];
        Require(bits is { Count: > 0 }, $"Width {place} has no bits to choose from.");
        Require(losses is not null && losses.Count == bits.Count, $"Width {place} has {bits.Count} bits and {losses?.Count ?? 0} losses.");
        Require(losses!.All(double.IsFinite), $"Width {place} has a loss that is not finite.");
        Require(bits.Zip(bits.Skip(1)).All(b => b.First < b.Second), $"The bits of width {place} do not ascend.");
    }
}
