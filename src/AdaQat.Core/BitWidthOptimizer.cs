using AdaQat.Costs;
using AdaQat.Probing;
using AdaQat.Steering;
using AdaQat.Widths;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Learns bit-widths by gradient descent on task loss + λ · hardware cost, with finite differences for the task loss, and freezes widths
/// that oscillate (AdaQAT, arXiv 2404.16876, section III).
/// </summary>
/// <remarks>
/// For each width g = [L(n) − L(n − 1)] + λ·∂L_hard/∂N, the others held, and N ← clamp(N − η·g). L(n) is the loss that the training step
/// has anyway; the lower points cost a forward each, so by default only some steps probe, and where there are many widths most of them are
/// estimated from the backward pass (see docs/probing.md). In a step: forward, backward, <see cref="Step"/>, then the weights' optimizer.
/// </remarks>
public sealed class BitWidthOptimizer
{
    private readonly QuantizedModel _model;
    private readonly List<WidthState> _states;
    private readonly Turns _turns;
    private readonly WidthWatch _watch;
    private readonly CostSteering? _steering;
    private EstimateCorrection _correction;

    /// <summary>Learns all learned widths of <paramref name="model"/>.</summary>
    /// <param name="model">An attached model.</param>
    /// <param name="options">λ, η and the rules for freezing; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside what is allowed, or no widths within their ranges meet the target.</exception>
    /// <exception cref="ArgumentException">Two options contradict each other.</exception>
    public BitWidthOptimizer(QuantizedModel model, BitWidthOptimizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.RequireAttached();
        Options = options ?? new BitWidthOptimizerOptions();
        Options.Validate();
        _model = model;
        _turns = new Turns(Options.MaximumProbesPerStep);
        _states = model.Widths.Select(width => new WidthState(
            width,
            new FreezeRule(width.Minimum, Options.OscillationThreshold, Options.MinimumRestProbes),
            LayersPerWidth.ScaleOf(width, model.Costs),
            LayersPerWidth.ServesWeights(width, model.Costs))).ToList();
        _correction = EstimateCorrection.Start(_states);
        _watch = new WidthWatch(model, Options);
        _steering = Options.CostTarget is { } target ? new CostSteering(Options, target, model.Costs, _states) : null;
        Prepare();
    }

    /// <summary>Raised for a width that does not move, and for a layer whose weights are nearly all zero.</summary>
    public event EventHandler<QuantizationWarning>? Warning;

    /// <summary>The options it was made with.</summary>
    public BitWidthOptimizerOptions Options { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>λ of the last step: the option's, or where it was steered to.</summary>
    public double Lambda => _steering?.Lambda ?? Options.Lambda;

    /// <summary>Whether no width is left to learn; steps then cost nothing.</summary>
    public bool AllFrozen => _states.TrueForAll(s => s.Width.IsFrozen);

    /// <summary>Whether the next step makes probes.</summary>
    public bool NextStepProbes => !AllFrozen && (Steps + 1) % Options.ProbeInterval == 0;

    /// <summary>Whether the next step estimates: its forward and backward are watched, because there are more widths than may be measured.</summary>
    private bool NextStepEstimates =>
        Options.Estimate == ProbeEstimate.Backward && NextStepProbes && _states.Count(s => !s.Width.IsFrozen) > Options.MaximumProbesPerStep;

    /// <summary>The model whose widths are learned.</summary>
    internal QuantizedModel Model => _model;

    /// <summary>Probes the widths that are due, moves them, and freezes those that have settled.</summary>
    /// <param name="loss">The training loss of this step, a single number: L(n), the mean over the mini-batch.</param>
    /// <param name="closure">Computes that same loss again, on the same mini-batch: called once a probe, without gradient.</param>
    /// <returns>What was measured and done.</returns>
    /// <exception cref="NonFiniteLossException">A loss is NaN or infinite; no width has changed, and the step does not count.</exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked, or a target is set but not by which step it must be met.</exception>
    public BitWidthStep Step(Tensor loss, Func<Tensor> closure)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(closure);
        _model.RequireAttached();
        if (_model.IsBaked)
        {
            throw new InvalidOperationException("The quantized weights are baked in: their width cannot change any more.");
        }

        try
        {
            _model.ThrowIfBackwardFailed();
            var here = Finite(Losses.Value(loss), "training loss");
            _steering?.Prepare(Steps + 1, NextStepProbes);
            var probes = NextStepProbes ? Probe(here, closure) : [];
            Steps++;
            if (_steering?.Finish(Steps, probes) is { } missed)
            {
                Warning?.Invoke(this, missed);
            }

            Warn();
            return new BitWidthStep(Steps, here, probes.ConvertAll(Outcome), Lambda, Options.Cost.Total(_model.Costs));
        }
        finally
        {
            _model.Forwards.Clear();
            _model.Sensitivities.Clear();
            Prepare();
        }
    }

