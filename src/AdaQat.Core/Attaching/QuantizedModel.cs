using AdaQat.Attaching;
using AdaQat.Costs;
using AdaQat.Diagnostics;
using AdaQat.Isolation;
using AdaQat.Quantization;
using AdaQat.Summaries;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// A model whose convolutions and linear layers compute with quantized weights and inputs. The model stays the user's own: no module is
/// replaced, its names, its parameters and its checkpoints keep working.
/// </summary>
/// <remarks>
/// Hooks quantize a layer's input and lend it a quantized weight for the time of a call; gradients reach the latent weight, which is
/// what <c>parameters()</c> and <c>state_dict()</c> show. Parameters of quantizers (PACT's α) are registered on the layers.
/// Any number of threads may use a model at once without gradient, as in TorchSharp; one that is baked with gradient too. Else it is one
/// thread at a time: a second one is refused.
/// </remarks>
public sealed partial class QuantizedModel : IDisposable
{
    private readonly AttachmentState _state;
    private Action _removeHooks;
    private readonly (PeakActivationCost Peak, MemoryTrafficCost Traffic)? _activations;
    private readonly string? _graphFault;
    private readonly List<QuantizationWarning> _warnings = [];
    private bool _isAttached = true;

    internal QuantizedModel(
        nn.Module model, IReadOnlyList<QuantizedLayer> layers, IReadOnlyList<QuantizedJoin> joins, IReadOnlyList<FloatLayer> left,
        RootHooks hooks, AttachmentState state, (PeakActivationCost Peak, MemoryTrafficCost Traffic)? activations, string? graphFault)
    {
        Joins = joins;
        (Model, Whole, Layers, FloatLayers, _state) = (model, model, layers, left, state);
        (_activations, _graphFault) = (activations, graphFault);
        Inputs = layers.Select(l => l.Input).Distinct<SharedInput>(ReferenceEqualityComparer.Instance).ToList();
        Profiles = [.. layers.Select(l => l.Profile), .. left.Select(l => l.Profile).OfType<LayerProfile>()];
        Widths = layers.SelectMany(l => new[] { l.WeightBits, l.ActivationBits }).Where(w => w.IsLearned)
            .Distinct<BitWidth>(ReferenceEqualityComparer.Instance).ToList();
        _removeHooks = hooks.Register(BeforeForward, AfterForward);
        state.Ranges.WhenCut = WarnOfCutInput;
    }

    /// <summary>Raised when something is noticed that training does silently otherwise.</summary>
    public event EventHandler<QuantizationWarning>? Warning;

    /// <summary>
    /// What was noticed so far, from attaching on, such as a parameter that holds NaN: the latest of each subject. The summary ends with
    /// it.
    /// </summary>
    public IReadOnlyList<QuantizationWarning> Warnings => _warnings;

    /// <summary>The model, unchanged but for its hooks.</summary>
    public nn.Module Model { get; }

    /// <summary>The model that is trained: <see cref="Model"/> itself, or the one that it is a part of by <see cref="PartOf"/>.</summary>
    public nn.Module Whole { get; private set; }

    /// <summary>The quantized layers, in the order in which the model calls them.</summary>
    public IReadOnlyList<QuantizedLayer> Layers { get; }

    /// <summary>The residual sums whose operands are quantized; none unless <see cref="QuantizationScheme.Joins"/> says so.</summary>
    public IReadOnlyList<QuantizedJoin> Joins { get; }

    /// <summary>
    /// What each layer costs, in the same order; behind them those that the model calls and a rule leaves in float, at 32 bits.
    /// </summary>
    public IReadOnlyList<LayerProfile> Profiles { get; }

    /// <summary>The learned widths, each once: weights before activations, in the order of the layers.</summary>
    public IReadOnlyList<BitWidth> Widths { get; }

    /// <summary>
    /// The most memory that activations take at once, as a cost: for <see cref="Cost"/>, and for what learns or chooses widths.
    /// </summary>
    /// <exception cref="CaptureException">The model's graph could not be captured when it was attached; the message says why.</exception>
    public PeakActivationCost PeakActivations => RequireActivations().Peak;

