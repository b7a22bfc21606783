namespace AdaQat;

/// <summary>What the network loses with one weight, or one layer's input, quantized and everything else in float.</summary>
/// <param name="Layer">The layer's name; of several that share a weight or an input, the first.</param>
/// <param name="Target">Its weight, or its input.</param>
/// <param name="Bits">The width that it was quantized at.</param>
/// <param name="Loss">The mean loss of a sample.</param>
/// <param name="LossChange">By how much that is more than in float.</param>
/// <param name="Accuracy">The share of the samples that is right, 0 to 1; null where that is not counted.</param>
/// <param name="AccuracyChange">By how much that is more than in float; below 0 where accuracy is lost.</param>
/// <param name="TensorSqnr">
/// The signal-to-quantization-noise ratio of the weight or the input itself, 10·log₁₀(Σx² / Σ(x − x̂)²), in dB; infinite without noise.
/// </param>
/// <param name="OutputSqnr">The same of the network's output, in dB.</param>
/// <param name="OutputError">The root mean square of what an element of the network's output is off by, in its own unit.</param>
public sealed record SensitivityRow(
    string Layer, QuantizerTarget Target, int Bits, double Loss, double LossChange, double? Accuracy, double? AccuracyChange,
    double TensorSqnr, double OutputSqnr, double OutputError);
