using AdaQat.Costs;
using AdaQat.Diagnostics;
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
/// Widths that quantizers infer are not probed: λ·∂L_hard/∂N is added to the gradients of what they are inferred from.
/// </remarks>
public sealed class BitWidthOptimizer
{
    /// <summary>A loop makes its mistakes from the start; watched for longer, it would wait for the device in every step.</summary>
    private const int WatchedSteps = 100;

    private readonly QuantizedModel _model;
    private readonly ProbeObserver _observer;
    private readonly CalledModules _modules;
    private readonly List<WidthState> _states;
    private readonly List<WidthState> _probed;
    private readonly InferredWidths _inferred;
    private readonly LossDifferences _differences;
    private readonly ClosureCheck _closureCheck;
    private readonly WidthDiagnostics _diagnostics;
    private readonly CostSteering? _steering;
    private readonly double _descent;
    private WidthSchedule _schedule;

    /// <summary>Learns all learned widths of <paramref name="model"/>.</summary>
    /// <param name="model">An attached model.</param>
    /// <param name="options">λ, η and the rules for freezing; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is outside what is allowed, or no widths within their ranges meet the target.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Two options contradict each other, or a cost target is set and the model has inferred widths.
    /// </exception>
    public BitWidthOptimizer(QuantizedModel model, BitWidthOptimizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.RequireAttached();
        Options = options ?? new BitWidthOptimizerOptions();
        Options.Validate();
        (_model, _observer, _modules) = (model, ProbeObserver.Of(model), new CalledModules(model));
        _states = model.Widths.Select(width => new WidthState(
            width,
            new FreezeRule(width, Options.OscillationThreshold),
            LayersPerWidth.ScaleOf(width, model.Profiles),
            LayersPerWidth.ServesWeights(width, model.Profiles))).ToList();
        _probed = _states.FindAll(s => !s.Width.IsInferred);
        _inferred = new InferredWidths(model, _states);
        _inferred.RefuseTarget(Options);
        _differences = new LossDifferences(_modules, _observer, _probed, new RoundRobin(Options.MaximumProbesPerStep));
        _closureCheck = new ClosureCheck(model, _modules, _observer.Forwards);
        _diagnostics = new WidthDiagnostics(model, Options);
        _descent = WidthSchedule.DescentOf(Options.Cost, model.Profiles, _probed);
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
    public bool NextStepProbes => HasToProbe && (Steps + 1) % ProbeInterval == 0;

    /// <summary>In every how many steps widths are probed: the option's, or what fits the length of the run.</summary>
    public int ProbeInterval => _schedule.ProbeInterval;

    /// <summary>
    /// Whether the next step estimates: its forward and backward are watched, because there are more widths than may be measured.
    /// </summary>
    private bool NextStepEstimates =>
        Options.EstimatesFromBackward
            && NextStepProbes && _probed.Count(s => !s.Width.IsFrozen) > Options.MaximumProbesPerStep;

    /// <summary>Whether a width is left that is learned by differences of the loss.</summary>
    private bool HasToProbe => _probed.Exists(s => !s.Width.IsFrozen);

    /// <summary>The model whose widths are learned.</summary>
    internal QuantizedModel Model => _model;

    /// <summary>
    /// Names a module that closures call besides the attached model, such as a head in float or the other network of a pair, so that probes
    /// leave no trace in its batch-norm statistics and other buffers.
    /// </summary>
    /// <param name="module">The module, with all below it.</param>
    /// <remarks>
    /// There is no need to where the closure holds the module: in a variable it has captured, in a field of an object that it has captured,
    /// or in a static field of the class it is written in. Only modules that it gets otherwise, as from a function's result, have to be
    /// named.
    /// </remarks>
    public void AlsoCalls(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        _modules.Add(module);
    }

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
    /// gets wrong is told by <see cref="QuantizedModel.Warning"/>. Within <see cref="QuantizedModel.InFloat"/> nothing is learned, and the
    /// step does not count.
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

        using var alone = _model.BeginAlone();
        try
        {
            _model.EndBackward();
            RequireSchedule();
            var step = Steps + 1;
            var here = FiniteLoss.Require(ScalarLoss.Value(loss), "training loss", step);
            if (!_model.IsQuantizing)
            {
                return new BitWidthStep(Steps, here, [], Lambda, Options.Cost.Total(_model.Profiles));
            }

            if (!AllFrozen)
            {
                _observer.Loop.RequireForward();
            }

            if (HasToProbe)
            {
                _closureCheck.Once(step, here, closure);
            }

            _steering?.Prepare(step, NextStepProbes);
            var updates = NextStepProbes ? FindUpdates(here, closure) : [];
            _inferred.AddCost(Lambda, Options.Cost, step);
            Steps++;
            updates.ForEach(Move);
            _inferred.Follow(Steps, _schedule);
            if (_steering?.Finish(Steps, updates.ConvertAll(u => (u.Found.State, u.Found.Difference))) is { } missed)
            {
                _model.Warn(missed);
            }

            foreach (var warning in _diagnostics.Look(_states, Steps, Lambda))
            {
                _model.Warn(warning);
            }

            return new BitWidthStep(Steps, here, updates.ConvertAll(Outcome), Lambda, Options.Cost.Total(_model.Profiles));
        }
        catch (NonFiniteLossException)
        {
            _model.UndoStartedRanges();
            throw;
        }
        finally
        {
            _model.KeepStartedRanges();
            _observer.EndStep();
            Prepare();
        }
    }

