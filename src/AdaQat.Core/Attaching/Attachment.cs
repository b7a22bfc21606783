using AdaQat.Capture;
using AdaQat.Lowering;
using AdaQat.Rules;
using AdaQat.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>
/// How a model becomes a quantized one, step by step: runs on the examples show its layers (<see cref="TracedExamples"/>), rules choose
/// their widths (<see cref="WidthPlan"/>), quantizers are made, and hooks put them to work (<see cref="AttachedLayer"/>).
/// </summary>
internal static class Attachment
{
    /// <param name="model">The model.</param>
    /// <param name="examples">Run it on the examples.</param>
    /// <param name="scheme">Widths, rules and quantizers.</param>
    /// <param name="hooks">Notices where a forward of the whole model begins and ends.</param>
    public static QuantizedModel Make(nn.Module model, IReadOnlyList<ExampleRun> examples, QuantizationScheme scheme, RootHooks hooks)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        scheme.Validate();
        // What is made here is trained later, wherever a user attaches.
        using var lasting = inference_mode(false);
        if (AttachedLayer.IsInside(model))
        {
            throw new InvalidOperationException("The model is attached already; detach it first.");
        }

        var warnings = NonFiniteState.WarningsOf(model).ToList();
        var trace = TracedExamples.Of(model, examples, scheme.TraceTraining);
        using var sketch = GraphSketch.Of(() => Captured(model, examples[0]));
        var plan = new WidthPlan(scheme, trace.Called, trace.Direct, () => JoinGroups.Of(sketch.Graph(ModelGrids.None)));
        if (plan.Quantized.Count == 0)
        {
            throw new InvalidOperationException(
                "The choices of widths leave every layer in float; nothing is quantized. "
                + $"{LayerNames.List(trace.Called.Select(t => t.Layer.Name))}");
        }

        var state = new AttachmentState(model);
        var sums = JoinAttachment.Make(model, scheme, sketch, examples[0]);
        var quantizers = LayerQuantizers.Make(plan);
        var layers = quantizers.ConvertAll(q => q.Attach(plan.RuleFor(q.Traced)?.Name, plan.GradientsOf(q.Traced), state));
        var modules = JoinAttachment.Modules(model);
        var joins = sums.ConvertAll(sum => new QuantizedJoin(new AttachedJoin(
            sum.Join, sum.Quantizer, modules, state, layers[0].Attached.LatentWeight,
            () => layers.Exists(layer => layer.Input.IsObserved))));
        var activations = ActivationSteps.Of(sketch, layers, joins, examples[0].BatchSize);
        var quantized = new QuantizedModel(model, layers, joins, FloatLayers(trace, plan), hooks, state, activations, sketch.Fault);
        warnings.ForEach(quantized.Warn);
        if (layers.Exists(layer => layer.Attached.LatentWeight is { device_type: DeviceType.CPU } weight && weight.dim() > 2)
            && CpuConvolutions.Fault() is { } fault)
        {
            quantized.Warn(new QuantizationWarning("libtorch", fault));
        }

        quantized.LookAtWeights();
        return quantized;
    }

    private static LayerProfile Profile(TracedLayer traced) => traced.Profile(
        BitWidth.Unquantized($"{traced.Layer.Name}.weights"), BitWidth.Unquantized($"{traced.Layer.Name}.activations"));

    private static CapturedModel Captured(nn.Module model, ExampleRun example) => CapturedModel.Of(model, example.Inputs
        ?? throw new CaptureException("The model was attached with forwards of the caller's own, which do not tell what it is given."));

    /// <summary>
    /// Layers that are left as they are: by a rule, because the model did not call them, or because no quantizer reaches their kind.
    /// </summary>
    private static List<FloatLayer> FloatLayers(TracedExamples trace, WidthPlan plan) =>
    [
        .. trace.Called.Where(plan.IsLeftInFloat).Select(t => new FloatLayer(
            t.Layer.Name, t.Layer.Module.GetType().Name, t.Layer.LatentWeight.shape, t.Layer.LatentWeight.numel(),
            Profile(t),
            plan.RuleFor(t)?.Name, "as chosen")),
        .. trace.Direct.Where(d => !d.IsCalledToo).Select(d => new FloatLayer(
            d.Traced.Layer.Name, d.Traced.Layer.Module.GetType().Name, d.Traced.Layer.LatentWeight.shape,
            d.Traced.Layer.LatentWeight.numel(), Profile: null, plan.RuleFor(d.Traced)?.Name, d.Reason)),
        .. trace.NotCalled.Select(l => new FloatLayer(
            l.Name, l.Module.GetType().Name, l.LatentWeight.shape, l.LatentWeight.numel(), Profile: null, Rule: null, "not called")),
        .. trace.LeftInFloat.Select(
            m => new FloatLayer(m.Name, m.Kind, WeightShape: [], m.ParameterCount, Profile: null, Rule: null, m.Reason)),
    ];
}
