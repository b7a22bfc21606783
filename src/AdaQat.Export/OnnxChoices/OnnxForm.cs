namespace AdaQat.Export;

/// <summary>How an ONNX file says what a network computes.</summary>
public enum OnnxForm
{
    /// <summary>
    /// Plain operators in float32. Quantizers of a quantized graph are written as divisions, roundings and limits, weights as the values of
    /// their grids. Runs wherever ONNX does.
    /// </summary>
    Plain,

    /// <summary>
    /// The smallest file: weights are stored in 2, 4 or 8 bits, and made values of their grids when the file is run, which is in float32.
    /// Needs opset 21 with weights of up to 4 bits, 25 with those of up to 2.
    /// </summary>
    Compact,

    /// <summary>
    /// The form that ONNX Runtime computes in bytes where it can: weights and inputs of layers in 8 bits, limited to fewer where their
    /// widths are narrower. Batch normalisation behind a convolution is part of its weight's scales and its bias, which are such that codes
    /// change at the sums at which the graph's do. Where no scale and bias do that, mostly with weights of 8 bits, some thresholds are one
    /// sum off, and <see cref="OnnxFile.FusedLayers"/> tells how many. Sums of quantized values are
    /// sums of bytes. Layers that are computed in float32 all the same, such as those before a sum of values that are not quantized, are
    /// named in <see cref="OnnxFile.Notes"/>.
    /// </summary>
    Fusable,
}