    /// <summary>
    /// What goes from and to memory in one inference, as a cost: for <see cref="Cost"/>, <see cref="EnergyCost"/>, and for what learns or
    /// chooses widths.
    /// </summary>
    /// <exception cref="CaptureException">The model's graph could not be captured when it was attached; the message says why.</exception>
    public MemoryTrafficCost MemoryTraffic => RequireActivations().Traffic;

    /// <summary>Whether <see cref="Bake"/> has written the quantized weights into the model.</summary>
    public bool IsBaked { get; private set; }

    /// <summary>Whether layers compute with quantized values: not within <see cref="InFloat"/>, nor when detached.</summary>
    public bool IsQuantizing => _isAttached && _state.FloatRequests == 0;

    /// <summary>Keeps other threads out while bits or ranges are tried out, until the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">Another thread does so already.</exception>
    internal ThreadUse.Turn BeginAlone() => _state.Threads.BeginAlone();

    /// <summary>The layers that are left as they are.</summary>
    internal IReadOnlyList<FloatLayer> FloatLayers { get; }

    /// <summary>What the layers read, each once.</summary>
    internal IReadOnlyList<SharedInput> Inputs { get; }

    /// <summary>Guards the backward passes of its quantizers.</summary>
    internal BackwardGuard BackwardGuard => _state.Guard;

    /// <summary>The generators that its forwards draw from.</summary>
    internal ModelRandom Random
    {
        get => _state.Random;
        set => _state.Random = value;
    }

    /// <summary>Sees the forwards; null before there is an optimizer of the widths.</summary>
    internal IForwardObserver? Observer
    {
        get => _state.Observer;
        set => _state.Observer = value;
    }

    /// <summary>
    /// Says of which model the attached one is a part: then <see cref="Parameters"/>, trainer and checkpoints take the whole.
    /// </summary>
    /// <param name="whole">A model that has the attached one among its modules.</param>
    /// <returns>This, as in <c>QuantizedModel.Attach(gan.Generator, noise, options).PartOf(gan)</c>.</returns>
    /// <remarks>
    /// Names of layers, rules, costs and the summary stay those of the part. Attach to the whole where it can be called, and leave what is
    /// not to be quantized in float by rules; the costs then count all of it.
    /// </remarks>
    /// <exception cref="ArgumentException">The attached model is not among the modules of <paramref name="whole"/>.</exception>
    /// <exception cref="InvalidOperationException">The model is detached, or was said to be a part of a model before.</exception>
    public QuantizedModel PartOf(nn.Module whole)
    {
        ArgumentNullException.ThrowIfNull(whole);
        RequireAttached();
        if (!ReferenceEquals(Whole, Model))
        {
            throw new InvalidOperationException($"The model was said to be a part of {Whole.GetName()} before; say it once.");
        }

        if (!whole.named_modules().Select(m => m.module).Append(whole).Contains(Model, ReferenceEqualityComparer.Instance))
        {
            throw new ArgumentException(
                $"{Model.GetName()} is not among the modules of {whole.GetName()}; name one that it is a part of.", nameof(whole));
        }

        Whole = whole;
        Random = Random.For(whole);
        return this;
    }

    /// <summary>The same of a whole that is called: probes then repeat dropout masks outside the part, too.</summary>
    /// <typeparam name="TPreHook">Follows from the whole.</typeparam>
    /// <typeparam name="TPostHook">Follows from the whole.</typeparam>
    /// <inheritdoc cref="PartOf(nn.Module)"/>
    public QuantizedModel PartOf<TPreHook, TPostHook>(nn.HookableModule<TPreHook, TPostHook> whole)
        where TPreHook : Delegate
        where TPostHook : Delegate
    {
        PartOf((nn.Module)whole);
        if (!ReferenceEquals(whole, Model))
        {
            _removeHooks += RootHooks.On(whole).Register(() => BeforeWhole(whole), () => { });
        }

        return this;
    }

    /// <summary>What the model costs for one sample at the bits in force, in the unit of <see cref="IHardwareCost.Total"/>.</summary>
    /// <param name="cost">Such as <see cref="BitOpsCost"/>.</param>
    public double Cost(IHardwareCost cost)
    {
        Settle();
        return cost.Total(Profiles);
    }

