using AdaQat.Attaching;
using AdaQat.Costs;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>One layer of a <see cref="QuantizedModel"/>.</summary>
public sealed class QuantizedLayer
{
    internal QuantizedLayer(
        TracedLayer traced, string? rule, WeightQuantizer weightQuantizer, ActivationQuantizer activationQuantizer, AttachedLayer attached)
    {
        Attached = attached;
        Rule = rule;
        Kind = traced.Layer.Module.GetType().Name;
        WeightShape = traced.Layer.LatentWeight.shape;
        WeightQuantizer = weightQuantizer;
        ActivationQuantizer = activationQuantizer;
        Cost = new LayerCost(
            traced.Layer.Name,
            traced.Macs,
            traced.Layer.LatentWeight.numel(),
            traced.ActivationCount,
            weightQuantizer.Width,
            activationQuantizer.Width);
    }

    /// <summary>The layer's name in the model, as <c>named_modules</c> has it.</summary>
    public string Name => Cost.Name;

    /// <summary>The layer's type, such as <c>Conv2d</c>.</summary>
    public string Kind { get; }

    /// <summary>The name of the rule that applies to it, or null where the scheme's own choices hold.</summary>
    public string? Rule { get; }

    /// <summary>The shape of its weight.</summary>
    public IReadOnlyList<long> WeightShape { get; }

    /// <summary>What the layer costs and at which widths.</summary>
    public LayerCost Cost { get; }

    /// <summary>The quantizer of its weight.</summary>
    public WeightQuantizer WeightQuantizer { get; }

    /// <summary>The quantizer of its input; the same object for layers that read the same tensor.</summary>
    public ActivationQuantizer ActivationQuantizer { get; }

    internal AttachedLayer Attached { get; }

    /// <summary>The quantized weight at the widths in force: a new tensor without gradient, the caller's to dispose.</summary>
    public Tensor QuantizedWeight()
    {
        using var guard = no_grad();
        return Attached.QuantizeWeight();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Kind}, W{Cost.WeightBits.Bits} A{Cost.ActivationBits.Bits}";
}
