using AdaQat.Widths;

namespace AdaQat.Probing;

/// <summary>
/// Corrects estimates by what measured probes show, as a control variate does: the estimate of a width that was not measured, times its
/// kind's slope, plus the mean by which this width's measurements differed from that.
/// </summary>
/// <remarks>
/// From pairs of an estimate e and a measurement m of the same width in the same step:
/// <list type="bullet">
/// <item>slope ρ = (Σ m·e + κ·ē²) / (Σ e² + κ·ē²), one for weights and one for activations, with ē² the mean of e²: 1 before the first pair;</item>
/// <item>offset = (Σ m − ρ·Σ e) / (count + κ), one a width, over the pairs at its present integer width.</item>
/// </list>
/// A single measurement is noise for the most part (on ResNet-20, two to ten times as large as the mean it belongs to), hence
/// the shrinkage κ = 16; sums forget, so that they follow the training. Immutable: a step that is refused leaves no trace.
/// </remarks>
internal sealed class EstimateCorrection
{
    /// <summary>κ: as many pairs weigh as much as what is assumed without any: slope 1 and offset 0.</summary>
    private const double Shrinkage = 16;

    /// <summary>What is left of a kind's sums after each of its pairs.</summary>
    private const double KindMemory = 0.99;

    /// <summary>What is left of a width's sums after each of its pairs.</summary>
    private const double WidthMemory = 0.97;

    private readonly IReadOnlyList<WidthState> _states;

    private EstimateCorrection(IReadOnlyList<WidthState> states, CorrectionSnapshot sums) => (_states, Sums) = (states, sums);

    /// <summary>All it knows.</summary>
    public CorrectionSnapshot Sums { get; }

    /// <summary>One that has seen nothing and leaves estimates as they are.</summary>
    public static EstimateCorrection Start(IReadOnlyList<WidthState> states) => new(
        states, new CorrectionSnapshot(KindSums.Empty, KindSums.Empty, [.. states.Select(s => WidthSums.EmptyAt(s.Width.Bits))]));

    /// <summary>One of the same widths that knows what <paramref name="sums"/> says.</summary>
    public EstimateCorrection With(CorrectionSnapshot sums) => new(_states, sums);

    /// <summary>The correction after a step that measured and estimated these widths.</summary>
    public EstimateCorrection After(IReadOnlyList<(WidthState State, double Estimate, double Measured)> pairs)
    {
        var (weights, activations, widths) = (Sums.Weights, Sums.Activations, Sums.Widths.ToArray());
        foreach (var (state, estimate, measured) in pairs)
        {
            if (state.IsOfWeights)
            {
                weights = weights.With(estimate, measured, KindMemory);
            }
            else
            {
                activations = activations.With(estimate, measured, KindMemory);
            }

            var place = PlaceOf(state);
            var bits = state.Width.Bits;
            widths[place] = (widths[place].Bits == bits ? widths[place] : WidthSums.EmptyAt(bits)).With(estimate, measured, WidthMemory);
        }

        return new EstimateCorrection(_states, new CorrectionSnapshot(weights, activations, widths));
    }

    /// <summary>The difference to expect where <paramref name="estimate"/> was estimated.</summary>
    public double Correct(WidthState state, double estimate)
    {
        var slope = (state.IsOfWeights ? Sums.Weights : Sums.Activations).Slope(Shrinkage);
        var own = Sums.Widths[PlaceOf(state)];
        var offset = own.Bits == state.Width.Bits ? (own.Measured - (slope * own.Estimated)) / (own.Count + Shrinkage) : 0;
        return (slope * estimate) + offset;
    }

    private int PlaceOf(WidthState state)
    {
        for (var place = 0; place < _states.Count; place++)
        {
            if (ReferenceEquals(_states[place], state))
            {
                return place;
            }
        }

        throw new ArgumentException($"'{state.Width.Name}' is not among the widths of this correction.", nameof(state));
    }
}
