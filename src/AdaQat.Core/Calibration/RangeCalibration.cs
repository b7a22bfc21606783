using static TorchSharp.torch;

namespace AdaQat.Calibration;

/// <summary>Forwards in float whose layer inputs are sampled, and quantizers that then start from the samples.</summary>
internal static class RangeCalibration
{
    /// <returns>What was odd about inputs that were reached.</returns>
    public static IReadOnlyList<CalibrationFault> Run(nn.Module model, IReadOnlyList<IObservedInput> inputs, Action forwards)
    {
        var samples = inputs.Select(_ => new InputSample()).ToList();
        try
        {
            CalibrationForwards.Run(model, inputs, [.. samples.Select<InputSample, Action<Tensor>>(s => s.Add)], forwards);
            return Start(inputs, samples);
        }
        finally
        {
            samples.ForEach(s => s.Dispose());
        }
    }

    /// <summary>
    /// After the isolation, which would put the quantizers' buffers back. An input that no forward reached is left to the first one that
    /// does.
    /// </summary>
    private static List<CalibrationFault> Start(IReadOnlyList<IObservedInput> inputs, IReadOnlyList<InputSample> samples)
    {
        var wasReached = false;
        var faults = new List<CalibrationFault>();
        using var guard = no_grad();
        foreach (var (input, seen) in inputs.Zip(samples))
        {
            using var sample = seen.Whole();
            if (sample is not null)
            {
                input.Quantizer.Calibrate(sample);
                wasReached = true;
                if (seen.NonFinite > 0 || !input.Quantizer.IsCalibrated)
                {
                    faults.Add(new CalibrationFault(input, seen.NonFinite, input.Quantizer.IsCalibrated));
                }
            }
        }

        CalibrationForwards.RequireAny(wasReached);
        return faults;
    }
}
