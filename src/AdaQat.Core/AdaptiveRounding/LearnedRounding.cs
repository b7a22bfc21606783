using AdaQat.AdaptiveRounding;
using AdaQat.Corrections;
using AdaQat.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Learned rounding (AdaRound, Nagel et al. 2020, arXiv 2004.10568): each element of a weight is rounded up or down as serves the layer's
/// outputs, not the weight. It needs a few hundred samples and no labels.
/// </summary>
/// <remarks>
/// <para>
/// Layer by layer in the order of the network, V is learned, one number for each element: ‖g(f(x, W)) − g(f(x̂, Ŵ))‖² + λ·Σ (1 − |2h(V) −
/// 1|^β), with Ŵ = s·(clip(⌊W/s⌋ + h(V)) − z) and h the rectified sigmoid. x is what the float network gives the layer, x̂ what the
/// quantized one does, rounded so far; g is what follows: batch normalisation, then ReLU or other limits, where nothing else reads the
/// output. The distance is summed over channels and averaged over all else. Where the outcome is not better than plain rounding on all
/// samples, plain rounding stays.
/// </para>
/// <para>
/// The outcome is put into the latent weights: elements whose code changes move to where the quantizer's plain rounding gives that code;
/// all others stay. So the network trains on, is baked and saved as ever. Elements that say how far a grid reaches, where that follows from
/// the weight, keep their codes. With DoReFa's tanh and <c>WeightScale.Preserve</c> the scale follows the mean of all elements, and moves a
/// little; the report says how much.
/// </para>
/// <para>
/// It is made for families of evenly spaced values with codes that are rounded (affine, LSQ, fixed point, DoReFa); others are left alone,
/// and named. Bits and ranges as they are now are what is learned for: calibrate before. Memory: what one layer reads and makes, of all
/// samples.
/// </para>
/// </remarks>
public static class LearnedRounding
{
    /// <summary>Learns with the default choices.</summary>
    /// <param name="quantized">The model, which takes one tensor; ranges of inputs have started, and it is not baked.</param>
    /// <param name="batches">Inputs on its device; they stay the caller's.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="ArgumentException">There are no batches, or one is empty or holds NaN or infinity; nothing has changed.</exception>
    /// <exception cref="CaptureException">The model's graph can't be captured.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model is detached or baked, takes something else than one tensor, or has an input whose range has not started.
    /// </exception>
    public static Correction Apply(QuantizedModel quantized, IReadOnlyList<Tensor> batches) =>
        Apply(quantized, batches, options: null, progress: null, CancellationToken.None);

    /// <summary>Learns, and tells how far it is.</summary>
    /// <param name="quantized">The model, which takes one tensor; ranges of inputs have started, and it is not baked.</param>
    /// <param name="batches">Inputs on its device; they stay the caller's.</param>
    /// <param name="options">The choices; null for the defaults.</param>
    /// <param name="progress">Is told of every hundredth iteration of each layer; null for nobody.</param>
    /// <param name="cancellationToken">
    /// Cancels it: all is then as it was, or, with <see cref="LearnedRoundingOptions.KeepsFinishedLayers"/>, as far as it was done.
    /// </param>
    /// <inheritdoc cref="Apply(QuantizedModel, IReadOnlyList{Tensor})"/>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside what is allowed; nothing has changed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and nothing is kept.</exception>
    public static Correction Apply(
        QuantizedModel quantized, IReadOnlyList<Tensor> batches, LearnedRoundingOptions? options, IProgress<CorrectionProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        options?.Validate();
        CorrectedNetwork.RequireOpen(quantized);
        var forwards = CorrectionData.Forwards(quantized.Model, batches);
        using var example = CorrectionData.Example(batches);
        return Apply(quantized, quantized.FloatGraph(example), forwards, options, progress, cancellationToken);
    }

    /// <summary>Learns with the forwards that <paramref name="forwards"/> makes, for models of any number of inputs.</summary>
    /// <param name="quantized">The model; ranges of inputs have started, and it is not baked.</param>
    /// <param name="graph">Its graph: only what is connected with what is read of it.</param>
    /// <param name="forwards">
    /// Calls the model once for each batch. It is called twice for each layer, and makes the same calls each time.
    /// </param>
    /// <param name="options">The choices; null for the defaults.</param>
    /// <param name="progress">Is told of every hundredth iteration of each layer; null for nobody.</param>
    /// <param name="cancellationToken">
    /// Cancels it: all is then as it was, or, with <see cref="LearnedRoundingOptions.KeepsFinishedLayers"/>, as far as it was done.
    /// </param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="ArgumentException">An option is outside what is allowed, or the graph is of another model.</exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked, or has an input whose range has not started.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and nothing is kept.</exception>
    public static Correction Apply(
        QuantizedModel quantized, ModelGraph graph, Action forwards, LearnedRoundingOptions? options,
        IProgress<CorrectionProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(forwards);
        options?.Validate();
        var network = CorrectedNetwork.Of(quantized, graph);
        CalibratedInputs.Require(quantized);
        using var alone = quantized.BeginAlone();
        return new RoundedNetwork(network, quantized, forwards, options ?? new(), new SavedState(), progress, cancellationToken).Run();
    }
}
