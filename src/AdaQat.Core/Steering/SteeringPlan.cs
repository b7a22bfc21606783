namespace AdaQat.Steering;

/// <summary>What is settled when a run with a cost target begins: how long it has, where it starts, and how λ answers to errors.</summary>
/// <param name="Horizon">The step in which the widths become final.</param>
/// <param name="StartCost">The cost at the real widths before the first step.</param>
/// <param name="LearningRate">η of the widths.</param>
/// <param name="Integral">I: what is added to ln λ for the sum of the cost's relative error over the steps.</param>
internal sealed record SteeringPlan(long Horizon, double StartCost, double LearningRate, double Integral)
{
    /// <summary>P: what is added to ln λ for the relative error of the cost. A twentieth too much makes λ 2.7 times as large.</summary>
    public const double Proportional = 20;

    /// <summary>
    /// The share of the horizon in which the cost comes down; in the rest it is held, and widths part while λ hardly moves.
    /// </summary>
    public const double DescentShare = 0.7;

    /// <summary>How many times in the descent an error that stays is made good, where there are probes enough.</summary>
    private const double Stiffness = 20;

    /// <summary>η where none was given and the cost is at its target from the start.</summary>
    private const double RestingLearningRate = 0.001;

    /// <summary>The steps in which the cost comes down.</summary>
    public double Descent => Math.Max(1, DescentShare * Horizon);

    /// <summary>η such that λ₀ alone follows the course where nothing resists.</summary>
    /// <param name="options">λ₀, and η where it was given.</param>
    /// <param name="free">The descent without resistance.</param>
    /// <param name="startCost">The cost at the start.</param>
    /// <param name="horizon">The step in which the widths become final.</param>
    /// <param name="probeInterval">In every how many steps widths move.</param>
    public static SteeringPlan For(
        SteeringOptions options, UnopposedDescent free, double startCost, long horizon, int probeInterval)
    {
        var descent = Math.Max(1, DescentShare * horizon);
        var rate = options.LearningRate ?? (free.Length > 0 ? free.Length / (options.Lambda * descent) : RestingLearningRate);
        var stiffness = Math.Min(Stiffness, descent / probeInterval / 2);
        return new SteeringPlan(horizon, startCost, rate, Proportional * stiffness / (4 * descent));
    }

    /// <summary>The reference: from the start's cost to the target with the same factor every step, then constant.</summary>
    public double CourseAt(long step, double target) => StartCost * Math.Pow(target / StartCost, Math.Min(1, step / Descent));
}
