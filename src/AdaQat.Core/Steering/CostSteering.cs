using AdaQat.Costs;
using AdaQat.Freezing;
using AdaQat.Probing;

namespace AdaQat.Steering;

/// <summary>
/// Moves λ so that the cost follows a course down to its target, and at the horizon makes the widths integers at or just under it.
/// </summary>
/// <remarks>
/// λ = λ₀·exp(P·e + I·Σe), where e is ln of the cost at the real widths over the reference's. A step first calls
/// <see cref="Prepare"/>; only one that is not refused calls <see cref="Finish"/>, so that a refused step leaves no trace.
/// </remarks>
internal sealed class CostSteering
{
    /// <summary>λ stays within λ₀·e^−7 and λ₀·e^7, about a thousandth and a thousand times λ₀.</summary>
    private const double Reach = 7;

    /// <summary>How near the target the cost must be for a width's oscillation to mean something.</summary>
    private const double Tolerance = 0.03;

    private readonly SteeringOptions _options;
    private readonly CostTarget _target;
    private readonly IReadOnlyList<LayerProfile> _layers;
    private readonly IReadOnlyList<WidthState> _states;
    private readonly RoundingLossSums[] _roundingLosses;
    private SteeringPlan? _plan;
    private int _probeInterval;
    private double _errorSum;
    private double _nextErrorSum;

    public CostSteering(
        SteeringOptions options, int probeInterval, IReadOnlyList<LayerProfile> layers, IReadOnlyList<WidthState> states)
    {
        (_options, _target, _layers, _states) = (options, options.Target, layers, states);
        _roundingLosses = [.. states.Select(_ => RoundingLossSums.Empty)];
        (Lambda, _probeInterval) = (options.Lambda, probeInterval);
        _target.RequireWithin(options.Cost, layers, Movable().ConvertAll(m => m.State.Width));
        if (options.Step is { } steps)
        {
            _plan = MakePlan(steps);
        }
    }

    /// <summary>λ of the step under way, or of the last.</summary>
    public double Lambda { get; private set; }

    /// <summary>η.</summary>
    public double LearningRate => RequirePlan().LearningRate;

    /// <summary>
    /// Whether a width may freeze by oscillation or rest: where the cost is held at the target. Before, λ is still on its way, and where a
    /// width swings says nothing about where it will stay.
    /// </summary>
    public bool MayFreeze { get; private set; }

    /// <summary>Whether the widths are final.</summary>
    public bool IsFinal { get; private set; }

    /// <summary>Takes in how many steps the run has: the horizon, where the options name none, is half of them.</summary>
    /// <param name="steps">The length of the run.</param>
    /// <param name="probeInterval">In every how many steps widths move.</param>
    /// <exception cref="ArgumentException">The run ends before the horizon.</exception>
    public void PlanRun(long steps, int probeInterval)
    {
        _probeInterval = probeInterval;
        if (_options.Step is { } asked && asked > steps)
        {
            throw new ArgumentException(
                $"TargetStep is {asked}, but the run has {steps} steps: {_target.Name} would not be met; allowed are 1 to {steps}, "
                + "and null for half of the run.");
        }

        _plan ??= MakePlan(Math.Max(1, steps / 2));
    }

    /// <summary>Sets λ for a step. It stays between two steps that probe, since no width moves there.</summary>
    /// <param name="step">The step's number, from 1.</param>
    /// <param name="probes">Whether the step probes.</param>
    /// <exception cref="InvalidOperationException">The horizon is not known.</exception>
    public void Prepare(long step, bool probes)
    {
        var plan = RequirePlan();
        _nextErrorSum = _errorSum;
        if (IsFinal || !probes)
        {
            return;
        }

        // The widths stand where the last probe left them, and the course where it was then.
        var cost = RealCost();
        var error = Math.Clamp(Math.Log(cost / plan.CourseAt(Math.Max(1, step - _probeInterval + 1), _target.Value)), -1, 1);
        var sum = _errorSum + (error * _probeInterval);
        var answer = (SteeringPlan.Proportional * error) + (plan.Integral * sum);
        Lambda = _options.Lambda * Math.Exp(Math.Clamp(answer, -Reach, Reach));
        // Where λ is at its end already, a sum that grows on would have to be undone before λ could turn.
        _nextErrorSum = Math.Abs(answer) > Reach && answer * error > 0 ? _errorSum : sum;
        MayFreeze = step > plan.Descent && Math.Abs(cost - _target.Value) <= Tolerance * _target.Value;
    }

