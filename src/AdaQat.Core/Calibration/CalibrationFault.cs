namespace AdaQat.Calibration;

/// <summary>What was odd about an input that quantizers were calibrated with.</summary>
/// <param name="Input">The input.</param>
/// <param name="NonFinite">How many elements were NaN or infinite, and left out.</param>
/// <param name="IsCalibrated">Whether its quantizer has a range all the same.</param>
internal sealed record CalibrationFault(IObservedInput Input, long NonFinite, bool IsCalibrated)
{
    /// <summary>The fault in a sentence.</summary>
    /// <param name="layer">The layer that reads the input.</param>
    public string Describe(string layer) => IsCalibrated
        ? FormattableString.Invariant(
            $"Calibration left out {NonFinite} elements of the input of layer '{layer}' that are NaN or infinite.")
        : $"Calibration found no data for the input of layer '{layer}': every element is zero, NaN or infinite.";
}
