using AdaQat.Freezing;
using AdaQat.Probing;
using AdaQat.Steering;

namespace AdaQat.Learning;

/// <summary>The state of a <see cref="BitWidthOptimizer"/>, for checkpoints.</summary>
/// <param name="Steps">Steps taken.</param>
/// <param name="NextTurn">Whose turn it is to be measured, where widths take turns.</param>
/// <param name="Widths">The widths.</param>
/// <param name="Steering">The steering of λ towards a cost target; null without one.</param>
/// <param name="Correction">How estimates are corrected.</param>
internal sealed record OptimizerSnapshot(
    long Steps, int NextTurn, IReadOnlyList<WidthSnapshot> Widths, SteeringSnapshot? Steering, EstimateCorrection Correction)
{
    /// <summary>Refuses an optimizer of something else.</summary>
    /// <exception cref="ArgumentException">
    /// The snapshot is of other widths or of another target, or holds a value outside a width's range.
    /// </exception>
    public void RequireFit(IReadOnlyList<WidthState> states, CostSteering? steering)
    {
        var (theirs, ours) = (Widths.Select(w => w.Name).ToList(), states.Select(s => s.Width.Name).ToList());
        if (!theirs.SequenceEqual(ours))
        {
            throw new ArgumentException(
                $"The snapshot is of the widths {string.Join(", ", theirs)}; this optimizer learns {string.Join(", ", ours)}.");
        }

        foreach (var (state, saved) in states.Zip(Widths))
        {
            if (!(saved.Value >= state.Width.Minimum && saved.Value <= state.Width.Maximum))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"The snapshot has {saved.Value} bits for '{saved.Name}'; allowed are {state.Width.Minimum} to ")
                    + FormattableString.Invariant($"{state.Width.Maximum}."));
            }
        }

        if ((steering is null) != (Steering is null))
        {
            throw new ArgumentException(
                $"The snapshot is of a run {(Steering is null ? "without" : "with")} a cost target; this optimizer has "
                + $"{(steering is null ? "none" : "one")}.");
        }

        if (Steering is not null && steering!.Misfit(Steering) is { } misfit)
        {
            throw new ArgumentException(misfit);
        }
    }
}
