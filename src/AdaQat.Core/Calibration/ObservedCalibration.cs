using AdaQat.Quantization;
using static TorchSharp.torch;

namespace AdaQat.Calibration;

/// <summary>Forwards in float whose layer inputs are observed, and the ranges chosen then. All or nothing.</summary>
internal static class ObservedCalibration
{
    /// <param name="model">The model.</param>
    /// <param name="inputs">What its layers read, with the layers' names.</param>
    /// <param name="weights">Their weights, with the layers' names; empty where these are not observed.</param>
    /// <param name="options">Who chooses.</param>
    /// <param name="forwards">One for each batch.</param>
    /// <param name="total">How many there are, where that is known.</param>
    /// <param name="startWeights">Starts what is not observed, when all has been chosen.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Ends it; nothing has changed then.</param>
    /// <returns>The report, and what was odd.</returns>
    public static (CalibrationReport Report, IReadOnlyList<CalibrationFault> Faults) Run(
        nn.Module model, IReadOnlyList<(string Layer, IObservedInput Input)> inputs, IReadOnlyList<ObservedWeight> weights,
        CalibrationOptions options, IEnumerable<Action> forwards, int? total, Action startWeights,
        IProgress<CalibrationProgress>? progress, CancellationToken cancellationToken)
    {
        var observed = inputs.Select(i => new ObservedTensor(i.Input.Quantizer, QuantizerTarget.Activation, options.Observer)).ToList();
        using var before = new QuantizerSnapshot(weights.Select(w => w.Quantizer).Concat(inputs.Select(i => i.Input.Quantizer)));
        try
        {
            var batches = 0;
            var observers = observed.ConvertAll<Action<Tensor>>(o => o.Add);
            CalibrationForwards.Run(model, [.. inputs.Select(i => i.Input)], observers, () =>
            {
                foreach (var forward in forwards)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    forward();
                    batches++;
                    progress?.Report(new CalibrationProgress(batches, total));
                }
            });
            CalibrationForwards.RequireAny(observed.Exists(o => o.WasReached));
            var ranges = new List<CalibratedRange>();
            var faults = new List<CalibrationFault>();
            foreach (var ((layer, input), seen) in inputs.Zip(observed).Where(i => i.Second.WasReached))
            {
                cancellationToken.ThrowIfCancellationRequested();
                ranges.Add(seen.Apply(layer, QuantizerTarget.Activation));
                if (seen.NonFinite > 0 || !input.Quantizer.IsCalibrated)
                {
                    faults.Add(new CalibrationFault(input, seen.NonFinite, input.Quantizer.IsCalibrated));
                }
            }

            foreach (var weight in weights)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var seen = new ObservedTensor(weight.Quantizer, QuantizerTarget.Weight, options.WeightObserver);
                seen.Add(weight.Latent);
                ranges.Add(seen.Apply(weight.Layer, QuantizerTarget.Weight));
            }

            startWeights();
            return (new CalibrationReport(batches, ranges), faults);
        }
        catch
        {
            before.Restore();
            throw;
        }
        finally
        {
            observed.ForEach(o => o.Dispose());
        }
    }
}
