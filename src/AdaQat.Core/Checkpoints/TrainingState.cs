using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Checkpoints;

/// <summary>Everything a checkpoint takes in or gives back.</summary>
/// <param name="Model">The model, attached or not.</param>
/// <param name="Weights">The optimizer of its parameters.</param>
/// <param name="Quantized">The handle from attaching, or null.</param>
/// <param name="Widths">The optimizer of its bit-widths, or null.</param>
/// <param name="Progress">Where the run stands.</param>
internal sealed record TrainingState(
    nn.Module Model, optim.Optimizer Weights, QuantizedModel? Quantized, BitWidthOptimizer? Widths, TrainingProgress Progress)
{
    private const string ModelPrefix = "model.";

    /// <summary>Choices of the training loop that must be the same for a resumed run to be the uninterrupted one, by name.</summary>
    public IReadOnlyDictionary<string, string> LoopSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Refuses what cannot be saved or filled.</summary>
    /// <exception cref="ArgumentException">The parts are not of one another, or the position is none.</exception>
    /// <exception cref="InvalidOperationException">The model is detached.</exception>
    /// <exception cref="NotSupportedException">The state of the weights' optimizer cannot be saved.</exception>
    public void Validate()
    {
        Quantized?.RequireAttached();
        if (Widths is not null && !ReferenceEquals(Widths.Model, Quantized))
        {
            throw new ArgumentException("The optimizer of the bit-widths is of another quantized model.", nameof(Widths));
        }

        OptimizerBytes.RequireFormat(Weights);
        Progress.Validate();
    }

    /// <summary>All choices that must be the same on resuming, by name.</summary>
    public IReadOnlyDictionary<string, Setting> Settings()
    {
        var settings = new SortedDictionary<string, Setting>(StringComparer.Ordinal);
        foreach (var (name, text) in LoopSettings)
        {
            settings[name] = new Setting(text, IsDefault: false);
        }

        if (Widths is not null)
        {
            OptionTexts.AddTo(settings, "bit-widths", Widths.Options);
        }

        if (Quantized is not null)
        {
            settings["baked"] = new Setting(OptionTexts.Of(Quantized.IsBaked), IsDefault: !Quantized.IsBaked);
        }

        foreach (var layer in Quantized?.Layers ?? [])
        {
            AddOptions(settings, $"{layer.Name}.weight_quantizer", layer.WeightQuantizer.Options);
            AddOptions(settings, $"{layer.Name}.activation_quantizer", layer.ActivationQuantizer.Options);
        }

        return settings;
    }

    /// <summary>The model's parameters and buffers, those of quantizers among them, by their names in a checkpoint.</summary>
    public IReadOnlyDictionary<string, Tensor> ModelTensors() => ModelTensors(Model);

    /// <inheritdoc cref="ModelTensors()"/>
    public static IReadOnlyDictionary<string, Tensor> ModelTensors(nn.Module model) =>
        model.state_dict().ToDictionary(entry => ModelPrefix + entry.Key, entry => entry.Value);

    public static bool IsOfModel(string name) => name.StartsWith(ModelPrefix, StringComparison.Ordinal);

    private static void AddOptions(SortedDictionary<string, Setting> settings, string prefix, object? options)
    {
        if (options is not null)
        {
            OptionTexts.AddTo(settings, prefix, options);
        }
    }
}
