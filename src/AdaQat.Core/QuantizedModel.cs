using AdaQat.Attaching;
using AdaQat.Calibration;
using AdaQat.Costs;
using AdaQat.Policies;
using AdaQat.Probing;
using AdaQat.Quantization;
using AdaQat.Reporting;
using AdaQat.Training;
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
/// Not safe for use from several threads at once, as TorchSharp's modules are not.
/// </remarks>
public sealed class QuantizedModel : IDisposable
{
    private readonly List<SharedInput> _inputs;
    private readonly IReadOnlyList<FloatLayer> _left;
    private readonly Action _removeHooks;
    private readonly BackwardGuard _guard = new();
    private bool _isAttached = true;

    private QuantizedModel(
        nn.Module model, IReadOnlyList<QuantizedLayer> layers, List<SharedInput> inputs, IReadOnlyList<FloatLayer> left,
        RootHooks hooks)
    {
        (Model, Layers, _inputs, _left) = (model, layers, inputs, left);
        Costs = [.. layers.Select(l => l.Cost), .. left.Select(l => l.Cost).OfType<LayerCost>()];
        Widths = layers.SelectMany(l => new[] { l.Cost.WeightBits, l.Cost.ActivationBits }).Where(w => w.IsLearned)
            .Distinct<BitWidth>(ReferenceEqualityComparer.Instance).ToList();
        Forwards = new ForwardRecord();
        Sensitivities = new Sensitivities(_guard);
        inputs.ForEach(i => i.Sensitivities = Sensitivities);
        foreach (var layer in layers)
        {
            layer.Attached.Sensitivities = Sensitivities;
            layer.WeightQuantizer.BackwardGuard = layer.ActivationQuantizer.BackwardGuard = _guard;
        }

        _removeHooks = hooks.Register(BeforeForward, AfterForward);
    }

    /// <summary>What was noticed when the model was attached, such as a parameter that holds NaN; <see cref="Summary"/> ends with it.</summary>
    public IReadOnlyList<QuantizationWarning> Warnings { get; private init; } = [];

    /// <summary>The model, unchanged but for its hooks.</summary>
    public nn.Module Model { get; }

    /// <summary>The quantized layers, in the order in which the model calls them.</summary>
    public IReadOnlyList<QuantizedLayer> Layers { get; }

    /// <summary>What each layer costs, in the same order; behind them those that the model calls and a rule leaves in float, at 32 bits.</summary>
    public IReadOnlyList<LayerCost> Costs { get; }

    /// <summary>The learned widths, each once: weights before activations, in the order of the layers.</summary>
    public IReadOnlyList<BitWidth> Widths { get; }

    /// <summary>Whether <see cref="Bake"/> has written the quantized weights into the model.</summary>
    public bool IsBaked { get; private set; }

    /// <summary>The random states at which training forwards began, for probes to repeat.</summary>
    internal ForwardRecord Forwards { get; }

    /// <summary>What the backward pass shows of each width, in steps that estimate.</summary>
    internal Sensitivities Sensitivities { get; }

    /// <summary>Quantizes the layers that <paramref name="model"/> calls on <paramref name="exampleInput"/>.</summary>
    /// <typeparam name="T">What the model takes: a tensor, or a tuple, list or dictionary of tensors.</typeparam>
    /// <typeparam name="TResult">What it returns: anything.</typeparam>
    /// <param name="model">Any model, in any mode, on any device. It runs a few times, in eval mode without gradient.</param>
    /// <param name="exampleInput">An input as the model takes it, with its batch dimension; one sample of real data is best.</param>
    /// <param name="scheme">Widths, rules and quantizers, such as <c>new QuantizationOptions()</c>.</param>
    /// <returns>The handle to widths, costs and summary. Disposing it detaches.</returns>
    /// <exception cref="ArgumentException">The example input is empty, an option is outside what is allowed, or a rule matches no layer.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is attached already, calls no layer that can be quantized, or reaches one through <c>forward</c> instead of <c>call</c>.
    /// </exception>
    public static QuantizedModel Attach<T, TResult>(nn.Module<T, TResult> model, T exampleInput, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireExample(exampleInput, nameof(exampleInput));
        return Attach(model, () => model.call(exampleInput), BatchSize(exampleInput), scheme, RootHooks.On(model));
    }

