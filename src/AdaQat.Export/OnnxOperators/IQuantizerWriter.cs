using AdaQat.Graph;

namespace AdaQat.Export;

/// <summary>How a quantizer of values that are computed is written.</summary>
internal interface IQuantizerWriter
{
    /// <returns>The name of the quantized value.</returns>
    string Write(OperatorScope n, QuantizeOperator grid);
}
