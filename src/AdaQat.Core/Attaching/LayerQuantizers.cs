using AdaQat.Rules;
using AdaQat.Tracing;

namespace AdaQat.Attaching;

/// <summary>The quantizers of one layer's weight and input, made but not attached yet.</summary>
/// <param name="Traced">The layer.</param>
/// <param name="Weight">Quantizes its weight; the same object for layers that share it.</param>
/// <param name="Input">Quantizes its input; the same object for layers that read the same tensor.</param>
/// <param name="OwnsWeight">Whether it is the first of the layers that share the weight.</param>
/// <param name="OwnsInput">Whether it is the first of the layers that read the input.</param>
internal sealed record LayerQuantizers(TracedLayer Traced, Quantizer Weight, SharedInput Input, bool OwnsWeight, bool OwnsInput)
{
    /// <summary>
    /// Makes those of all layers. Where a scheme of the user's own throws, those made so far are disposed; nothing of the model has
    /// changed.
    /// </summary>
    public static List<LayerQuantizers> Make(WidthPlan plan)
    {
        var inputs = new Dictionary<int, SharedInput>();
        var weights = new Dictionary<TensorMemory, Quantizer>();
        var made = new List<LayerQuantizers>();
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

                made.Add(new LayerQuantizers(traced, weight!, input!, isFirstOwner, isFirstReader));
            }

            foreach (var quantizer in weights.Values.Concat(inputs.Values.Select(i => i.Quantizer)))
            {
                quantizer.RequireDistinctProperties();
                quantizer.RequireInference();
            }

            return made;
        }
        catch
        {
            weights.Values.ToList().ForEach(w => w.Dispose());
            inputs.Values.ToList().ForEach(i => i.Quantizer.Dispose());
            throw;
        }
    }

    /// <summary>Puts them to work.</summary>
    /// <param name="rule">The name of the rule that applies to the layer, or null.</param>
    /// <param name="gradients">How the gradient of its output is quantized, or null.</param>
    /// <param name="state">What the layers of the model have in common.</param>
    public QuantizedLayer Attach(string? rule, GradientOptions? gradients, AttachmentState state) =>
        new(this, rule, new AttachedLayer(this, gradients, state));
}