    /// <summary>Quantizes the layers that a model of two inputs calls on the examples; see <see cref="Attach{T, TResult}"/>.</summary>
    /// <typeparam name="T1">What the model takes first.</typeparam>
    /// <typeparam name="T2">What it takes second.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="model">Any model of two inputs.</param>
    /// <param name="first">The first input, with its batch dimension.</param>
    /// <param name="second">The second input.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <inheritdoc cref="Attach{T, TResult}"/>
    public static QuantizedModel Attach<T1, T2, TResult>(nn.Module<T1, T2, TResult> model, T1 first, T2 second, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireExample(first, nameof(first));
        RequireExample(second, nameof(second));
        return Attach(model, () => model.call(first, second), BatchSize(first), scheme, RootHooks.On(model));
    }

    /// <summary>Quantizes the layers that a model of three inputs calls on the examples; see <see cref="Attach{T, TResult}"/>.</summary>
    /// <typeparam name="T1">What the model takes first.</typeparam>
    /// <typeparam name="T2">What it takes second.</typeparam>
    /// <typeparam name="T3">What it takes third.</typeparam>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="model">Any model of three inputs.</param>
    /// <param name="first">The first input, with its batch dimension.</param>
    /// <param name="second">The second input.</param>
    /// <param name="third">The third input.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <inheritdoc cref="Attach{T, TResult}"/>
    public static QuantizedModel Attach<T1, T2, T3, TResult>(
        nn.Module<T1, T2, T3, TResult> model, T1 first, T2 second, T3 third, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        RequireExample(first, nameof(first));
        RequireExample(second, nameof(second));
        RequireExample(third, nameof(third));
        return Attach(model, () => model.call(first, second, third), BatchSize(first), scheme, RootHooks.On(model));
    }

    /// <summary>All parameters that training moves: the model's own and the quantizers'. Read them after moving the model, not before.</summary>
    public IReadOnlyList<Parameter> Parameters()
    {
        Settle();
        return Model.parameters().ToList();
    }

    /// <summary>The quantizers' own parameters, such as PACT's α, for a parameter group with a weight decay of its own.</summary>
    public IReadOnlyList<Parameter> QuantizerParameters()
    {
        Settle();
        return Layers.SelectMany(l => l.WeightQuantizer.parameters().Concat(l.ActivationQuantizer.parameters()))
            .Distinct<Parameter>(ReferenceEqualityComparer.Instance).ToList();
    }

    /// <summary>The model's own parameters: all but <see cref="QuantizerParameters"/>.</summary>
    public IReadOnlyList<Parameter> ModelParameters()
    {
        var quantizers = QuantizerParameters().ToHashSet<Parameter>(ReferenceEqualityComparer.Instance);
        return Model.parameters().Where(p => !quantizers.Contains(p)).ToList();
    }

    /// <summary>Starts the range of every activation quantizer from several batches, before a trained network is measured or trained further.</summary>
    /// <param name="batches">
    /// Inputs of the model on its device, as it is trained on. They stay the caller's; those made while they are enumerated are disposed at the end.
    /// </param>
    /// <remarks>
    /// <para>
    /// The model runs in float, in eval mode without gradient, and quantizers only look on, so that no range depends on one before it. Then
    /// <see cref="ActivationQuantizer.Calibrate"/> of each gets a batch of its input put together from all of these, of two million
    /// elements at most: samples evenly spread. Quantizers that have had their data before get it anew; one whose layer none of the batches reaches
    /// is left as it was. Without this call a quantizer starts from the first training batch that reaches it.
    /// </para>
    /// <para>Only quantizers change: weights, all other buffers, gradients, modes and the random state are afterwards as before.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">There are no batches.</exception>
    /// <exception cref="InvalidOperationException">The model is detached, or takes something else than one tensor.</exception>
    public void Calibrate(IEnumerable<Tensor> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var model = OfOneInput();
        Calibrate(() => FirstBatches.Run(model, batches));
    }

