using AdaQat.Attaching;
using AdaQat.Costs;
using AdaQat.Probing;
using AdaQat.Reporting;
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
    private readonly IReadOnlyList<QuantizableLayer> _notCalled;
    private readonly Action _removeHooks;
    private bool _isAttached = true;

    private QuantizedModel(
        nn.Module model, IReadOnlyList<QuantizedLayer> layers, List<SharedInput> inputs, IReadOnlyList<QuantizableLayer> notCalled,
        Func<Action, Action, Action> hookRoot)
    {
        (Model, Layers, _inputs, _notCalled) = (model, layers, inputs, notCalled);
        Costs = layers.Select(l => l.Cost).ToList();
        Widths = layers.SelectMany(l => new[] { l.Cost.WeightBits, l.Cost.ActivationBits }).Where(w => w.IsLearned)
            .Distinct<BitWidth>(ReferenceEqualityComparer.Instance).ToList();
        Forwards = new ForwardRecord();
        Sensitivities = new Sensitivities();
        inputs.ForEach(i => i.Sensitivities = Sensitivities);
        foreach (var layer in layers)
        {
            layer.Attached.Sensitivities = Sensitivities;
        }

        _removeHooks = hookRoot(BeforeForward, AfterForward);
    }

    /// <summary>The model, unchanged but for its hooks.</summary>
    public nn.Module Model { get; }

    /// <summary>The quantized layers, in the order in which the model calls them.</summary>
    public IReadOnlyList<QuantizedLayer> Layers { get; }

    /// <summary>What each layer costs, in the same order.</summary>
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
    /// <param name="model">Any model with one tensor in and one out, in any mode, on any device. It runs once, in eval mode without gradient.</param>
    /// <param name="exampleInput">An input as the model takes it, with its batch dimension; one sample of real data is best.</param>
    /// <param name="scheme">Widths and quantizers, such as <c>new QuantizationOptions()</c>.</param>
    /// <returns>The handle to widths, costs and summary. Disposing it detaches.</returns>
    /// <exception cref="ArgumentException">The example input is empty, or an option is outside what is allowed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is attached already, calls no layer that can be quantized, or reaches one through <c>forward</c> instead of <c>call</c>.
    /// </exception>
    public static QuantizedModel Attach(nn.Module<Tensor, Tensor> model, Tensor exampleInput, QuantizationScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(exampleInput);
        ArgumentNullException.ThrowIfNull(scheme);
        scheme.Validate();
        if (exampleInput.numel() == 0)
        {
            throw new ArgumentException(
                $"The example input is empty, of shape [{string.Join(", ", exampleInput.shape)}]; at least one sample is needed.", nameof(exampleInput));
        }

        if (model.named_modules().Select(m => m.module).Append(model).Any(AttachedLayer.IsAttached))
        {
            throw new InvalidOperationException("The model is attached already; detach it first.");
        }

        var trace = ModelTrace.Run(model, () => model.call(exampleInput));
        var plan = new WidthPlan(scheme, trace.Called);
        var inputs = new Dictionary<int, SharedInput>();
        var planned = new List<(TracedLayer Traced, WeightQuantizer Weight, SharedInput Input, bool OwnsInput)>();
        foreach (var traced in trace.Called)
        {
            var isFirstReader = !inputs.TryGetValue(traced.Input, out var input);
            if (isFirstReader)
            {
                var readers = trace.Called.Where(t => t.Input == traced.Input).ToList();
                var quantizer = scheme.CreateActivationQuantizer(
                    traced.Layer.Name, plan.ActivationWidth(traced), readers.Exists(t => t.IsSigned)) ?? throw NoQuantizer(scheme, traced);
                inputs.Add(traced.Input, input = new SharedInput(quantizer, readers.Count));
            }

            var weightQuantizer = scheme.CreateWeightQuantizer(traced.Layer.Name, plan.WeightWidth(traced)) ?? throw NoQuantizer(scheme, traced);
            planned.Add((traced, weightQuantizer, input!, isFirstReader));
        }

        // Nothing of the model changes before every quantizer is there: a scheme of the user's own may throw.
        var layers = planned.ConvertAll(p => new QuantizedLayer(
            p.Traced, p.Weight, p.Input.Quantizer, new AttachedLayer(p.Traced.Layer, p.Weight, p.Input, p.OwnsInput)));
        return new QuantizedModel(model, layers, [.. inputs.Values], trace.NotCalled, (before, after) =>
        {
            var pre = model.register_forward_pre_hook(_ => before());
            var post = model.register_forward_hook(_ => after());
            return () =>
            {
                pre.remove();
                post.remove();
            };
        });
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

    /// <summary>A table of the layers: shapes, widths, MACs, BitOPs and sizes.</summary>
    public ModelSummary Summary()
    {
        Settle();
        var quantized = Layers.Select(l => new LayerSummary(
            l.Name, l.Kind, Shape(l.WeightShape), l.Cost.WeightBits.Bits, l.Cost.ActivationBits.Bits,
            $"{State(l.Cost.WeightBits)}/{State(l.Cost.ActivationBits)}", l.Cost.Macs,
            (double)l.Cost.Macs * l.Cost.WeightBits.Bits * l.Cost.ActivationBits.Bits, l.Cost.WeightCount * l.Cost.WeightBits.Bits / 8.0));
        var left = _notCalled.Select(l => new LayerSummary(
            l.Name, l.Module.GetType().Name, Shape(l.LatentWeight.shape), ModelSummary.FloatBits, ModelSummary.FloatBits,
            "float: not called", 0, 0, l.LatentWeight.numel() * ModelSummary.FloatBits / 8.0));
        return new ModelSummary([.. quantized, .. left]);
    }

    /// <summary>
    /// Writes the quantized weights into the model, which computes the same as before: from now on weights are taken as they are, while
    /// inputs are still quantized.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model is detached or baked already.</exception>
    public void Bake()
    {
        RequireAttached();
        if (IsBaked)
        {
            throw new InvalidOperationException("The quantized weights are in the model already: Bake() was called before.");
        }

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

    private void BeforeForward()
    {
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

    private static InvalidOperationException NoQuantizer(QuantizationScheme scheme, TracedLayer layer) =>
        new($"{scheme.GetType().Name} made no quantizer for layer '{layer.Layer.Name}': it returned null.");

    private static string Shape(IEnumerable<long> shape) => string.Join("x", shape);

    private static string State(BitWidth width) => (width.IsLearned, width.IsFrozen) switch
    {
        (false, _) => "fixed",
        (true, true) => "frozen",
        _ => "learning",
    };
}
