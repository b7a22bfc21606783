namespace AdaQat.Freezing;

/// <summary>
/// Decides when a bit-width has settled, from the integer widths it takes at successive probes.
/// </summary>
/// <remarks>
/// AdaQAT, section III-B: for each integer n the upward switches n → n + 1 are counted, cumulatively; when one count exceeds the
/// threshold, the width oscillates between n and n + 1 and is frozen at the larger. A width at its minimum cannot oscillate below it,
/// so one that has rested there for a set number of consecutive probes is frozen at the minimum. Where probes are not made in every step,
/// a switch counts as one, for it is one mini-batch's evidence; a rest is a length of time, so a probe that stands for k steps counts k.
/// </remarks>
internal sealed class FreezeRule(BitWidth width, int oscillationThreshold)
{
    private readonly SortedDictionary<int, int> _upwardSwitches = [];

    /// <summary>The upward switches n → n + 1 so far, by n.</summary>
    public IReadOnlyDictionary<int, int> UpwardSwitches => _upwardSwitches;

    /// <summary>How many consecutive probes the width has ended at its minimum, each counted as the steps it stood for.</summary>
    public int StepsAtMinimum { get; private set; }

    /// <summary>Takes in one move of the integer width and says whether, where and why to freeze.</summary>
    /// <param name="before">n before the update.</param>
    /// <param name="after">n after it.</param>
    /// <param name="steps">How many steps the probe stands for.</param>
    /// <param name="restSteps">How many steps of rest at the minimum freeze the width.</param>
    public (int Bits, FreezeReason Reason)? Observe(int before, int after, double steps, int restSteps)
    {
        for (var lower = before; lower < after && width.Above(lower) is { } upper; lower = upper)
        {
            var count = _upwardSwitches.GetValueOrDefault(lower) + 1;
            _upwardSwitches[lower] = count;
            if (count > oscillationThreshold)
            {
                return (upper, FreezeReason.Oscillation);
            }
        }

        StepsAtMinimum = before == width.Minimum && after == width.Minimum ? StepsAtMinimum + Math.Max(1, (int)Math.Round(steps)) : 0;
        return StepsAtMinimum >= restSteps ? (width.Minimum, FreezeReason.RestAtMinimum) : null;
    }

    /// <summary>Sets the state that a checkpoint held.</summary>
    public void Restore(IReadOnlyDictionary<int, int> upwardSwitches, int probesAtMinimum)
    {
        _upwardSwitches.Clear();
        foreach (var (lower, count) in upwardSwitches)
        {
            _upwardSwitches[lower] = count;
        }

        StepsAtMinimum = probesAtMinimum;
    }
}