    /// <summary>Starts the ranges from the first <paramref name="batches"/> batches of epoch 0 of <paramref name="source"/>.</summary>
    /// <param name="source">What the model is trained on.</param>
    /// <param name="batches">1 to the number of batches of an epoch.</param>
    /// <inheritdoc cref="Calibrate(IEnumerable{Tensor})" path="/remarks"/>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batches"/> is outside what is allowed.</exception>
    /// <exception cref="InvalidOperationException">The model is detached, or takes something else than one tensor.</exception>
    public void Calibrate(IBatchSource source, int batches)
    {
        FirstBatches.RequireCount(source, batches, nameof(batches));
        var model = OfOneInput();
        Calibrate(() => FirstBatches.Run(model, source, batches));
    }

    /// <summary>Starts the ranges from the forwards that <paramref name="forwards"/> makes, for models with several inputs.</summary>
    /// <param name="forwards">Calls the model once for each batch.</param>
    /// <inheritdoc cref="Calibrate(IEnumerable{Tensor})" path="/remarks"/>
    /// <exception cref="ArgumentException">No forward reached a quantized layer.</exception>
    /// <exception cref="InvalidOperationException">The model is detached.</exception>
    public void Calibrate(Action forwards)
    {
        ArgumentNullException.ThrowIfNull(forwards);
        RequireAttached();
        Settle();
        RangeCalibration.Run(Model, _inputs, forwards);
    }

    /// <summary>A table of the layers: shapes, widths, MACs, BitOPs and sizes.</summary>
    public ModelSummary Summary()
    {
        Settle();
        var quantized = Layers.Select(l => new LayerSummary(
            l.Name, l.Kind, Shape(l.WeightShape), l.Cost.WeightBits.Bits, l.Cost.ActivationBits.Bits,
            $"{State(l.Cost.WeightBits)}/{State(l.Cost.ActivationBits)}", l.Rule, l.Cost.Macs,
            (double)l.Cost.Macs * l.Cost.WeightBits.Bits * l.Cost.ActivationBits.Bits, l.Cost.WeightCount * l.Cost.WeightBits.Bits / 8.0));
        var left = _left.Select(l => new LayerSummary(
            l.Name, l.Kind, Shape(l.WeightShape), ModelSummary.FloatBits, ModelSummary.FloatBits, $"float: {l.Reason}", l.Rule, l.Cost?.Macs ?? 0,
            (double)(l.Cost?.Macs ?? 0) * ModelSummary.FloatBits * ModelSummary.FloatBits, l.ParameterCount * ModelSummary.FloatBits / 8.0));
        return new ModelSummary([.. quantized, .. left], Warnings);
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

        RefuseWeightsInFloat();
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        // All are computed first: two layers may share a weight, which must not be quantized twice.
        var quantized = Layers.Select(l => l.QuantizedWeight()).ToList();
        foreach (var (layer, weight) in Layers.Zip(quantized))
        {
            layer.Attached.WriteWeight(weight);
        }

        IsBaked = true;
    }

    /// <summary>Takes all hooks and quantizers off: the model is as it was, with the weights it has now. Does nothing when detached already.</summary>
    public void Detach()
    {
        if (!_isAttached)
        {
            return;
        }

        _isAttached = false;
        _removeHooks();
        _inputs.ForEach(i => i.Forget());
        foreach (var layer in Layers)
        {
            layer.Attached.Detach();
        }

        Forwards.Clear();
        Sensitivities.Clear();
        foreach (var layer in Layers)
        {
            layer.WeightQuantizer.LeaveModel();
            layer.ActivationQuantizer.LeaveModel();
        }

        _guard.Dispose();
    }

