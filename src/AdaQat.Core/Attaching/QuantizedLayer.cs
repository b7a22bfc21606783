using AdaQat.Attaching;
using AdaQat.Summaries;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>One layer of a <see cref="QuantizedModel"/>.</summary>
public sealed class QuantizedLayer
{
    internal QuantizedLayer(LayerQuantizers quantizers, string? rule, AttachedLayer attached)
    {
        var (traced, weightQuantizer, input) = (quantizers.Traced, quantizers.Weight, quantizers.Input);
        (Attached, Input, Rule) = (attached, input, rule);
        Kind = traced.Layer.Module.GetType().Name;
        WeightShape = traced.Layer.LatentWeight.shape;
        (WeightQuantizer, ActivationQuantizer) = (weightQuantizer, input.Quantizer);
        Profile = traced.Profile(weightQuantizer.Width, input.Quantizer.Width) with
        {
            Storage = weightQuantizer.Storage(WeightShape),
            OwnsWeight = quantizers.OwnsWeight,
        };
    }

    /// <summary>The layer's name in the model, as <c>named_modules</c> has it.</summary>
    public string Name => Profile.Name;

    /// <summary>The layer's type, such as <c>Conv2d</c>.</summary>
    public string Kind { get; }

    /// <summary>The name of the rule that applies to it, or null where the scheme's own choices hold.</summary>
    public string? Rule { get; }

    /// <summary>The shape of its weight.</summary>
    public IReadOnlyList<long> WeightShape { get; }

    /// <summary>The width of its weight.</summary>
    public BitWidth WeightBits => WeightQuantizer.Width;

    /// <summary>The width of its input.</summary>
    public BitWidth ActivationBits => ActivationQuantizer.Width;

    /// <summary>What a hardware cost needs to know of it.</summary>
    public LayerProfile Profile { get; }

    /// <summary>The quantizer of its weight.</summary>
    public Quantizer WeightQuantizer { get; }

    /// <summary>The quantizer of its input; the same object for layers that read the same tensor.</summary>
    public Quantizer ActivationQuantizer { get; }

    /// <summary>How the gradient of its output is quantized in the backward pass; null where it is not.</summary>
    public GradientOptions? Gradients => Attached.Gradients;

    /// <summary>
    /// Which part of the latent weight the layer computes with: what this returns is quantized in its place. Null, the default, for all of
    /// it. For what tries out narrower layers; the layer's input, bias and groups are the caller's to see to.
    /// </summary>
    /// <remarks>
    /// It is asked at every call, may return the weight itself, and else a new tensor, such as a slice of it, which is disposed here.
    /// Gradients flow back through it. <see cref="QuantizedWeight"/> is of the part, too; costs, summary, graphs, baking and the learning
    /// of bit-widths are of the whole weight: set it to null before these.
    /// </remarks>
    public Func<Tensor, Tensor>? WeightView
    {
        get => Attached.WeightView;
        set => Attached.WeightView = value;
    }

    internal AttachedLayer Attached { get; }

    internal LayerSummary Summary() => LayerSummary.Of(
        Profile, Kind, WeightShape, Rule, WeightQuantizer.Describe(Attached.LatentWeight), ActivationQuantizer.Describe(weight: null));

    internal SharedInput Input { get; }

    /// <summary>The quantized weight at the widths in force: a new tensor without gradient, the caller's to dispose.</summary>
    public Tensor QuantizedWeight()
    {
        using var guard = no_grad();
        return Attached.QuantizeWeight();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Kind}, W{WeightBits.Bits} A{ActivationBits.Bits}";
}
