using static TorchSharp.torch;

namespace AdaQat.Studies.AfterTraining;

/// <summary>Images without labels, and who chooses ranges from them.</summary>
/// <param name="Batches">The images.</param>
/// <param name="Observer">Chooses the ranges of inputs and of weights.</param>
internal sealed record StudyData(IReadOnlyList<Tensor> Batches, ObserverOptions Observer)
{
    public Tensor Example => Batches[0];

    public void Calibrate(QuantizedModel quantized) =>
        quantized.Calibrate(Batches, new CalibrationOptions { Observer = Observer, WeightObserver = Observer });

    public void Quantize(QuantizedModel quantized, PostTrainingEffort effort)
    {
        var options = new PostTrainingOptions { Effort = effort, Observer = Observer, WeightObserver = Observer };
        using var result = PostTraining.Quantize(quantized, Batches, options);
        Console.WriteLine(result.Report);
    }
}