    /// <summary>Detaches and disposes the quantizers.</summary>
    public void Dispose()
    {
        Detach();
        foreach (var layer in Layers)
        {
            layer.Attached.Dispose();
        }
    }

    internal void RequireAttached()
    {
        if (!_isAttached)
        {
            throw new InvalidOperationException("The model is detached: attach it again first.");
        }
    }

    /// <summary>Raises what a backward pass has kept, since it must not throw itself.</summary>
    internal void ThrowIfBackwardFailed() => _guard.ThrowIfFaulted();

    private nn.Module<Tensor, Tensor> OfOneInput() => Model as nn.Module<Tensor, Tensor> ?? throw new InvalidOperationException(
        $"{Model.GetName()} takes something else than one tensor: give Calibrate an action that calls it once for each batch.");

    /// <summary>Ends what a forward that threw left open, and brings quantizers to where their layers are.</summary>
    private void Settle()
    {
        if (!_isAttached)
        {
            return;
        }

        _inputs.ForEach(i => i.Forget());
        foreach (var layer in Layers)
        {
            layer.Attached.PutBack();
            layer.Attached.Follow();
        }
    }

    private static QuantizedModel Attach(nn.Module model, Action run, long? batchSize, QuantizationScheme scheme, RootHooks hooks)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        scheme.Validate();
        if (model.named_modules().Select(m => m.module).Append(model).Any(AttachedLayer.IsAttached))
        {
            throw new InvalidOperationException("The model is attached already; detach it first.");
        }

        var warnings = NonFiniteState.WarningsOf(model).ToList();
        var trace = ModelTrace.Run(model, run, batchSize);
        var plan = new WidthPlan(scheme, trace.Called);
        if (plan.Quantized.Count == 0)
        {
            throw new InvalidOperationException(
                $"The choices of widths leave every layer in float; nothing is quantized. {LayerNames.List(trace.Called.Select(t => t.Layer.Name))}");
        }

        var inputs = new Dictionary<int, SharedInput>();
        var weights = new Dictionary<TensorMemory, WeightQuantizer>();
        var planned = new List<(TracedLayer Traced, WeightQuantizer Weight, SharedInput Input, bool OwnsWeight, bool OwnsInput)>();
        try
        {
            foreach (var traced in plan.Quantized)
            {
                var isFirstReader = !inputs.TryGetValue(traced.Input, out var input);
                if (isFirstReader)
                {
                    var readers = plan.Quantized.Count(t => t.Input == traced.Input);
                    inputs.Add(traced.Input, input = new SharedInput(plan.CreateActivationQuantizer(traced), readers));
                }

                var isFirstOwner = !weights.TryGetValue(traced.Layer.WeightMemory, out var weight);
                if (isFirstOwner)
                {
                    weights.Add(traced.Layer.WeightMemory, weight = plan.CreateWeightQuantizer(traced));
                }

                planned.Add((traced, weight!, input!, isFirstOwner, isFirstReader));
            }

            foreach (var quantizer in weights.Values.Concat<Quantizer>(inputs.Values.Select(i => i.Quantizer)))
            {
                quantizer.RequireDistinctProperties();
            }
        }
        catch
        {
            // A scheme of the user's own may throw; nothing of the model has changed yet.
            weights.Values.ToList().ForEach(w => w.Dispose());
            inputs.Values.ToList().ForEach(i => i.Quantizer.Dispose());
            throw;
        }

