using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Checkpoints;

/// <summary>Everything a checkpoint takes in or gives back.</summary>
/// <param name="Model">The model, attached or not.</param>
/// <param name="Weights">The optimizer of its parameters.</param>
/// <param name="Widths">The optimizer of its bit-widths, or null.</param>
/// <param name="Quantized">The handle from attaching, or null.</param>
/// <param name="Progress">Where the run stands.</param>
/// <param name="Settings">Choices that must be the same for a resumed run to be the uninterrupted one, by name.</param>
internal sealed record TrainingState(
    nn.Module Model, optim.Optimizer Weights, BitWidthOptimizer? Widths, QuantizedModel? Quantized, TrainingProgress Progress,
    IReadOnlyDictionary<string, string> Settings)
{
    private const string ModelPrefix = "model.";

    /// <summary>The model's parameters and buffers, those of quantizers among them, by their names in a checkpoint.</summary>
    public IReadOnlyDictionary<string, Tensor> ModelTensors() => ModelTensors(Model);

    /// <inheritdoc cref="ModelTensors()"/>
    public static IReadOnlyDictionary<string, Tensor> ModelTensors(nn.Module model) =>
        model.state_dict().ToDictionary(entry => ModelPrefix + entry.Key, entry => entry.Value);

    public static bool IsOfModel(string name) => name.StartsWith(ModelPrefix, StringComparison.Ordinal);
}