    /// <summary>A table of the layers: shapes, widths, MACs, BitOPs and sizes, and a column for each cost that is asked for.</summary>
    /// <param name="costs">Further costs, such as <c>new EnergyCost(EnergyTable.Horowitz45)</c>.</param>
    public ModelSummary Summary(params IReadOnlyList<IHardwareCost> costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        Settle();
        var layers = LayerBits.InForce(Profiles);
        var activations = _activations is null
            ? ActivationSummary.Unknown(_graphFault!)
            : ActivationSummary.Of(_activations.Value.Peak, layers);
        return new ModelSummary(
            [.. Layers.Select(l => l.Summary()), .. FloatLayers.Select(l => l.Summary())],
            [.. Joins.Select(join => join.Summary())], activations, [.. Warnings],
            [.. costs.Select(cost => CostSummary.Of(cost, layers))]);
    }

    /// <summary>
    /// All parameters that training moves: the model's own, or those of the <see cref="Whole"/>, and the quantizers'. Read them after
    /// moving the model, not before.
    /// </summary>
    public IReadOnlyList<Parameter> Parameters()
    {
        Settle();
        return Whole.parameters().ToList();
    }

    /// <summary>The quantizers' own parameters, such as PACT's α, for a parameter group with a weight decay of its own.</summary>
    public IReadOnlyList<Parameter> QuantizerParameters()
    {
        Settle();
        return Layers.SelectMany(l => l.WeightQuantizer.parameters().Concat(l.ActivationQuantizer.parameters()))
            .Concat(Joins.SelectMany(join => join.Quantizer.parameters()))
            .Distinct<Parameter>(ReferenceEqualityComparer.Instance).ToList();
    }

    /// <summary>The model's own parameters, or those of the <see cref="Whole"/>: all but <see cref="QuantizerParameters"/>.</summary>
    public IReadOnlyList<Parameter> ModelParameters()
    {
        var quantizers = QuantizerParameters().ToHashSet<Parameter>(ReferenceEqualityComparer.Instance);
        return Whole.parameters().Where(p => !quantizers.Contains(p)).ToList();
    }

    /// <summary>
    /// Writes the quantized weights into the model, which computes the same as before: from now on weights are taken as they are, while
    /// inputs are still quantized.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The model is detached or baked already, or a quantized weight is also the weight of a module that stays in float.
    /// </exception>
    public void Bake()
    {
        RequireAttached();
        if (IsBaked)
        {
            throw new InvalidOperationException("The quantized weights are in the model already: Bake() was called before.");
        }

        Baking.Write(this);
        IsBaked = true;
        _state.Threads.Switch();
    }

    /// <summary>
    /// Lets the model compute in float until what is returned is disposed: for a comparison, or for the first steps of a training that is
    /// to be quantized later.
    /// </summary>
    /// <returns>Ends it. Requests may be nested; the model computes in float until all have ended.</returns>
    /// <remarks>
    /// Quantizers are not reached: a range that has not begun begins with the first quantized training batch. A
    /// <see cref="BitWidthOptimizer.Step"/> within it does nothing and does not count. It is no state of the model: a loop that resumes
    /// asks for it again; <see cref="Training.TrainerOptions.QuantizeAfterSteps"/> does so by itself. Weights that are baked stay as they
    /// are.
    /// <code>
    /// using (quantized.InFloat()) { reference = model.call(x); }
    /// </code>
    /// </remarks>
    /// <exception cref="InvalidOperationException">The model is detached.</exception>
    public IDisposable InFloat()
    {
        RequireAttached();
        return new FloatRequest(_state);
    }

    /// <summary>
    /// Takes all hooks and quantizers off: the model is as it was, with the weights it has now. Does nothing when detached already.
    /// </summary>
    public void Detach()
    {
        if (!_isAttached)
        {
            return;
        }

        _isAttached = false;
        _removeHooks();
        EndSharing();
        foreach (var layer in Layers)
        {
            layer.Attached.Detach();
        }

        foreach (var join in Joins)
        {
            join.Attached.Detach();
        }

        Observer?.Clear();
        BackwardGuard.Dispose();
    }

    /// <summary>Detaches and disposes the quantizers.</summary>
    public void Dispose()
    {
        Detach();
        foreach (var layer in Layers)
        {
            layer.Attached.Dispose();
        }

        foreach (var join in Joins)
        {
            join.Attached.Dispose();
        }
    }

    /// <summary>Keeps a warning and tells it.</summary>
    internal void Warn(QuantizationWarning warning)
    {
        _warnings.RemoveAll(w => w.Subject == warning.Subject);
        _warnings.Add(warning);
        Warning?.Invoke(this, warning);
    }

