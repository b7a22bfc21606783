using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantization;

/// <summary>How a quantizer of a model was made: others like it are made the same way.</summary>
/// <param name="Options">The family and its choices.</param>
/// <param name="Request">The layer, and whether for its weight or its input.</param>
internal sealed record QuantizerOrigin(QuantizerOptions Options, QuantizerRequest Request)
{
    /// <summary>A quantizer of the same family for the same layer at another width, in eval mode, in the place of a tensor.</summary>
    /// <param name="model">The model's quantizer: where it has its range, the new one gets it.</param>
    /// <param name="bits">The width.</param>
    /// <param name="like">A tensor of the device and type.</param>
    /// <exception cref="ArgumentException">The family does not have this width.</exception>
    public Quantizer At(Quantizer model, int bits, Tensor like)
    {
        using var lasting = inference_mode(false);
        var made = Options.Create(Request with { Width = BitWidth.Fixed(Request.Width.Name, bits) });
        made.to(like.device, like.dtype);
        made.eval();
        if (model.IsCalibrated)
        {
            TakeState(made, model);
        }

        foreach (var tensor in made.parameters().Concat(made.buffers()))
        {
            tensor.DetachFromDisposeScope();
        }

        return made;
    }

    /// <summary>
    /// All of the state but the width, or none where it is of another form: what belongs to one width starts anew at another.
    /// </summary>
    private static void TakeState(Quantizer made, Quantizer model)
    {
        using var guard = no_grad();
        var (targets, sources) = (State(made), State(model));
        if (targets.Keys.ToHashSet().SetEquals(sources.Keys) && targets.All(t => t.Value.shape.SequenceEqual(sources[t.Key].shape)))
        {
            foreach (var (name, target) in targets)
            {
                target.copy_(sources[name]);
            }
        }
    }

    private static Dictionary<string, Tensor> State(Quantizer quantizer) =>
        quantizer.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(quantizer.named_buffers())
            .Where(t => t.Item1 != Quantizer.BitsName).ToDictionary(t => t.Item1, t => t.Item2);
}
