using ResNet20Cifar.CommandLine;

namespace ResNet20Cifar.Output;

/// <summary>The outcome of a run, as <c>run.json</c> holds it.</summary>
/// <param name="TestAccuracy">The share of the test images classified right at the end.</param>
/// <param name="WeightBits">n_w at the end, the mean where layers differ; 32 without quantization.</param>
/// <param name="ActivationBits">n_a at the end, likewise.</param>
/// <param name="WeightFrozenAtStep">The step after which no weight width moved any more; null where one still does.</param>
/// <param name="ActivationFrozenAtStep">The step after which no activation width moved any more; null where one still does.</param>
/// <param name="BitOps">Σ MAC · n_w · n_a for one image.</param>
/// <param name="Lambda">λ at the end: the option's, or where it was steered to; null where no width is learned.</param>
/// <param name="TargetBitOps">The bit operations that the run had to end at or under; null without such a target.</param>
/// <param name="WeightCompression">Bytes of the float32 weights over those of the quantized ones.</param>
/// <param name="Steps">Training steps done, over all resumptions.</param>
/// <param name="Seconds">Wall-clock time of training and evaluation, this start of the process only.</param>
/// <param name="Dataset">What it trained on.</param>
/// <param name="TrainImages">How many of them.</param>
/// <param name="TestImages">How many measured it.</param>
/// <param name="TorchVersion">Libtorch's.</param>
/// <param name="Threads">CPU threads.</param>
/// <param name="Layers">Every layer's bits, in the order in which they run; empty without quantization.</param>
/// <param name="Options">What was asked for.</param>
public sealed record RunRecord(
    double TestAccuracy, double WeightBits, double ActivationBits, long? WeightFrozenAtStep, long? ActivationFrozenAtStep, double BitOps,
    double? Lambda, double? TargetBitOps, double WeightCompression, long Steps, double Seconds, string Dataset, int TrainImages,
    int TestImages, string TorchVersion, int Threads, IReadOnlyList<LayerRecord> Layers, RunOptions Options);