    /// <exception cref="InvalidOperationException">The model is detached.</exception>
    internal void RequireAttached()
    {
        if (!_isAttached)
        {
            throw new InvalidOperationException("The model is detached: attach it again first.");
        }
    }

    /// <summary>Raises what a backward pass has kept, since it must not throw itself.</summary>
    internal void ThrowIfBackwardFailed() => BackwardGuard.ThrowIfFaulted();

    /// <summary>A backward pass is over: disposes the last gradients that it was given, and raises what it has kept.</summary>
    internal void EndBackward()
    {
        BackwardGuard.Release();
        ThrowIfBackwardFailed();
    }

    /// <summary>Ends what a forward that threw left open, and brings quantizers to where their layers are.</summary>
    internal void Settle()
    {
        if (!_isAttached)
        {
            return;
        }

        EndSharing();
        EachQuantizer(q =>
        {
            q.TakeOverLoadedBits();
            q.ReadWidth();
        });
        foreach (var layer in Layers)
        {
            layer.Attached.PutBack();
            layer.Attached.Follow();
        }

        foreach (var join in Joins)
        {
            join.Attached.Follow(Layers[0].Attached.LatentWeight);
        }
    }

    /// <summary>Keeps the ranges that the last forward started: its step is made.</summary>
    internal void KeepStartedRanges() => EachQuantizer(q => q.KeepStart());

    /// <summary>Takes back the ranges that the last forward started, since its step was refused.</summary>
    internal void UndoStartedRanges() => EachQuantizer(q => q.UndoStart());

    /// <summary>Whether a forward is one to learn from: others leave no note, so that any thread may make them.</summary>
    private bool Learns => !IsBaked && Trains;

    /// <summary>Whether a forward is one of training, not of a probe, of this model's or of another's, or of a calibration.</summary>
    private bool Trains => is_grad_enabled() && !Layers[0].WeightQuantizer.IsIsolated;

    /// <summary>Whether a forward is looked at: one that is learned from, or a probe.</summary>
    private bool IsObserved => Learns || _state.Threads.IsAlone;

    private void BeforeForward()
    {
        EndSharing();
        if (_state.IsHeld)
        {
            return;
        }

        ThrowIfBackwardFailed();
        _state.Threads.Begin();
        if (Trains)
        {
            KeepStartedRanges();
            LookAtWeightsOfFirstTraining();
            _state.Ranges.Begin(IsQuantizing && Model.training);
        }

        if (Learns)
        {
            _state.Threads.BeginTraining();
            BackwardGuard.ExpectFromThisThread();
        }

        if (IsObserved)
        {
            Observer?.Begin(Model.training, IsQuantizing, Learns);
        }
    }

    private void BeforeWhole(nn.Module whole)
    {
        if (IsObserved)
        {
            Observer?.BeginWhole(whole.training);
        }
    }

    private void AfterForward()
    {
        EndSharing();
        if (_state.IsHeld)
        {
            return;
        }

        _state.Threads.End();
        if (IsObserved)
        {
            Observer?.End();
        }

        if (Learns)
        {
            _state.Threads.EndTraining();
        }
    }

    private void WarnOfCutInput(SharedInput input, double share)
    {
        var layer = Layers.First(l => ReferenceEquals(l.Input, input)).Name;
        Warn(new QuantizationWarning(layer, FormattableString.Invariant(
            $"The input of layer '{layer}' is negative in {share:P1} of its elements, which its range, begun at zero, sets to zero: it ")
            + "was never negative in the batch that the range started from. Calibrate on data that shows it, or ask for a signed range."));
    }

    private void EachQuantizer(Action<Quantizer> action)
    {
        foreach (var layer in Layers)
        {
            action(layer.WeightQuantizer);
            action(layer.ActivationQuantizer);
        }

        foreach (var join in Joins)
        {
            action(join.Quantizer);
        }
    }

    private (PeakActivationCost Peak, MemoryTrafficCost Traffic) RequireActivations() => _activations ?? throw new CaptureException(
        $"When activations are needed is read off the model's graph, which could not be captured when it was attached. {_graphFault}");

    private void EndSharing()
    {
        foreach (var input in Inputs)
        {
            input.Forget();
        }
    }
}
