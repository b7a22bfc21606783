namespace AdaQat.Corrections;

/// <summary>What compares a quantized network with the one in float needs ranges that have started.</summary>
internal static class CalibratedInputs
{
    /// <exception cref="InvalidOperationException">An input's range has not started; the message names the layer.</exception>
    public static void Require(QuantizedModel quantized)
    {
        if (quantized.Layers.FirstOrDefault(layer =>
            !layer.ActivationBits.IsUnquantized && !layer.ActivationQuantizer.IsCalibrated) is { } layer)
        {
            throw new InvalidOperationException(
                $"The input of layer '{layer.Name}' has no range yet: call Calibrate before what is measured quantized.");
        }
    }
}
