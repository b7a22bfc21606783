namespace AdaQat.Freezing;

/// <summary>
/// A width as its optimizer sees it: how it moves, when it freezes, and its share of the update. All that changes a learned width does so
/// here.
/// </summary>
internal sealed class WidthState(BitWidth width, FreezeRule rule, double scale, bool isOfWeights)
{
    /// <summary>An inferred N when it was last looked at.</summary>
    private double _seen = width.Value;

    public BitWidth Width => width;

    /// <summary>
    /// K/k for a width that serves k of the K learned layers: with it, layers' own widths fall as fast as one for the network would.
    /// </summary>
    public double Scale => scale;

    /// <summary>Whether it is a width of weights; else it is one of activations.</summary>
    public bool IsOfWeights => isOfWeights;

    /// <summary>The last step that changed N.</summary>
    public long LastMovedAtStep { get; private set; }

    /// <summary>Moves the width, and freezes it where its rule says that it has settled.</summary>
    /// <param name="descent">What is taken off N.</param>
    /// <param name="steps">How many steps the move stands for.</param>
    /// <param name="step">The number of the step.</param>
    /// <param name="restSteps">How many steps of rest at the minimum freeze it; null where it may not freeze at all.</param>
    public void Move(double descent, double steps, long step, int? restSteps)
    {
        var (value, bits) = (width.Value, width.Bits);
        width.Descend(descent);
        if (!width.Value.Equals(value))
        {
            LastMovedAtStep = step;
        }

        if (restSteps is { } rest && rule.Observe(bits, width.Bits, steps, rest) is { } settled)
        {
            width.Freeze(settled.Bits, settled.Reason, step);
        }
    }

    /// <summary>Looks where an inferred width has moved to, and freezes it where its rule says that it has settled.</summary>
    /// <param name="steps">The steps since the last look.</param>
    /// <param name="step">The number of the step.</param>
    /// <param name="restSteps">How many steps of rest at the minimum freeze it.</param>
    public void Follow(double steps, long step, int restSteps)
    {
        var before = width.BitsOf(_seen);
        if (!width.Value.Equals(_seen))
        {
            (_seen, LastMovedAtStep) = (width.Value, step);
        }

        if (rule.Observe(before, width.Bits, steps, restSteps) is { } settled)
        {
            width.Freeze(settled.Bits, settled.Reason, step);
        }
    }

    /// <summary>
    /// Makes <paramref name="bits"/> final, since a cost target or the time asks for it; a width that is frozen there already stays as it
    /// is.
    /// </summary>
    public void Settle(int bits, long step, FreezeReason reason = FreezeReason.Target)
    {
        if (width.IsFrozen && width.Bits == bits)
        {
            return;
        }

        if (!width.Value.Equals((double)bits))
        {
            LastMovedAtStep = step;
        }

        width.Freeze(bits, reason, step);
    }

    public WidthSnapshot Snapshot() => new(
        width.Name, width is { IsInferred: true, IsFrozen: false } ? _seen : width.Value, width.IsFrozen, width.FrozenAtStep,
        width.FreezeReason,
        new SortedDictionary<int, int>(rule.UpwardSwitches.ToDictionary()), rule.StepsAtMinimum, LastMovedAtStep);

    public void Restore(WidthSnapshot snapshot)
    {
        width.Restore(snapshot.Value, snapshot.IsFrozen, snapshot.Reason, snapshot.FrozenAtStep);
        rule.Restore(snapshot.UpwardSwitches, snapshot.StepsAtMinimum);
        _seen = snapshot.Value;
        LastMovedAtStep = snapshot.LastMovedAtStep;
    }
}
