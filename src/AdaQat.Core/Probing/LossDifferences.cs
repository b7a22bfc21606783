using AdaQat.Diagnostics;
using AdaQat.Freezing;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// The differences of a step's loss in all widths: measured by forwards where it is their turn, else estimated from the backward pass and
/// corrected by what was measured.
/// </summary>
internal sealed class LossDifferences(
    CalledModules modules, ProbeObserver observer, IReadOnlyList<WidthState> states, RoundRobin turns)
{
    /// <summary>How estimates are corrected.</summary>
    public EstimateCorrection Correction { get; private set; } = EstimateCorrection.None;

    /// <summary>Whose turn it is to be measured.</summary>
    public int NextTurn => turns.Next;

    /// <summary>
    /// Measures and estimates, at one and the same point for all widths. Nothing changes before <see cref="Keep"/>: a step that is refused
    /// must not use up a turn, nor teach the correction.
    /// </summary>
    /// <param name="step">The number of the step, for messages.</param>
    /// <param name="here">L(n).</param>
    /// <param name="closure">Computes that loss again.</param>
    /// <exception cref="NonFiniteLossException">A loss or an estimate is NaN or infinite.</exception>
    public Taken Take(long step, double here, Func<Tensor> closure)
    {
        var (chosen, stepsPerTurn, next) = turns.Choose(states);
        var estimates = observer.Estimates.Read().ToDictionary(
            e => e.Key, e => FiniteLoss.Require(e.Value, $"estimated difference of '{e.Key.Name}'", step));
        var measured = Measure(step, chosen, here, closure);
        var correction = measured.Where(m => estimates.ContainsKey(m.Key.Width)).Aggregate(
            Correction, (sums, m) => sums.With(m.Key.IsOfWeights, estimates[m.Key.Width], m.Value.Value));

        var widths = new List<WidthDifference>();
        foreach (var state in states.Where(s => !s.Width.IsFrozen))
        {
            // One that has an estimate moves in every probing step; one without only when its turn to be measured comes.
            double? estimate = estimates.TryGetValue(state.Width, out var value) ? value : null;
            if (measured.TryGetValue(state, out var difference))
            {
                widths.Add(new WidthDifference(state, difference, estimate is null ? stepsPerTurn : 1, estimate, IsMeasured: true));
            }
            else if (estimate is not null)
            {
                var corrected = FiniteDifference.Of(state.Width, here, correction.Correct(state.IsOfWeights, value));
                widths.Add(new WidthDifference(state, corrected, Turns: 1, estimate, IsMeasured: false));
            }
        }

        return new Taken(widths, next, correction);
    }

    /// <summary>The step is made.</summary>
    public void Keep(Taken taken) => Restore(taken.Next, taken.Correction);

    /// <summary>Goes on from where a saved run stood.</summary>
    public void Restore(int nextTurn, EstimateCorrection correction) => (turns.Next, Correction) = (nextTurn, correction);

    private Dictionary<WidthState, FiniteDifference> Measure(
        long step, IReadOnlyList<WidthState> chosen, double here, Func<Tensor> closure)
    {
        var measured = new Dictionary<WidthState, FiniteDifference>(ReferenceEqualityComparer.Instance);
        using var run = new ProbeRun(modules, observer.Forwards, closure);
        foreach (var state in chosen)
        {
            var (bits, neighbour) = (state.Width.Bits, FiniteDifference.NeighbourOf(state.Width, state.Width.Bits));
            var there = FiniteLoss.Require(
                run.LossAt(state.Width, neighbour), $"loss with '{state.Width.Name}' at {neighbour} bits", step);
            measured.Add(state, new FiniteDifference(bits, neighbour, here, there));
        }

        return measured;
    }

    /// <summary>What a step found out, before it is made.</summary>
    /// <param name="Widths">The widths that it has a difference of.</param>
    /// <param name="Next">Whose turn is next.</param>
    /// <param name="Correction">The correction, with what was measured.</param>
    internal sealed record Taken(IReadOnlyList<WidthDifference> Widths, int Next, EstimateCorrection Correction);
}
