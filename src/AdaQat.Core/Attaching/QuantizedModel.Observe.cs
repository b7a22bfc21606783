using AdaQat.Attaching;
using AdaQat.Calibration;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

public sealed partial class QuantizedModel
{
    /// <summary>
    /// Gives every input's quantizer, and on demand every weight's, the range that an observer chooses from several batches.
    /// </summary>
    /// <param name="batches">
    /// Inputs of the model on its device: finite, at least one element each. They stay the caller's; those made while they are enumerated
    /// are disposed at the end.
    /// </param>
    /// <param name="options">The observers.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Ends it between two batches; nothing has changed then.</param>
    /// <returns>What was seen and chosen, tensor by tensor.</returns>
    /// <remarks>
    /// <para>
    /// The model runs in float, in eval mode without gradient, and observers look on, so that no range depends on one before it. Memory
    /// does not grow with the number of batches. Quantizers that have a range get it anew; one whose layer no batch reaches is left as it
    /// was. A quantizer that takes no range from outside (<see cref="Quantizer.RangeLayout"/>) starts by itself, and the report says so.
    /// </para>
    /// <para>Only quantizers change, and where anything throws, these neither.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// There are no batches, one is empty, holds NaN or infinity, or is of a shape that the model does not take; the message says which.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The model is detached, or takes something else than one tensor; an observer was given, and no quantizer takes a range; or one for
    /// weights, and they are baked.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public CalibrationReport Calibrate(
        IEnumerable<Tensor> batches, CalibrationOptions options, IProgress<CalibrationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        int? total = batches.TryGetNonEnumeratedCount(out var count) ? count : null;
        return Calibrate(CalibrationBatches.Forwards(OfOneInput(), batches), total, options, progress, cancellationToken);
    }

    /// <summary>The same for models with several inputs.</summary>
    /// <param name="forwards">Each calls the model on a batch.</param>
    /// <param name="options">The observers.</param>
    /// <param name="cancellationToken">Ends it between two batches; nothing has changed then.</param>
    /// <inheritdoc cref="Calibrate(IEnumerable{Tensor}, CalibrationOptions, IProgress{CalibrationProgress}, CancellationToken)"/>
    public CalibrationReport Calibrate(IReadOnlyList<Action> forwards, CalibrationOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(forwards);
        return Calibrate(forwards, forwards.Count, options, progress: null, cancellationToken);
    }

    private CalibrationReport Calibrate(
        IEnumerable<Action> forwards, int? total, CalibrationOptions options, IProgress<CalibrationProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        RequireAttached();
        using var alone = BeginAlone();
        Settle();
        var inputs = Inputs.Concat<IObservedInput>(Joins.Select(join => join.Attached)).Select(i => (NameOf(i), i)).ToList();
        RequireRanges(options.Observer, inputs.Select(i => i.Item2.Quantizer), "inputs");
        var weights = options.WeightObserver is null ? [] : ObservedWeights(options.WeightObserver);
        var (report, faults) = ObservedCalibration.Run(
            Model, inputs, weights, options, forwards, total, StartWeights, progress, cancellationToken);
        Tell(faults);
        return report;
    }

    private List<ObservedWeight> ObservedWeights(ObserverOptions observer)
    {
        if (IsBaked)
        {
            throw new InvalidOperationException("The quantized weights are in the model already: there is no range to choose for them.");
        }

        RequireRanges(observer, Layers.Select(l => l.WeightQuantizer), "weights");
        return Layers.DistinctBy(l => l.WeightQuantizer).Where(l => l.WeightQuantizer.RangeLayout is not null)
            .Select(l => new ObservedWeight(l.Name, l.WeightQuantizer, l.Attached.LatentWeight)).ToList();
    }

    /// <exception cref="InvalidOperationException">None takes a range.</exception>
    private static void RequireRanges(ObserverOptions? observer, IEnumerable<Quantizer> quantizers, string what)
    {
        if (observer is not null && quantizers.ToList() is var all && all.TrueForAll(q => q.RangeLayout is null))
        {
            throw new InvalidOperationException(
                $"No quantizer of the model's {what} takes a range, so the observer '{observer.Name}' has nothing to choose: "
                + $"{string.Join(", ", all.Select(q => q.GetType().Name).Distinct())} have theirs by their options, or take it from each "
                + "tensor anew. Families that take one are those with static ranges, as AffineOptions { Range = RangeSource.Static } is.");
        }
    }

    private void Tell(IEnumerable<CalibrationFault> faults)
    {
        foreach (var fault in faults)
        {
            var layer = NameOf(fault.Input);
            Warn(new QuantizationWarning(layer, fault.Describe(layer)));
        }
    }

    /// <summary>The first layer that reads an input, or the sum whose operand it is.</summary>
    private string NameOf(IObservedInput input) =>
        input is AttachedJoin join ? join.Name : Layers.First(l => ReferenceEquals(l.Input, input)).Name;
}
