using AdaQat.Attaching;
using AdaQat.Checkpoints;
using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>What is trained, known from the one thing that a user gives: the rest hangs on it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Quantized">The handle from attaching; null for a model in float.</param>
/// <param name="Widths">The optimizer of the bit-widths; null for fixed widths.</param>
internal sealed record TrainedModel(nn.Module Model, QuantizedModel? Quantized, BitWidthOptimizer? Widths)
{
    public static TrainedModel Of(BitWidthOptimizer widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        return new(widths.Model.Whole, widths.Model, widths);
    }

    public static TrainedModel Of(QuantizedModel quantized)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        return new(quantized.Whole, quantized, null);
    }

    /// <exception cref="ArgumentException">The model is attached: what it is trained with must be known then.</exception>
    public static TrainedModel Of(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return AttachedLayer.IsInside(model)
            ? throw new ArgumentException(
                "The model is quantized: give its QuantizedModel for fixed bit-widths, or its BitWidthOptimizer for learned ones.",
                nameof(model))
            : new(model, null, null);
    }

    /// <summary>The model as one that takes a tensor and returns one.</summary>
    /// <exception cref="ArgumentException">It takes or returns something else.</exception>
    public nn.Module<Tensor, Tensor> OfOneInput() => Model as nn.Module<Tensor, Tensor> ?? throw new ArgumentException(
        $"{Model.GetName()} takes or returns something else than one tensor: give AdaQatTrainer<TBatch> a step function that calls it.");

    /// <summary>
    /// Refuses an optimizer that trains what checkpoints would not hold, and one that leaves out what the quantizers have to learn.
    /// </summary>
    /// <exception cref="ArgumentException">The optimizer is of other parameters, or was made before the model was attached.</exception>
    public void RequireOptimizersOf(NamedOptimizers weights)
    {
        weights.RequireOnly(Model);
        RequireQuantizersIn(weights);
        RequireOneOwner(weights);
    }

    private void RequireOneOwner(NamedOptimizers weights)
    {
        var twice = weights.All.SelectMany(o => o.parameters()).CountBy(p => p.Handle)
            .Where(p => p.Value > 1).Select(p => p.Key).ToHashSet();
        if (Model.named_parameters().FirstOrDefault(p => twice.Contains(p.parameter.Handle)) is { parameter: not null } parameter)
        {
            throw new ArgumentException($"'{parameter.name}' is moved twice in a step; give it to one optimizer, once.", nameof(weights));
        }
    }

    private void RequireQuantizersIn(NamedOptimizers weights)
    {
        if (Quantized is null)
        {
            return;
        }

        var known = weights.All.Where(OptimizerBytes.WasMadeWithAllOf).SelectMany(o => o.parameters()).Select(p => p.Handle).ToHashSet();
        var learned = Quantized.QuantizerParameters().Where(p => p.requires_grad).Select(p => p.Handle).ToHashSet();
        if (Model.named_parameters().FirstOrDefault(p => learned.Contains(p.parameter.Handle) && !known.Contains(p.parameter.Handle))
            is { parameter: not null } missing)
        {
            throw new ArgumentException(
                $"The optimizer does not move '{missing.name}': make it after attaching, of quantized.Parameters(). (A parameter that is "
                + "to stay as it is has requires_grad false.)", nameof(weights));
        }
    }
}