    /// <summary>Learns from a step's differences, and makes the widths final when it is time.</summary>
    /// <returns>What is wrong about the final widths, or null.</returns>
    public QuantizationWarning? Finish(long step, IReadOnlyList<(WidthState State, FiniteDifference Difference)> differences)
    {
        if (IsFinal)
        {
            return null;
        }

        _errorSum = _nextErrorSum;
        foreach (var (state, difference) in differences)
        {
            var place = PlaceOf(state);
            _roundingLosses[place] = _roundingLosses[place].With(difference);
        }

        return step >= RequirePlan().Horizon || _states.All(s => s.Width.IsFrozen) ? MakeFinal(step) : null;
    }

    public SteeringSnapshot Snapshot() =>
        new(_target.Value, _plan, Lambda, _errorSum, IsFinal, [.. _roundingLosses]);

    /// <summary>Says why a snapshot does not fit, or null where it does.</summary>
    public string? Misfit(SteeringSnapshot snapshot) =>
        snapshot.RoundingLosses.Count != _states.Count
            ? $"The snapshot has the rounding losses of {snapshot.RoundingLosses.Count} widths; this optimizer learns {_states.Count}."
        : !snapshot.Target.Equals(_target.Value)
            ? FormattableString.Invariant(
                $"The snapshot is of a run with the target {snapshot.Target}; {_target.Name} is {_target.Value} here.")
        : _options.Step is { } steps && snapshot.Plan is { } plan && plan.Horizon != steps
            ? $"The snapshot is of a run with TargetStep {plan.Horizon}; here it is {steps}."
        : null;

    public void Restore(SteeringSnapshot snapshot)
    {
        (_plan, Lambda, _errorSum, IsFinal) = (snapshot.Plan ?? _plan, snapshot.Lambda, snapshot.ErrorSum, snapshot.IsFinal);
        snapshot.RoundingLosses.ToArray().CopyTo(_roundingLosses, 0);
    }

    private SteeringPlan MakePlan(long horizon)
    {
        var movable = Movable().ConvertAll(m => m.State);
        var cost = new CostOfBits(_options.Cost, _layers, movable.ConvertAll(s => s.Width));
        var values = movable.ConvertAll(s => s.Width.Value);
        var start = cost.Real(values);
        var free = UnopposedDescent.To(cost, values, movable.ConvertAll(s => s.Scale), _target.Value);
        if (start > _target.Value && !(free.Fall > 0))
        {
            throw new ArgumentException(
                $"{_options.Cost.GetType().Name} leads nowhere: its Derivative is not above 0 for any learned width, or its Total "
                + $"does not fall with the widths; {_target.Name} cannot be steered to.");
        }

        return SteeringPlan.For(_options, free, start, horizon, _probeInterval);
    }

    private QuantizationWarning? MakeFinal(long step)
    {
        var movable = Movable();
        var cost = new CostOfBits(_options.Cost, _layers, movable.ConvertAll(m => m.State.Width));
        var losses = RoundingLossFit.Estimate(_roundingLosses);
        var allocation = FinalAllocation.At(cost, movable.ConvertAll(m => losses[m.Place]), _target.Value);
        foreach (var ((_, state), bits) in movable.Zip(allocation.Bits))
        {
            state.Settle(bits, step);
        }

        IsFinal = true;
        return allocation.IsMet ? null : new QuantizationWarning(_target.Name, FormattableString.Invariant(
            $"{_target.Name} is {_target.Value}, but the widths frozen by hand leave a cost of {allocation.Cost} at least."));
    }

    /// <summary>All but those that the user froze: a width that froze by itself may still have to give way to the target.</summary>
    private List<(int Place, WidthState State)> Movable() =>
        _states.Select((state, place) => (place, state)).Where(m => !m.state.Width.IsFrozen || m.state.Width.FreezeReason is not null)
            .ToList();

    private double RealCost()
    {
        var learning = _states.Where(s => !s.Width.IsFrozen).Select(s => s.Width).ToList();
        return new CostOfBits(_options.Cost, _layers, learning).Real(learning.ConvertAll(w => w.Value));
    }

    private int PlaceOf(WidthState state) => _states.TakeWhile(s => !ReferenceEquals(s, state)).Count();

    private SteeringPlan RequirePlan() => _plan ?? throw new InvalidOperationException(
        $"{_target.Name} is set, but not by which step it must be met: set TargetStep, half of the run's steps for example, or "
        + "train with AdaQatTrainer, which knows them.");
}
