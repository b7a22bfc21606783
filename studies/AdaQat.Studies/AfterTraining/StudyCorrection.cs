using static TorchSharp.torch;

namespace AdaQat.Studies.AfterTraining;

/// <summary>What is done to a network besides choosing ranges, by the names that the table has.</summary>
public static class StudyCorrection
{
    public const string None = "none";

    private static readonly Dictionary<string, Action<QuantizedModel, nn.Module<Tensor, Tensor>, StudyData>> Makers = new()
    {
        [None] = (quantized, _, data) => data.Calibrate(quantized),
        ["equalisation"] = (quantized, _, data) =>
        {
            CrossLayerEqualization.Apply(quantized, data.Example).Keep();
            data.Calibrate(quantized);
        },
        ["statistics"] = (quantized, model, data) =>
        {
            data.Calibrate(quantized);
            BatchNormStatistics.Reestimate(model, data.Batches);
        },
        ["all-fast"] = (quantized, _, data) => data.Quantize(quantized, PostTrainingEffort.Fast),
        ["all-thorough"] = (quantized, _, data) => data.Quantize(quantized, PostTrainingEffort.Thorough),
    };

    public static IReadOnlyCollection<string> Names => Makers.Keys;

    /// <summary>Quantizes a model so.</summary>
    internal static void Apply(string name, QuantizedModel quantized, nn.Module<Tensor, Tensor> model, StudyData data) =>
        Makers[name](quantized, model, data);
}
