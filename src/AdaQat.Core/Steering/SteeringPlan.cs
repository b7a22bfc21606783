namespace AdaQat.Steering;

/// <summary>What is settled when a run with a cost target begins: how long it has, where it starts, and how λ answers to errors.</summary>
/// <param name="Horizon">The step in which the widths become final.</param>
/// <param name="StartCost">The cost at the real widths before the first step.</param>
/// <param name="LearningRate">η of the widths.</param>
/// <param name="Proportional">P: what is added to ln λ for the relative error of the cost.</param>
/// <param name="Integral">I: what is added to ln λ for the sum of that error over the steps.</param>
internal sealed record SteeringPlan(long Horizon, double StartCost, double LearningRate, double Proportional, double Integral)
{
    /// <summary>
    /// The share of the horizon in which the cost comes down; in the rest it is held, and widths part while λ hardly moves.
    /// </summary>
    public const double DescentShare = 0.7;

    /// <summary>How many times in the descent an error of the cost is made good, the first time constants counted.</summary>
    private const double Stiffness = 20;

    /// <summary>Bounds P where the cost hardly falls at λ₀: a larger one would turn noise into swings.</summary>
    private const double MaximumProportional = 100;

    /// <summary>η where none was given and the cost is at its target from the start.</summary>
    private const double RestingLearningRate = 0.001;

    /// <summary>The steps in which the cost comes down.</summary>
    public double Descent => Math.Max(1, DescentShare * Horizon);

    /// <summary>η such that λ₀ alone follows the course where nothing resists, and gains that make errors good without overshoot.</summary>
    /// <param name="options">λ₀, and η where it was given.</param>
    /// <param name="free">The descent without resistance.</param>
    /// <param name="startCost">The cost at the start.</param>
    /// <param name="horizon">The step in which the widths become final.</param>
    public static SteeringPlan For(SteeringOptions options, UnopposedDescent free, double startCost, long horizon)
    {
        var descent = Math.Max(1, DescentShare * horizon);
        var rate = options.LearningRate ?? (free.Length > 0 ? free.Length / (options.Lambda * descent) : RestingLearningRate);
        // With ln λ = ln λ₀ + P·e + I·∫e and without resistance, e' = −fall·(P·e + I·∫e) per descent: time constant 1/stiffness, critically
        // damped.
        var fall = free.Length > 0 ? free.Fall * rate * options.Lambda * descent / free.Length : 0;
        var stiffness = Math.Min(Stiffness, descent / options.ProbeInterval / 2);
        var proportional = Math.Min(MaximumProportional, stiffness / Math.Max(fall, double.Epsilon));
        return new SteeringPlan(horizon, startCost, rate, proportional, proportional * stiffness / (4 * descent));
    }

    /// <summary>The reference: from the start's cost to the target with the same factor every step, then constant.</summary>
    public double CourseAt(long step, double target) => StartCost * Math.Pow(target / StartCost, Math.Min(1, step / Descent));
}
