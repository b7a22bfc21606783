using System.Globalization;
using AdaQat.Freezing;
using AdaQat.Learning;
using AdaQat.Probing;
using AdaQat.Steering;
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
    /// <summary>A loop makes its mistakes from the start; watched for longer, it would wait for the device in every step.</summary>
    private const int WatchedSteps = 100;

    /// <summary>Larger than what a device's changing order of additions does to a loss, smaller than what a bit does.</summary>
    private const double ClosureTolerance = 1e-3;

    private readonly QuantizedModel _model;
    private readonly ProbeObserver _observer;
    private readonly List<WidthState> _states;
    private readonly RoundRobin _turns;
    private readonly WidthDiagnostics _diagnostics;
    private readonly CostSteering? _steering;
    private readonly double _descent;
    private WidthSchedule _schedule;
    private EstimateCorrection _correction = EstimateCorrection.None;
    private bool _closureIsChecked;

    /// <summary>Learns all learned widths of <paramref name="model"/>.</summary>
    /// <param name="model">An attached model.</param>
    /// <param name="options">λ, η and the rules for freezing; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is outside what is allowed, or no widths within their ranges meet the target.
    /// </exception>
    /// <exception cref="ArgumentException">Two options contradict each other.</exception>
    public BitWidthOptimizer(QuantizedModel model, BitWidthOptimizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.RequireAttached();
        Options = options ?? new BitWidthOptimizerOptions();
        Options.Validate();
        (_model, _observer) = (model, ProbeObserver.Of(model));
        _turns = new RoundRobin(Options.MaximumProbesPerStep);
        _states = model.Widths.Select(width => new WidthState(
            width,
            new FreezeRule(width, Options.OscillationThreshold),
            LayersPerWidth.ScaleOf(width, model.Profiles),
            LayersPerWidth.ServesWeights(width, model.Profiles))).ToList();
        _diagnostics = new WidthDiagnostics(model, Options);
        _descent = WidthSchedule.DescentOf(Options.Cost, model.Profiles, _states);
        _schedule = WidthSchedule.For(Options, Options.TotalSteps, _descent);
        _steering = Options.Steering is { } steering ? new CostSteering(steering, ProbeInterval, model.Profiles, _states) : null;
        Prepare();
    }

    /// <summary>The options it was made with.</summary>
    public BitWidthOptimizerOptions Options { get; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>λ of the last step: the option's, or where it was steered to.</summary>
    public double Lambda => _steering?.Lambda ?? Options.Lambda;

    /// <summary>Whether no width is left to learn; steps then cost nothing.</summary>
    public bool AllFrozen => _states.TrueForAll(s => s.Width.IsFrozen);

    /// <summary>Whether the next step makes probes.</summary>
    public bool NextStepProbes => !AllFrozen && (Steps + 1) % ProbeInterval == 0;

    /// <summary>In every how many steps widths are probed: the option's, or what fits the length of the run.</summary>
    public int ProbeInterval => _schedule.ProbeInterval;

    /// <summary>
    /// Whether the next step estimates: its forward and backward are watched, because there are more widths than may be measured.
    /// </summary>
    private bool NextStepEstimates =>
        Options.Estimate == ProbeEstimate.Backward
            && NextStepProbes && _states.Count(s => !s.Width.IsFrozen) > Options.MaximumProbesPerStep;

    /// <summary>The model whose widths are learned.</summary>
    internal QuantizedModel Model => _model;

    /// <summary>Probes the widths that are due, moves them, and freezes those that have settled.</summary>
    /// <param name="loss">The training loss of this step, a single number: L(n), the mean over the mini-batch.</param>
    /// <param name="closure">Computes that same loss again, on the same mini-batch: called once a probe, without gradient.</param>
    /// <returns>What was measured and done.</returns>
    /// <exception cref="NonFiniteLossException">A loss is NaN or infinite; no width has changed, and the step does not count.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is detached or baked, or nothing tells how fast widths move (<see cref="BitWidthOptimizerOptions.TotalSteps"/> or
    /// <see cref="BitWidthOptimizerOptions.LearningRate"/>), or a target is set but not by which step it must be met; or the loss is not of
    /// a forward of this model, or the weights have moved since.
    /// </exception>
    /// <remarks>
    /// In the first step the closure is called once more, to see that it computes the loss that it was given. What a loop of one's own
    /// gets wrong is told by <see cref="QuantizedModel.Warning"/>.
    /// </remarks>
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
            RequireSchedule();
            var here = Finite(ScalarLoss.Value(loss), "training loss");
            _observer.Loop.RequireForward();
            CheckClosure(here, closure);
            _steering?.Prepare(Steps + 1, NextStepProbes);
            var updates = NextStepProbes ? Probe(here, closure) : [];
            Steps++;
            updates.ForEach(Move);
            if (_steering?.Finish(Steps, updates.ConvertAll(u => (u.State, u.Difference))) is { } missed)
            {
                _model.Warn(missed);
            }

            foreach (var warning in _diagnostics.Look(_states, Steps, Lambda))
            {
                _model.Warn(warning);
            }

            return new BitWidthStep(Steps, here, updates.ConvertAll(Outcome), Lambda, Options.Cost.Total(_model.Profiles));
        }
        finally
        {
            _observer.Clear();
            Prepare();
        }
    }

    /// <summary>The state of all widths and counters.</summary>
    internal OptimizerSnapshot Snapshot() =>
        new(Steps, _turns.Next, _states.ConvertAll(s => s.Snapshot()), _steering?.Snapshot(), _correction);

    /// <summary>Continues from a snapshot of an optimizer of the same widths.</summary>
    /// <param name="snapshot">What <see cref="Snapshot"/> returned.</param>
    /// <exception cref="ArgumentException">
    /// The snapshot is of other widths or of another target, or holds a value outside a width's range; nothing has changed.
    /// </exception>
    internal void Restore(OptimizerSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var (theirs, ours) = (snapshot.Widths.Select(w => w.Name).ToList(), _states.ConvertAll(s => s.Width.Name));
        if (!theirs.SequenceEqual(ours))
        {
            throw new ArgumentException(
                $"The snapshot is of the widths {string.Join(", ", theirs)}; this optimizer learns {string.Join(", ", ours)}.",
                    nameof(snapshot));
        }

        foreach (var (state, saved) in _states.Zip(snapshot.Widths))
        {
            if (!(saved.Value >= state.Width.Minimum && saved.Value <= state.Width.Maximum))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"The snapshot has {saved.Value} bits for '{saved.Name}'; allowed are {state.Width.Minimum} to {state.Width.Maximum}."),
                        nameof(snapshot));
            }
        }

        if ((_steering is null) != (snapshot.Steering is null))
        {
            throw new ArgumentException(
                $"The snapshot is of a run {(snapshot.Steering is null ? "without" : "with")} a cost target; this optimizer has "
                + $"{(_steering is null ? "none" : "one")}.", nameof(snapshot));
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
            state.Restore(saved);
        }

        (Steps, _turns.Next, _correction) = (snapshot.Steps, snapshot.NextTurn, snapshot.Correction);
        Prepare();
    }

    /// <summary>Tells how many steps the run has, from which a cost target's horizon follows.</summary>
    /// <exception cref="ArgumentException">The run ends before the widths would be final.</exception>
    internal void PlanRun(long steps)
    {
        _schedule = WidthSchedule.For(Options, Options.TotalSteps ?? steps, _descent);
        _steering?.PlanRun(steps, ProbeInterval);
        Prepare();
    }

    /// <exception cref="InvalidOperationException">Nothing tells how fast widths are to move.</exception>
    private void RequireSchedule()
    {
        if (_schedule.LearningRate is null && _steering is null)
        {
            throw new InvalidOperationException(
                "How fast bit-widths move must fit the length of the run: set TotalSteps, the number of its steps, or LearningRate.");
        }

        if (Steps == 0 && Options.TotalSteps is { } total and < WidthSchedule.ShortestRun)
        {
            _model.Warn(new QuantizationWarning(
                nameof(Options.TotalSteps),
                $"TotalSteps is {total}: in fewer than {WidthSchedule.ShortestRun} steps bit-widths may not settle."));
        }
    }

    /// <summary>
    /// Asks the closure, in the first step, for the loss that is known: what it computes otherwise would count as an effect of bits.
    /// </summary>
    private void CheckClosure(double here, Func<Tensor> closure)
    {
        if (_closureIsChecked || AllFrozen)
        {
            return;
        }

        using var run = new ProbeRun(_model.Model, _observer.Forwards, closure);
        var again = Finite(run.Loss(), "loss that the closure computes");
        _closureIsChecked = true;
        if (Math.Abs(again - here) > ClosureTolerance * Math.Abs(here))
        {
            _model.Warn(new QuantizationWarning(nameof(closure), FormattableString.Invariant(
                $"The closure computes a loss of {again:g6} where that of the step is {here:g6}: it must be the same loss, on the same ")
                + "mini-batch, by way of model.call(x). Otherwise the differences that move bit-widths are off by as much."));
        }
    }

    /// <summary>Lets the model keep what the next step will need of its forward and backward.</summary>
    private void Prepare()
    {
        _observer.Loop.IsActive = !AllFrozen && (Steps < WatchedSteps || NextStepProbes);
        _observer.Forwards.IsActive = !AllFrozen;
        _observer.Estimates.IsActive = NextStepEstimates;
    }

    /// <summary>Measures and estimates, at one and the same point for all widths. Nothing has changed where this throws.</summary>
    private List<WidthUpdate> Probe(double here, Func<Tensor> closure)
    {
        var (chosen, stepsPerTurn, next) = _turns.Choose(_states);
        var estimates = _observer.Estimates.Read();
        var measured = Measure(chosen, here, closure);
        var correction = _correction;
        foreach (var (state, difference) in measured.Where(m => estimates.ContainsKey(m.Key.Width)))
        {
            correction = correction.With(state.IsOfWeights, Estimate(estimates, state.Width), difference.Value);
        }

        var updates = new List<WidthUpdate>();
        foreach (var state in _states.Where(s => !s.Width.IsFrozen))
        {
            double? estimate = estimates.ContainsKey(state.Width) ? Estimate(estimates, state.Width) : null;
            var isMeasured = measured.TryGetValue(state, out var difference);
            if (!isMeasured && estimate is { } value)
            {
                difference = FiniteDifference.Of(state.Width, here, correction.Correct(state.IsOfWeights, value));
            }

            if (isMeasured || estimate is not null)
            {
                // One that has an estimate moves in every probing step; one without only when its turn to be measured comes.
                var steps = ProbeInterval * (estimate is null ? stepsPerTurn : 1);
                updates.Add(
                    new WidthUpdate(state, difference, Gradient(state.Width, difference), state.Width.Bits, steps, estimate, isMeasured));
            }
        }

        (_turns.Next, _correction) = (next, correction);
        return updates;
    }

    private Dictionary<WidthState, FiniteDifference> Measure(IReadOnlyList<WidthState> chosen, double here, Func<Tensor> closure)
    {
        var measured = new Dictionary<WidthState, FiniteDifference>(ReferenceEqualityComparer.Instance);
        using var run = new ProbeRun(_model.Model, _observer.Forwards, closure);
        foreach (var state in chosen)
        {
            var (bits, neighbour) = (state.Width.Bits, FiniteDifference.NeighbourOf(state.Width, state.Width.Bits));
            var there = Finite(run.LossAt(state.Width, neighbour), $"loss with '{state.Width.Name}' at {neighbour} bits");
            measured.Add(state, new FiniteDifference(bits, neighbour, here, there));
        }

        return measured;
    }

    private double Estimate(IReadOnlyDictionary<BitWidth, double> estimates, BitWidth width) =>
        Finite(estimates[width], $"estimated difference of '{width.Name}'");

    private double Gradient(BitWidth width, FiniteDifference difference) => Finite(
        difference.Value + (Lambda * Options.Cost.Derivative(_model.Profiles, width)), $"gradient of '{width.Name}'");

    /// <summary>N ← clamp(N − η·g), for as many steps as the probe stands for.</summary>
    private void Move(WidthUpdate update)
    {
        var rate = _steering?.LearningRate ?? _schedule.LearningRate!.Value;
        int? rest = _steering is { MayFreeze: false } ? null : _schedule.RestSteps;
        update.State.Move(Descent(update, rate), update.Steps, Steps, rest);
    }

    /// <summary>
    /// How far a width moves. A difference is true near the width where it was taken: what one step does not do alone, many in one may do
    /// up to one bit, and so may an estimate, which can be far off where the loss bends.
    /// </summary>
    private static double Descent(WidthUpdate update, double rate)
    {
        var ofOneStep = rate * update.State.Scale * update.Gradient;
        var limit = update.IsMeasured ? Math.Max(1, Math.Abs(ofOneStep)) : 1;
        return Math.Clamp(update.Steps * ofOneStep, -limit, limit);
    }

    private WidthProbe Outcome(WidthUpdate update)
    {
        var width = update.State.Width;
        var frozen = width.FrozenAtStep == Steps ? width.FreezeReason : null;
        return new WidthProbe(width, update.Difference, update.Gradient, update.BitsBefore, width.Bits, frozen)
        {
            IsMeasured = update.IsMeasured,
            Estimate = update.Estimate,
        };
    }

    private double Finite(double value, string what) => double.IsFinite(value)
        ? value
        : throw new NonFiniteLossException(string.Create(CultureInfo.InvariantCulture,
            $"The {what} is {value} in step {Steps + 1}: the step of the bit-widths is refused, no width has changed. A smaller "
            + $"learning rate of the weights may help."));

    /// <summary>What a step has found out of one width.</summary>
    /// <param name="State">The width.</param>
    /// <param name="Difference">The finite difference of the task loss.</param>
    /// <param name="Gradient">g.</param>
    /// <param name="BitsBefore">n before the update.</param>
    /// <param name="Steps">How many steps the update stands for.</param>
    /// <param name="Estimate">What the backward pass estimated, uncorrected; null without.</param>
    /// <param name="IsMeasured">Whether the difference was measured.</param>
    private sealed record WidthUpdate(
        WidthState State, FiniteDifference Difference, double Gradient, int BitsBefore, double Steps, double? Estimate, bool IsMeasured);
}
