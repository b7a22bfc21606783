namespace AdaQat;

/// <summary>Who chooses the ranges of a calibration.</summary>
/// <remarks>
/// <code>
/// quantized.Calibrate(batches, new CalibrationOptions
/// {
///     Observer = new PercentileObserverOptions { Percentile = 0.999 },
///     WeightObserver = new MeanSquaredErrorObserverOptions(),           // with AffineOptions { Range = RangeSource.Static }, say
/// });
/// </code>
/// </remarks>
public sealed record CalibrationOptions
{
    /// <summary>
    /// Chooses the ranges of layers' inputs. Null (the default): each quantizer takes its own from a sample of its input, as
    /// <see cref="QuantizedModel.Calibrate(IEnumerable{TorchSharp.torch.Tensor})"/> has it.
    /// </summary>
    public ObserverOptions? Observer { get; init; }

    /// <summary>
    /// Chooses the ranges of weights, for families that keep them, such as <c>AffineOptions</c> with <c>RangeSource.Static</c>. Null (the
    /// default): quantizers of weights start from their weights as they would, unless they have started.
    /// </summary>
    public ObserverOptions? WeightObserver { get; init; }

    /// <summary>Checks the observers' choices.</summary>
    /// <exception cref="ArgumentException">One is outside what is allowed; the message names it.</exception>
    public void Validate()
    {
        Observer?.Validate();
        WeightObserver?.Validate();
    }
}
