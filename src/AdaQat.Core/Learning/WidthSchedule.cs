using AdaQat.Costs;
using AdaQat.Freezing;
using AdaQat.Steering;

namespace AdaQat.Learning;

/// <summary>
/// How fast widths move, how often they are probed, and how long they rest before they freeze: what fits a run of a length.
/// </summary>
/// <param name="LearningRate">η; null where neither options nor the length of the run tell it.</param>
/// <param name="ProbeInterval">In every how many steps widths are probed.</param>
/// <param name="RestSteps">How many steps of rest at its minimum freeze a width.</param>
/// <param name="FreezeStep">The step in which inferred widths become final; null for none.</param>
internal sealed record WidthSchedule(double? LearningRate, int ProbeInterval, int RestSteps, long? FreezeStep)
{
    /// <summary>The shortest run in which widths can be expected to settle.</summary>
    public const int ShortestRun = 500;

    private const int UsualProbeInterval = 10;
    private const int UsualRestSteps = 500;

    /// <summary>
    /// The share of a run in which widths that meet no resistance come down. With a third, they meet their resistance in the first half,
    /// and have the second to settle.
    /// </summary>
    private const double DescentShare = 1 / 3.0;

    /// <summary>Probing steps that such a descent has at least: a short run probes in more of its steps.</summary>
    private const int ProbesOfDescent = 60;

    /// <summary>The share of a run after which a width that rests at its minimum is frozen there.</summary>
    private const double RestShare = 1 / 10.0;

    /// <summary>
    /// The share of the fall that a descent leaves out: the last of it, of layers with a small share, would take for ever.
    /// </summary>
    private const double RestOfFall = 0.02;

    /// <summary>What the options say, and where they leave it open, what fits the run.</summary>
    /// <param name="options">The options.</param>
    /// <param name="totalSteps">The length of the run; null where it is not known.</param>
    /// <param name="descent">See <see cref="DescentOf"/>.</param>
    public static WidthSchedule For(BitWidthOptimizerOptions options, long? totalSteps, double descent)
    {
        var (interval, rest, rate) = (
            options.ProbeInterval ?? UsualProbeInterval, options.RestSteps ?? UsualRestSteps, options.LearningRate);
        if (totalSteps is { } steps)
        {
            var stepsOfDescent = Math.Max(1, DescentShare * steps);
            // λ = 0 asks for no descent at all: then widths follow the task loss alone, at the pace of the default.
            var lambda = options.Lambda > 0 ? options.Lambda : new BitWidthOptimizerOptions().Lambda;
            rate ??= descent / (lambda * stepsOfDescent);
            interval = options.ProbeInterval ?? (int)Math.Clamp(stepsOfDescent / ProbesOfDescent, 1, UsualProbeInterval);
            rest = options.RestSteps ?? (int)Math.Clamp(RestShare * steps, 1, UsualRestSteps);
        }

        var freeze = options.FreezeStep ?? (totalSteps is { } all ? Math.Max(1, all / 2) : null as long?);
        return new WidthSchedule(rate, interval, rest, freeze);
    }

    /// <summary>η·λ·steps with which widths that meet no resistance come down from where they are now.</summary>
    public static double DescentOf(IHardwareCost cost, IReadOnlyList<LayerProfile> layers, IReadOnlyList<WidthState> states)
    {
        var learning = states.Where(s => !s.Width.IsFrozen).ToList();
        var ofBits = new CostOfBits(cost, layers, learning.ConvertAll(s => s.Width));
        var values = learning.ConvertAll(s => s.Width.Value);
        var least = ofBits.Total(learning.ConvertAll(s => s.Width.Minimum));
        var end = least + (RestOfFall * (ofBits.Real(values) - least));
        var (length, _) = UnopposedDescent.To(ofBits, values, learning.ConvertAll(s => s.Scale), end);
        // A cost that no width changes leads nowhere; any pace will do.
        return length > 0 ? length : 1;
    }
}
