using AdaQat.Allocation;
using AdaQat.Costs;
using AdaQat.Diagnostics;
using AdaQat.Summaries;

namespace AdaQat;

/// <summary>Chooses the bits of a model's widths under a budget, from what a sensitivity analysis found.</summary>
/// <remarks>
/// <para>
/// The losses of single weights and inputs are taken to add up. Which widths there are, which bits each may have, and which layers share
/// one, is as the model was attached: <c>BitWidthChoice.Learned(allowed: [2, 4, 8])</c> with <see cref="WidthSharing.Join"/> gives residual
/// branches one width, of those that the hardware has.
/// </para>
/// <para>
/// Small problems are solved exactly; large ones get a good choice, and a bound on what a better one could gain.
/// <code>
/// var report = SensitivityAnalysis.Run(quantized, batches, loss);
/// var plan = MixedPrecision.Allocate(quantized, report, new BitOpsCost(), budget: 0.4e9);
/// plan.Apply(quantized);                                          // fixed widths; or plan.Start(quantized), for AdaQAT to go on from
/// </code>
/// </para>
/// </remarks>
public static class MixedPrecision
{
    /// <summary>How near the budget is near enough to say nothing.</summary>
    private const double Slack = 0.01;

    /// <summary>Chooses the bits that lose least within the budget.</summary>
    /// <param name="quantized">The model, attached with learned widths. Its widths do not change.</param>
    /// <param name="report">
    /// Of the same layers. Bits that it has no row for are not chosen; a width that is frozen stays as it is.
    /// </param>
    /// <param name="cost">What the budget is of, such as <see cref="BitOpsCost"/>.</param>
    /// <param name="budget">The most that one inference may cost, in the unit of <see cref="IHardwareCost.Total"/>; above 0.</param>
    /// <param name="measure">By what of the report.</param>
    /// <exception cref="ArgumentException">
    /// The report is of other layers, or has no row for any of the bits that a width allows; or it has a number that is not finite.
    /// </exception>
    /// <exception cref="InvalidOperationException">The model has no width that is learned and not frozen.</exception>
    public static PrecisionPlan Allocate(
        QuantizedModel quantized,
        SensitivityReport report,
        IHardwareCost cost,
        double budget,
        SensitivityMeasure measure = SensitivityMeasure.LossChange)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(cost);
        Guard.Positive(budget, nameof(budget));
        Guard.Defined(measure, nameof(measure));
        var widths = quantized.Widths.Where(w => !w.IsFrozen).ToList();
        if (widths.Count == 0)
        {
            throw new InvalidOperationException(
                "The model has no learned width to choose bits for: attach it with BitWidthChoice.Learned, and a sharing such as "
                + "WidthSharing.Layer.");
        }

        var costs = new CostOfBits(cost, quantized.Profiles, widths);
        var choices = widths.ConvertAll(width => Choices(quantized, report, width, measure));
        var best = BitAllocator.Solve(new AllocationProblem
        {
            Widths = choices,
            Cost = costs.Total,
            Blocks = costs.Blocks(),
            Budget = budget,
        });
        return new PrecisionPlan
        {
            CostName = cost.Name,
            Unit = cost.Unit,
            Budget = budget,
            Cost = best.Cost,
            Measure = measure,
            Loss = best.Loss,
            LossBound = best.LossBound,
            IsExact = best.IsExact,
            IsMet = best.IsMet,
            Reason = Reason(costs, choices, best, budget),
            Widths = [.. widths.Select((width, place) => new PlannedWidth(
                width.Name, KindOf(quantized, width), [.. Served(quantized, width).Select(l => l.Name)], best.Bits[place],
                LossOf(choices[place], best.Bits[place])))],
        };
    }

    private static WidthOptions Choices(QuantizedModel quantized, SensitivityReport report, BitWidth width, SensitivityMeasure measure)
    {
        var kind = KindOf(quantized, width);
        var served = Served(quantized, width).Select(l => l.Name).ToHashSet(StringComparer.Ordinal);
        var rows = report.Rows.Where(row => row.Target == kind && served.Contains(row.Layer)).ToList();
        var tensors = rows.Select(row => row.Layer).Distinct(StringComparer.Ordinal).Count();
        var bits = width.Allowed.Where(b => tensors > 0 && rows.Count(row => row.Bits == b) == tensors).ToList();
        if (bits.Count == 0)
        {
            throw new ArgumentException(
                $"The report has no row for '{width.Name}' at any of the bits that it allows, {string.Join(", ", width.Allowed)}: analyse "
                + "this model, at these bits.",
                nameof(report));
        }

        return new WidthOptions(bits, bits.ConvertAll(b => rows.Where(row => row.Bits == b).Sum(row => Measured(row, measure))));
    }

    private static double Measured(SensitivityRow row, SensitivityMeasure measure)
    {
        var value = measure == SensitivityMeasure.LossChange ? row.LossChange : row.OutputError * row.OutputError;
        return double.IsFinite(value)
            ? value
            : throw new ArgumentException(
                FormattableString.Invariant($"The report's row for '{row.Layer}' at {row.Bits} bits has a {measure} of {value}."));
    }

    /// <summary>Why the budget is not used up, or not met; null where it is, within 1 %.</summary>
    private static string? Reason(CostOfBits costs, List<WidthOptions> choices, BitAllocation best, double budget)
    {
        if (!best.IsMet)
        {
            return FormattableString.Invariant(
                $"The budget is out of reach: even the fewest bits allowed cost {Amount.Number(best.Cost)}. Allow fewer, or raise it.")
                + (budget <= 1 ? " It is an amount, not a share." : "");
        }

        if (best.Cost >= (1 - Slack) * budget)
        {
            return null;
        }

        var more = Enumerable.Range(0, choices.Count).Where(place => choices[place].Bits[^1] > best.Bits[place]).ToList();
        if (more.Count == 0)
        {
            return "All widths have the most bits allowed: the budget asks for no less.";
        }

        var bits = best.Bits.ToArray();
        var least = more.Min(place =>
        {
            var kept = bits[place];
            bits[place] = choices[place].Bits.First(b => b > kept);
            var total = costs.Total(bits);
            bits[place] = kept;
            return total;
        });
        return least > budget
            ? FormattableString.Invariant(
                $"What is left of the budget pays for no more bits: the least raise of any width would cost {Amount.Number(least)} in all.")
            : "More bits would fit the budget, and are not expected to lose less.";
    }

    private static double LossOf(WidthOptions options, int bits) =>
        options.Losses[Enumerable.Range(0, options.Bits.Count).First(i => options.Bits[i] == bits)];

    private static QuantizerTarget KindOf(QuantizedModel quantized, BitWidth width) =>
        quantized.Layers.Any(l => ReferenceEquals(l.WeightBits, width)) ? QuantizerTarget.Weight : QuantizerTarget.Activation;

    private static IEnumerable<QuantizedLayer> Served(QuantizedModel quantized, BitWidth width) =>
        quantized.Layers.Where(l => ReferenceEquals(l.WeightBits, width) || ReferenceEquals(l.ActivationBits, width));
}
