namespace AdaQat.Export;

/// <summary>How an ONNX file says what a network computes.</summary>
public enum OnnxForm
{
    /// <summary>
    /// Plain operators in float32. Quantizers of a quantized graph are written as divisions, roundings and limits, weights as the values of
    /// their grids. Runs wherever ONNX does.
    /// </summary>
    Plain,
}