        var layers = planned.ConvertAll(p => new QuantizedLayer(
            p.Traced, plan.RuleFor(p.Traced)?.Name, p.Weight, p.Input.Quantizer, new AttachedLayer(p.Traced.Layer, p.Weight, p.Input, p.OwnsWeight, p.OwnsInput)));
        return new QuantizedModel(model, layers, [.. inputs.Values], FloatLayers(trace, plan), hooks) { Warnings = warnings };
    }

    /// <summary>Layers that are left as they are: by a rule, because the model did not call them, or because no quantizer reaches their kind.</summary>
    private static List<FloatLayer> FloatLayers(ModelTrace trace, WidthPlan plan) =>
    [
        .. trace.Called.Where(plan.IsLeftInFloat).Select(t => new FloatLayer(
            t.Layer.Name, t.Layer.Module.GetType().Name, t.Layer.LatentWeight.shape, t.Layer.LatentWeight.numel(),
            new LayerCost(
                t.Layer.Name, t.Macs, t.Layer.LatentWeight.numel(), t.ActivationCount,
                BitWidth.Unquantized($"{t.Layer.Name}.weights"), BitWidth.Unquantized($"{t.Layer.Name}.activations")),
            plan.RuleFor(t)?.Name, "as chosen")),
        .. trace.NotCalled.Select(l => new FloatLayer(
            l.Name, l.Module.GetType().Name, l.LatentWeight.shape, l.LatentWeight.numel(), Cost: null, Rule: null, "not called")),
        .. trace.LeftInFloat.Select(m => new FloatLayer(m.Name, m.Kind, WeightShape: [], m.ParameterCount, Cost: null, Rule: null, m.Reason)),
    ];

    /// <summary>The first dimension of an example that is one tensor, as it is of every batch.</summary>
    private static long? BatchSize(object? example) => example is Tensor { ndim: > 0 } tensor ? tensor.shape[0] : null;

    private static void RequireExample(object? example, string parameter)
    {
        ArgumentNullException.ThrowIfNull(example, parameter);
        if (example is Tensor tensor && tensor.numel() == 0)
        {
            throw new ArgumentException(
                $"The example input is empty, of shape [{string.Join(", ", tensor.shape)}]; at least one sample is needed.", parameter);
        }
    }

    /// <summary>A weight tied to an embedding's, say, cannot be both: quantized in one module and latent in the other.</summary>
    private void RefuseWeightsInFloat()
    {
        var quantized = Layers.Where(l => !l.Cost.WeightBits.IsUnquantized).Select(l => (Layer: l, Memory: l.Attached.WeightMemory)).ToList();
        foreach (var (name, module) in Model.named_modules().Prepend((name: Model.GetName(), module: Model)))
        {
            foreach (var memory in module.named_parameters(recurse: false).Select(p => TensorMemory.Of(p.parameter)))
            {
                // Layers that share a weight as a whole share its quantizer; another view of the same memory would see it change.
                var isOwn = quantized.Exists(q => ReferenceEquals(q.Layer.Attached.Module, module));
                if (quantized.Find(q => q.Memory.Overlaps(memory) && !(isOwn && q.Memory == memory)) is { Layer: { } layer })
                {
                    throw new InvalidOperationException(
                        $"Layer '{layer.Name}' shares its weight with '{name}', which stays in float; baking would quantize it there too. "
                        + "Give one of them a weight of its own before Bake(), or leave the layer in float.");
                }
            }
        }
    }

    private void BeforeForward()
    {
        ThrowIfBackwardFailed();
        _inputs.ForEach(i => i.Forget());
        var isTraining = Model.training && is_grad_enabled();
        Forwards.Begin(isTraining);
        Sensitivities.Begin(isTraining);
    }

    private void AfterForward()
    {
        Sensitivities.End();
        _inputs.ForEach(i => i.Forget());
    }

    private static string Shape(IEnumerable<long> shape) => string.Join("x", shape);

    private static string State(BitWidth width) => (width.IsLearned, width.IsFrozen) switch
    {
        _ when width.IsUnquantized => "float",
        (false, _) => "fixed",
        (true, true) => "frozen",
        _ => "learning",
    };
}
