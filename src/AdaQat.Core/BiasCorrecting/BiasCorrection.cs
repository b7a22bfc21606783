using AdaQat.BiasCorrecting;
using AdaQat.Corrections;
using AdaQat.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Takes off what quantization adds to the mean of each output channel (Nagel et al. 2019, arXiv 1906.04721, §4.2): rounding errors of a
/// weight don't cancel out where its inputs are not around zero.
/// </summary>
/// <remarks>
/// <para>
/// With data (empirical): the mean of each layer's output on the calibration data, quantized less float, layer by layer in the order of
/// the network, so that a layer sees what was corrected before it. Without (<see cref="ApplyAnalytic(QuantizedModel, Tensor)"/>): (Ŵ −
/// W)·E[x], where the batch normalisation before the layer tells E[x]: β where nothing clips, else the closed form of a clipped normal
/// number.
/// </para>
/// <para>
/// It goes into the layer's bias; where it has none, into the running mean of the batch normalisation behind it; else the layer is left
/// alone, and named. Bits and ranges as they are now are what is corrected for: calibrate before, correct last.
/// </para>
/// </remarks>
public static class BiasCorrection
{
    private const string Name = "bias correction";

    /// <summary>Corrects with data.</summary>
    /// <param name="quantized">The model, which takes one tensor; ranges of inputs have started, and it is not baked.</param>
    /// <param name="batches">Inputs on its device; they stay the caller's. A few hundred samples are enough.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="ArgumentException">There are no batches, or one is empty or holds NaN or infinity; nothing has changed.</exception>
    /// <exception cref="CaptureException">The model's graph can't be captured.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is detached or baked, takes something else than one tensor, or has an input whose range has not started.
    /// </exception>
    public static Correction Apply(QuantizedModel quantized, IReadOnlyList<Tensor> batches) =>
        Apply(quantized, batches, progress: null, CancellationToken.None);

    /// <summary>Corrects with data, and tells how far it is.</summary>
    /// <param name="quantized">The model, which takes one tensor; ranges of inputs have started, and it is not baked.</param>
    /// <param name="batches">Inputs on its device; they stay the caller's. A few hundred samples are enough.</param>
    /// <param name="progress">Is told of each layer; null for nobody.</param>
    /// <param name="cancellationToken">Cancels it: all is then as it was.</param>
    /// <inheritdoc cref="Apply(QuantizedModel, IReadOnlyList{Tensor})"/>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Correction Apply(
        QuantizedModel quantized, IReadOnlyList<Tensor> batches, IProgress<CorrectionProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        CorrectedNetwork.RequireOpen(quantized);
        var forwards = CorrectionData.Forwards(quantized.Model, batches);
        using var example = CorrectionData.Example(batches);
        return Apply(quantized, quantized.FloatGraph(example), forwards, progress, cancellationToken);
    }

    /// <summary>Corrects with the forwards that <paramref name="forwards"/> makes, for models of any number of inputs.</summary>
    /// <param name="quantized">The model; ranges of inputs have started, and it is not baked.</param>
    /// <param name="graph">Its graph: only what is connected with what is read of it.</param>
    /// <param name="forwards">Calls the model once for each batch. It is called once for each layer, and once more.</param>
    /// <param name="progress">Is told of each layer; null for nobody.</param>
    /// <param name="cancellationToken">Cancels it: all is then as it was.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="ArgumentException">The graph is of another model.</exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked, or has an input whose range has not started.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Correction Apply(
        QuantizedModel quantized, ModelGraph graph, Action forwards, IProgress<CorrectionProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(forwards);
        var network = CorrectedNetwork.Of(quantized, graph);
        CalibratedInputs.Require(quantized);
        using var alone = quantized.BeginAlone();
        var work = new EmpiricalBias(network, quantized, forwards, progress, cancellationToken);
        return Make(quantized, Name, work.Run);
    }

    /// <summary>Corrects without data, by what batch normalisation tells.</summary>
    /// <param name="quantized">The model; not baked.</param>
    /// <param name="example">An input as the model takes it, with its batch dimension.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="CaptureException">The model's graph can't be captured.</exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked.</exception>
    public static Correction ApplyAnalytic(QuantizedModel quantized, Tensor example)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        CorrectedNetwork.RequireOpen(quantized);
        return ApplyAnalytic(quantized, quantized.FloatGraph(example));
    }

    /// <summary>Corrects without data a model whose graph is at hand, of any number of inputs.</summary>
    /// <param name="quantized">The model; not baked.</param>
    /// <param name="graph">Its graph: only what is connected with what is read of it.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="ArgumentException">The graph is of another model.</exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked.</exception>
    public static Correction ApplyAnalytic(QuantizedModel quantized, ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(graph);
        var network = CorrectedNetwork.Of(quantized, graph);
        using var alone = quantized.BeginAlone();
        return Make(quantized, $"{Name}, analytic", before => AnalyticBias.Run(network, quantized, before));
    }

    private static Correction Make(QuantizedModel quantized, string name, Func<SavedState, IReadOnlyList<CorrectionEntry>> run)
    {
        var before = new SavedState();
        try
        {
            return new Correction(quantized, before, new(name, run(before), []));
        }
        catch
        {
            before.Restore();
            before.Dispose();
            throw;
        }
    }
}
