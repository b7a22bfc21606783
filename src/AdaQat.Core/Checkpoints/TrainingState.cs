using AdaQat.Attaching;
using AdaQat.Isolation;
using AdaQat.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Checkpoints;

/// <summary>Everything a checkpoint takes in or gives back.</summary>
/// <param name="Model">The model, attached or not.</param>
/// <param name="Weights">The optimizers of its parameters.</param>
/// <param name="Quantized">The handle from attaching, or null.</param>
/// <param name="Widths">The optimizer of its bit-widths, or null.</param>
/// <param name="Progress">Where the run stands.</param>
internal sealed record TrainingState(
    nn.Module Model, NamedOptimizers Weights, QuantizedModel? Quantized, BitWidthOptimizer? Widths, TrainingProgress Progress)
{
    private const string ModelPrefix = "model.";

    /// <summary>Choices of the training loop that must be the same for a resumed run to be the uninterrupted one, by name.</summary>
    public IReadOnlyDictionary<string, string> LoopSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>The generators that the run draws from.</summary>
    public ModelRandom Random { get; init; } = Quantized?.Random ?? ModelRandom.Of(Model);

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

        RequireOneAttachment();
        Weights.RequireFormat();
        Weights.RequireOnly(Model);
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
            if (layer.Gradients is { } gradients)
            {
                settings[$"{layer.Name}.gradients"] = new Setting(OptionTexts.Of(gradients), IsDefault: false);
            }
        }

        foreach (var join in Quantized?.Joins ?? [])
        {
            AddOptions(settings, join.Attached.QuantizerName, join.Quantizer.Options);
        }

        return settings;
    }

    /// <summary>The model's parameters and buffers, those of quantizers among them, by their names in a checkpoint.</summary>
    public IReadOnlyDictionary<string, Tensor> ModelTensors() => ModelTensors(Model);

    /// <inheritdoc cref="ModelTensors()"/>
    /// <param name="model">The model.</param>
    /// <param name="part">Its name in the model that was saved; null where it is that.</param>
    public static IReadOnlyDictionary<string, Tensor> ModelTensors(nn.Module model, string? part = null) =>
        model.state_dict().ToDictionary(entry => NameOf(entry.Key, part), entry => entry.Value);

    public static bool IsOfPart(string name, string part) => name.StartsWith(PrefixOf(part), StringComparison.Ordinal);

    /// <summary>The name in a checkpoint of what the state of the model, or of a part of it, has under <paramref name="name"/>.</summary>
    public static string NameOf(string name, string? part = null) => PrefixOf(part) + name;

    public static bool IsOfModel(string name) => name.StartsWith(ModelPrefix, StringComparison.Ordinal);

    private static string PrefixOf(string? part) => part is null ? ModelPrefix : $"{ModelPrefix}{part}.";

    /// <summary>A second attached part of the model would lose its counters without a word.</summary>
    private void RequireOneAttachment()
    {
        var mine = (Quantized?.Layers ?? []).Select(l => l.Attached.Module).ToHashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        var other = Quantized is null ? default : Model.named_modules().FirstOrDefault(m => IsOther(m.module));
        if (other.module is not null)
        {
            throw new ArgumentException(
                $"Layer '{other.name}' is attached apart from the quantized model given, and a checkpoint holds one: attach the model as a "
                + "whole, or keep each part's checkpoint by itself.", nameof(Quantized));
        }

        bool IsOther(nn.Module module) => AttachedLayer.IsAttached(module) && !mine.Contains(module);
    }

    private static void AddOptions(SortedDictionary<string, Setting> settings, string prefix, object? options)
    {
        if (options is not null)
        {
            OptionTexts.AddTo(settings, prefix, options);
        }
    }
}
