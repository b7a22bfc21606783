using AdaQat.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>Writes quantized weights into a model.</summary>
internal static class Baking
{
    /// <exception cref="InvalidOperationException">
    /// A quantized weight is also the weight of a module that stays in float; nothing has changed.
    /// </exception>
    public static void Write(QuantizedModel model)
    {
        RefuseWeightsInFloat(model);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        // All are computed first: two layers may share a weight, which must not be quantized twice.
        var quantized = model.Layers.Select(l => (Layer: l, Weight: l.QuantizedWeight(), Grid: GridOf(l))).ToList();
        foreach (var (layer, weight, grid) in quantized)
        {
            layer.Attached.WriteWeight(weight, grid);
        }
    }

    /// <summary>The grid of a quantized weight; null where the quantizer says none, without which baking does as well.</summary>
    private static QuantizationGrid? GridOf(QuantizedLayer layer)
    {
        try
        {
            return layer.Attached.EncodeWeight()?.Grid;
        }
        catch (Exception)
        {
            // A quantizer of a user's own need not have codes before somebody asks for them, as a graph does.
            return null;
        }
    }

    /// <summary>A weight tied to an embedding's, say, cannot be both: quantized in one module and latent in the other.</summary>
    private static void RefuseWeightsInFloat(QuantizedModel model)
    {
        var quantized = model.Layers.Where(l => !l.WeightBits.IsUnquantized).Select(l => (Layer: l, Memory: l.Attached.WeightMemory))
            .ToList();
        foreach (var (name, module) in model.Model.named_modules().Prepend((name: model.Model.GetName(), module: model.Model)))
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
}