    /// <summary>The state of all widths and counters.</summary>
    internal OptimizerSnapshot Snapshot() =>
        new(Steps, _differences.NextTurn, _states.ConvertAll(s => s.Snapshot()), _steering?.Snapshot(), _differences.Correction);

    /// <summary>Continues from a snapshot of an optimizer of the same widths.</summary>
    /// <param name="snapshot">What <see cref="Snapshot"/> returned.</param>
    /// <exception cref="ArgumentException">
    /// The snapshot is of other widths or of another target, or holds a value outside a width's range; nothing has changed.
    /// </exception>
    internal void Restore(OptimizerSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        snapshot.RequireFit(_states, _steering);
        if (snapshot.Steering is { } steering)
        {
            _steering!.Restore(steering);
        }

        foreach (var (state, saved) in _states.Zip(snapshot.Widths))
        {
            state.Restore(saved);
        }

        Steps = snapshot.Steps;
        _differences.Restore(snapshot.NextTurn, snapshot.Correction);
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
        if (_schedule.LearningRate is null && _steering is null && _probed.Count > 0)
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

    /// <summary>Lets the model keep what the next step will need of its forward and backward.</summary>
    private void Prepare()
    {
        _observer.Loop.IsActive = !AllFrozen && (Steps < WatchedSteps || NextStepProbes);
        _observer.Forwards.IsActive = HasToProbe;
        _observer.Estimates.IsActive = NextStepEstimates;
    }

    /// <summary>g of every width that the step has a difference of. Nothing has changed where this throws.</summary>
    private List<WidthUpdate> FindUpdates(double here, Func<Tensor> closure)
    {
        var taken = _differences.Take(Steps + 1, here, closure);
        var updates = taken.Widths.Select(found =>
        {
            var width = found.State.Width;
            var gradient = found.Difference.Value + (Lambda * Options.Cost.Derivative(_model.Profiles, width));
            return new WidthUpdate(found, FiniteLoss.Require(gradient, $"gradient of '{width.Name}'", Steps + 1), width.Bits);
        }).ToList();
        _differences.Keep(taken);
        return updates;
    }

    /// <summary>N ← clamp(N − η·g), for as many steps as the probe stands for.</summary>
    private void Move(WidthUpdate update)
    {
        var rate = _steering?.LearningRate ?? _schedule.LearningRate!.Value;
        int? rest = _steering is { MayFreeze: false } ? null : _schedule.RestSteps;
        var steps = ProbeInterval * update.Found.Turns;
        update.Found.State.Move(Descent(update, steps, rate), steps, Steps, rest);
    }

    /// <summary>
    /// How far a width moves. A difference is true near the width where it was taken: what one step does not do alone, many in one may do
    /// up to one bit, and so may an estimate, which can be far off where the loss bends.
    /// </summary>
    private static double Descent(WidthUpdate update, double steps, double rate)
    {
        var ofOneStep = rate * update.Found.State.Scale * update.Gradient;
        var limit = update.Found.IsMeasured ? Math.Max(1, Math.Abs(ofOneStep)) : 1;
        return Math.Clamp(steps * ofOneStep, -limit, limit);
    }

    private WidthProbe Outcome(WidthUpdate update)
    {
        var width = update.Found.State.Width;
        var frozen = width.FrozenAtStep == Steps ? width.FreezeReason : null;
        var difference = update.Found.Difference;
        return new WidthProbe(width, difference.Value, update.Gradient, update.BitsBefore, width.Bits, frozen)
        {
            Neighbour = difference.Neighbour,
            NeighbourLoss = difference.NeighbourLoss,
            IsMeasured = update.Found.IsMeasured,
            Estimate = update.Found.Estimate,
        };
    }

    /// <summary>How a step moves one width.</summary>
    /// <param name="Found">What it has found out of it.</param>
    /// <param name="Gradient">g.</param>
    /// <param name="BitsBefore">n before the update.</param>
    private sealed record WidthUpdate(WidthDifference Found, double Gradient, int BitsBefore);
}
