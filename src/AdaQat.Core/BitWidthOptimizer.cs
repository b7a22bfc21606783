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
/// has anyway; the lower points cost a forward each. In a step: forward, backward, <see cref="Step"/>, then the weights' optimizer.
/// </remarks>
public sealed class BitWidthOptimizer
{
    private readonly QuantizedModel _model;
    private readonly List<WidthState> _states;
    private readonly Turns _turns;
    private readonly WidthWatch _watch;
    private readonly CostSteering? _steering;

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
            LayersPerWidth.ScaleOf(width, model.Costs))).ToList();
        _watch = new WidthWatch(model, Options);
        _steering = Options.CostTarget is { } target ? new CostSteering(Options, target, model.Costs, _states) : null;
        model.Forwards.IsActive = !AllFrozen;
    }

    /// <summary>Raised for a width that does not move, and for a layer whose weights are nearly all zero.</summary>
    public event EventHandler<WidthWarning>? Warning;

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

    /// <summary>The model whose widths are learned.</summary>
    internal QuantizedModel Model => _model;

    /// <summary>Probes the widths that are due, moves them, and freezes those that have settled.</summary>
    /// <param name="loss">The training loss of this step, a single number: L(n).</param>
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
            var here = Finite(Losses.Value(loss), "training loss");
            _steering?.Prepare(Steps + 1);
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
            _model.Forwards.IsActive = !AllFrozen;
        }
    }

    /// <summary>The state of all widths and counters.</summary>
    public OptimizerSnapshot Snapshot() => new(
        Steps,
        _turns.Next,
        _states.ConvertAll(s => new WidthSnapshot(
            s.Width.Name, s.Width.Value, s.Width.IsFrozen, s.FrozenAtStep, s.Reason,
            new SortedDictionary<int, int>(s.Rule.UpwardSwitches.ToDictionary()), s.Rule.ProbesAtMinimum, s.LastMovedAtStep)),
        _steering?.Snapshot());

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
        _model.Forwards.IsActive = !AllFrozen;
    }

    /// <summary>Tells how many steps the run has, from which a cost target's horizon follows.</summary>
    /// <exception cref="ArgumentException">The run ends before the widths would be final.</exception>
    internal void PlanRun(long steps) => _steering?.PlanRun(steps);

    /// <summary>Measures first, at one and the same point for all widths; only then moves them.</summary>
    private List<WidthProbe> Probe(double here, Func<Tensor> closure)
    {
        var (chosen, stepsPerTurn, next) = _turns.Choose(_states);
        List<(WidthState State, FiniteDifference Difference, double Gradient)> measured;
        using (var run = new ProbeRun(_model, closure))
        {
            measured = chosen.Select(state =>
            {
                var difference = Measure(run, state.Width, here);
                var gradient = Finite(
                    difference.Value + (Lambda * Options.Cost.Derivative(_model.Costs, state.Width)), $"gradient of '{state.Width.Name}'");
                return (state, difference, gradient);
            }).ToList();
        }

        _turns.Next = next;
        return measured.ConvertAll(m => Move(m.State, m.Difference, m.Gradient, stepsPerTurn * Options.ProbeInterval));
    }

    private FiniteDifference Measure(ProbeRun run, BitWidth width, double here)
    {
        var bits = width.Bits;
        var neighbour = FiniteDifference.NeighbourOf(width, bits);
        var there = Finite(run.LossAt(width, neighbour), $"loss with '{width.Name}' at {neighbour} bits");
        return new FiniteDifference(bits, neighbour, here, there);
    }

    private WidthProbe Move(WidthState state, FiniteDifference difference, double gradient, double steps)
    {
        var (width, value) = (state.Width, state.Width.Value);
        width.Descend((_steering?.LearningRate ?? Options.LearningRate) * state.Scale * steps * gradient);
        if (!width.Value.Equals(value))
        {
            state.LastMovedAtStep = Steps + 1;
        }

        var freeze = _steering is { MayFreeze: false } ? null : state.Rule.Observe(difference.Bits, width.Bits);
        if (freeze is { } settled)
        {
            width.FreezeAt(settled.Bits);
            (state.FrozenAtStep, state.Reason) = (Steps + 1, settled.Reason);
        }

        return new WidthProbe(width, difference, gradient, difference.Bits, width.Bits, freeze?.Reason);
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