    /// <summary>The state of all widths and counters.</summary>
    public OptimizerSnapshot Snapshot() => new(
        Steps,
        _turns.Next,
        _states.ConvertAll(s => new WidthSnapshot(
            s.Width.Name, s.Width.Value, s.Width.IsFrozen, s.FrozenAtStep, s.Reason,
            new SortedDictionary<int, int>(s.Rule.UpwardSwitches.ToDictionary()), s.Rule.ProbesAtMinimum, s.LastMovedAtStep)),
        _steering?.Snapshot(),
        _correction.Sums);

    /// <summary>Continues from a snapshot of an optimizer of the same widths.</summary>
    /// <param name="snapshot">What <see cref="Snapshot"/> returned.</param>
    /// <exception cref="ArgumentException">The snapshot is of other widths or of another target, or holds a value outside a width's range; nothing has changed.</exception>
    public void Restore(OptimizerSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var (theirs, ours) = (snapshot.Widths.Select(w => w.Name).ToList(), _states.ConvertAll(s => s.Width.Name));
        if (!theirs.SequenceEqual(ours))
        {
            throw new ArgumentException(
                $"The snapshot is of the widths {string.Join(", ", theirs)}; this optimizer learns {string.Join(", ", ours)}.", nameof(snapshot));
        }

        foreach (var (state, saved) in _states.Zip(snapshot.Widths))
        {
            if (!(saved.Value >= state.Width.Minimum && saved.Value <= state.Width.Maximum))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"The snapshot has {saved.Value} bits for '{saved.Name}'; allowed are {state.Width.Minimum} to {state.Width.Maximum}."), nameof(snapshot));
            }
        }

        if (snapshot.Correction is { } theirSums && theirSums.Widths.Count != _states.Count)
        {
            throw new ArgumentException(
                $"The snapshot corrects the estimates of {theirSums.Widths.Count} widths; this optimizer learns {_states.Count}.", nameof(snapshot));
        }

        if ((_steering is null) != (snapshot.Steering is null))
        {
            throw new ArgumentException(
                $"The snapshot is of a run {(snapshot.Steering is null ? "without" : "with")} a cost target; this optimizer has {(_steering is null ? "none" : "one")}.", nameof(snapshot));
        }

        if (snapshot.Steering is { } given && _steering?.Misfit(given) is { } misfit)
        {
            throw new ArgumentException(misfit, nameof(snapshot));
        }

        if (snapshot.Steering is { } steering)
        {
            _steering!.Restore(steering);
        }

        foreach (var (state, saved) in _states.Zip(snapshot.Widths))
        {
            state.Width.Restore(saved.Value, saved.IsFrozen);
            state.Rule.Restore(saved.UpwardSwitches, saved.ProbesAtMinimum);
            (state.FrozenAtStep, state.Reason, state.LastMovedAtStep) = (saved.FrozenAtStep, saved.Reason, saved.LastMovedAtStep);
        }

        (Steps, _turns.Next) = (snapshot.Steps, snapshot.NextTurn);
        _correction = snapshot.Correction is { } sums ? _correction.With(sums) : EstimateCorrection.Start(_states);
        Prepare();
    }

    /// <summary>Tells how many steps the run has, from which a cost target's horizon follows.</summary>
    /// <exception cref="ArgumentException">The run ends before the widths would be final.</exception>
    internal void PlanRun(long steps) => _steering?.PlanRun(steps);

    /// <summary>Lets the model keep what the next step will need of its forward and backward.</summary>
    private void Prepare()
    {
        _model.Forwards.IsActive = !AllFrozen;
        _model.Sensitivities.IsActive = NextStepEstimates;
    }

    /// <summary>Measures and estimates first, at one and the same point for all widths; only then moves them.</summary>
    private List<WidthProbe> Probe(double here, Func<Tensor> closure)
    {
        var (chosen, stepsPerTurn, next) = _turns.Choose(_states);
        var estimates = _model.Sensitivities.Read();
        var measured = new Dictionary<WidthState, FiniteDifference>(ReferenceEqualityComparer.Instance);
        using (var run = new ProbeRun(_model, closure))
        {
            foreach (var state in chosen)
            {
                measured.Add(state, Measure(run, state.Width, here));
            }
        }

        var correction = _correction.After(measured.Where(m => estimates.ContainsKey(m.Key.Width))
            .Select(m => (m.Key, Estimate(estimates, m.Key.Width), m.Value.Value)).ToList());
        var found = _states.Where(s => !s.Width.IsFrozen).Select(state =>
        {
            double? estimate = estimates.ContainsKey(state.Width) ? Estimate(estimates, state.Width) : null;
            var isMeasured = measured.TryGetValue(state, out var difference);
            if (!isMeasured && estimate is { } value)
            {
                difference = FiniteDifference.Of(state.Width, here, correction.Correct(state, value));
            }

            return (State: state, Difference: difference, Estimate: estimate, IsMeasured: isMeasured);
        }).Where(f => f.IsMeasured || f.Estimate is not null).Select(f => (f, Gradient: Gradient(f.State.Width, f.Difference))).ToList();

        (_turns.Next, _correction) = (next, correction);
        return found.ConvertAll(x =>
        {
            // One that has an estimate moves in every probing step; one without only when its turn to be measured comes.
            var steps = Options.ProbeInterval * (x.f.Estimate is null ? stepsPerTurn : 1);
            var (before, frozen) = Move(x.f.State, x.Gradient, steps);
            return new WidthProbe(x.f.State.Width, x.f.Difference, x.Gradient, before, x.f.State.Width.Bits, frozen)
            {
                IsMeasured = x.f.IsMeasured,
                Estimate = x.f.Estimate,
            };
        });
    }

    private FiniteDifference Measure(ProbeRun run, BitWidth width, double here)
    {
        var bits = width.Bits;
        var neighbour = FiniteDifference.NeighbourOf(width, bits);
        var there = Finite(run.LossAt(width, neighbour), $"loss with '{width.Name}' at {neighbour} bits");
        return new FiniteDifference(bits, neighbour, here, there);
    }

    private double Estimate(IReadOnlyDictionary<BitWidth, double> estimates, BitWidth width) =>
        Finite(estimates[width], $"estimated difference of '{width.Name}'");

    private double Gradient(BitWidth width, FiniteDifference difference) =>
        Finite(difference.Value + (Lambda * Options.Cost.Derivative(_model.Costs, width)), $"gradient of '{width.Name}'");

    private (int Before, FreezeReason? Frozen) Move(WidthState state, double gradient, double steps)
    {
        var (width, value, bits) = (state.Width, state.Width.Value, state.Width.Bits);
        width.Descend(Descent((_steering?.LearningRate ?? Options.LearningRate) * state.Scale * gradient, steps));
        if (!width.Value.Equals(value))
        {
            state.LastMovedAtStep = Steps + 1;
        }

        var freeze = _steering is { MayFreeze: false } ? null : state.Rule.Observe(bits, width.Bits, steps);
        if (freeze is { } settled)
        {
            width.FreezeAt(settled.Bits);
            (state.FrozenAtStep, state.Reason) = (Steps + 1, settled.Reason);
        }

        return (bits, freeze?.Reason);
    }

    /// <summary>A difference is true near the width where it was taken: what one step does not do alone, many in one may do up to one bit.</summary>
    private static double Descent(double ofOneStep, double steps)
    {
        var limit = Math.Max(1, Math.Abs(ofOneStep));
        return Math.Clamp(steps * ofOneStep, -limit, limit);
    }

    /// <summary>A probe's record after the landing on a target, which may have moved the width once more.</summary>
    private WidthProbe Outcome(WidthProbe probe) =>
        _steering is { HasLanded: true } && _states.Find(s => ReferenceEquals(s.Width, probe.Width)) is { Reason: { } reason }
            ? probe with { BitsAfter = probe.Width.Bits, Frozen = reason }
            : probe;

    private void Warn()
    {
        foreach (var warning in _watch.Look(_states, Steps, Lambda))
        {
            Warning?.Invoke(this, warning);
        }
    }

    private double Finite(double value, string what) => double.IsFinite(value)
        ? value
        : throw new NonFiniteLossException(FormattableString.Invariant(
            $"The {what} is {value} in step {Steps + 1}: the step of the bit-widths is refused, no width has changed. A smaller learning rate of the weights may help."));
}
