namespace AdaQat.Studies.AfterTraining;

/// <summary>What is done to a network besides choosing ranges, by the names that the table has.</summary>
public static class StudyCorrection
{
    public const string None = "none";

    private static readonly Dictionary<string, Action<QuantizedModel, StudyData>> Makers = new()
    {
        [None] = (quantized, data) => data.Calibrate(quantized),
        ["equalisation"] = (quantized, data) =>
        {
            CrossLayerEqualization.Apply(quantized, data.Example).Keep();
            data.Calibrate(quantized);
        },
        ["bias"] = (quantized, data) =>
        {
            data.Calibrate(quantized);
            BiasCorrection.Apply(quantized, data.Batches).Keep();
        },
        ["rounding"] = (quantized, data) =>
        {
            data.Calibrate(quantized);
            LearnedRounding.Apply(quantized, data.Batches).Keep();
        },
        ["statistics"] = (quantized, data) =>
        {
            data.Calibrate(quantized);
            BatchNormReestimation.Apply(quantized, data.Batches).Keep();
        },
        ["all-fast"] = (quantized, data) => data.Quantize(quantized, PostTrainingEffort.Fast),
        ["all-thorough"] = (quantized, data) => data.Quantize(quantized, PostTrainingEffort.Thorough),
    };

    public static IReadOnlyCollection<string> Names => Makers.Keys;

    /// <summary>Quantizes a model so.</summary>
    internal static void Apply(string name, QuantizedModel quantized, StudyData data) => Makers[name](quantized, data);
}
