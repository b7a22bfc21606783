using AdaQat.Corrections;
using AdaQat.Equalization;
using AdaQat.Graph;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Cross-layer equalisation (Nagel et al. 2019, arXiv 1906.04721, §4.1): where nothing but positively homogeneous functions lie between
/// two layers, a channel can be made smaller in the first and as much larger in the second. The network computes in float what it did,
/// within rounding, and the channels of a weight come to like ranges, so that one scale for all of them serves each.
/// </summary>
/// <remarks>
/// <para>
/// A pair: convolutions (grouped, depthwise, transposed) or linear layers with ReLU, leaky ReLU, PReLU, pooling, padding by zeros or
/// flattening between them, each with one reader. With r₁ and r₂ the largest magnitudes of channel i among the first layer's outputs and
/// the second's inputs, s = √(r₁/r₂): the first one's weight and bias are divided by s, the second one's weight is multiplied. Pairs are
/// gone through until nothing moves any more.
/// </para>
/// <para>
/// Batch normalisation between them that is not folded undoes what is done to the first weight; so its γ and β are divided by s instead.
/// r₁ is then what it lets out, |β| + 6·|γ|, and the scales' geometric mean is 1, so that activations keep their magnitude. And the first
/// layer's output channels are brought to their ranges' geometric mean, which mean and variance take back
/// (<see cref="CrossLayerEqualizationOptions.RescalesBeforeBatchNorm"/>). Folded batch normalisation, which adds a number, is scaled as a
/// bias is: <see cref="BatchNormFolding"/> first gives the paper's method.
/// </para>
/// <para>
/// What is clipped at a number, as ReLU6 is, sums, concatenations, products and all else is left alone, and the report names it. No module
/// is replaced, so ReLU6 does not become ReLU.
/// </para>
/// <para>
/// Quantizers of weights that had started start anew. Ranges of inputs change: calibrate afterwards; the report says whose had started.
/// </para>
/// </remarks>
public static class CrossLayerEqualization
{
    /// <summary>Equalises an attached model.</summary>
    /// <param name="quantized">The model; not baked.</param>
    /// <param name="example">An input as the model takes it, with its batch dimension.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="CaptureException">The model's graph can't be captured.</exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked.</exception>
    public static Correction Apply(QuantizedModel quantized, Tensor example)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        CorrectedNetwork.RequireOpen(quantized);
        return Apply(quantized, quantized.FloatGraph(example), options: null);
    }

    /// <summary>Equalises an attached model whose graph is at hand, of any number of inputs.</summary>
    /// <param name="quantized">The model; not baked.</param>
    /// <param name="graph">Its graph: only what is connected with what is read of it.</param>
    /// <param name="options">The choices; null for the defaults.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="ArgumentException">An option is outside what is allowed, or the graph is of another model.</exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked.</exception>
    public static Correction Apply(QuantizedModel quantized, ModelGraph graph, CrossLayerEqualizationOptions? options)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(graph);
        options?.Validate();
        var network = CorrectedNetwork.Of(quantized, graph);
        using var alone = quantized.BeginAlone();
        return EqualizedNetwork.Run(network, options ?? new());
    }

    /// <summary>Equalises a model in float, before it is attached, say.</summary>
    /// <param name="model">The model, in any mode.</param>
    /// <param name="example">An input as the model takes it, with its batch dimension.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="CaptureException">The model's graph can't be captured.</exception>
    public static Correction Apply(nn.Module<Tensor, Tensor> model, Tensor example) =>
        Apply(model, ModelCapture.Graph(model, example), options: null);

    /// <summary>Equalises a model in float whose graph is at hand, of any number of inputs.</summary>
    /// <param name="model">The model, in any mode.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="options">The choices; null for the defaults.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="ArgumentException">An option is outside what is allowed, or the graph is of another model.</exception>
    public static Correction Apply(nn.Module model, ModelGraph graph, CrossLayerEqualizationOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(graph);
        options?.Validate();
        return EqualizedNetwork.Run(CorrectedNetwork.Of(model, graph), options ?? new());
    }
}
