using AdaQat.Corrections;
using AdaQat.Folding;
using AdaQat.Graph;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// Folds batch normalisation into the convolution or linear layer before it, where the layer's output goes nowhere else. The network
/// computes in float what it did, within rounding; the batch normalisation stays in the model as an identity.
/// </summary>
/// <remarks>
/// <para>
/// With σ = √(var + ε): w' = w·γ/σ and b' = β + (b − μ)·γ/σ for each output channel; then μ = 0, var = 1 − ε, γ = 1, β = 0. A layer without
/// a bias gets the scale alone: what is left of the batch normalisation adds β − μ·γ/σ (as its β, or, where it has none, as −μ).
/// </para>
/// <para>
/// While folded, the batch normalisation computes with these statistics in training mode too (its hooks see to it), since those of a batch
/// would normalise what is normalised already: training then moves γ and β alone. After <see cref="Correction.Keep"/> that holds for the
/// life of the model object. A folded network that was saved and loaded into a new one is folded again at no change, and frozen with that.
/// </para>
/// <para>
/// It is not done before quantization to few bits unless asked for: the slopes γ/σ of channels differ, often tenfold, and a grid per tensor
/// has to reach the largest. Fold for 8 bits, for scales per channel, or for hardware without batch normalisation.
/// </para>
/// <para>Quantizers of weights that had started start anew from the folded weight. Ranges of inputs stay: inputs are the same.</para>
/// </remarks>
public static class BatchNormFolding
{
    /// <summary>Folds in an attached model.</summary>
    /// <param name="quantized">The model; not baked.</param>
    /// <param name="example">An input as the model takes it, with its batch dimension.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="CaptureException">The model's graph can't be captured.</exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked.</exception>
    public static Correction Apply(QuantizedModel quantized, Tensor example)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        CorrectedNetwork.RequireOpen(quantized);
        return Apply(quantized, quantized.FloatGraph(example));
    }

    /// <summary>Folds in an attached model whose graph is at hand, of any number of inputs.</summary>
    /// <param name="quantized">The model; not baked.</param>
    /// <param name="graph">
    /// Its graph, from <see cref="QuantizedModel.FloatGraph"/>, <see cref="QuantizedModel.Graph"/> or <see cref="ModelCapture.Graph"/>:
    /// only what is connected with what is read of it.
    /// </param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="ArgumentException">The graph is of another model.</exception>
    /// <exception cref="InvalidOperationException">The model is detached or baked.</exception>
    public static Correction Apply(QuantizedModel quantized, ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(graph);
        var network = CorrectedNetwork.Of(quantized, graph);
        using var alone = quantized.BeginAlone();
        return Fold(network);
    }

    /// <summary>Folds in a model in float, before it is attached, say.</summary>
    /// <param name="model">The model, in any mode.</param>
    /// <param name="example">An input as the model takes it, with its batch dimension.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="CaptureException">The model's graph can't be captured.</exception>
    public static Correction Apply(nn.Module<Tensor, Tensor> model, Tensor example) => Apply(model, ModelCapture.Graph(model, example));

    /// <summary>Folds in a model in float whose graph is at hand, of any number of inputs.</summary>
    /// <param name="model">The model, in any mode.</param>
    /// <param name="graph">Its graph.</param>
    /// <returns>What was done; disposing undoes it.</returns>
    /// <exception cref="ArgumentException">The graph is of another model.</exception>
    public static Correction Apply(nn.Module model, ModelGraph graph)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(graph);
        return Fold(CorrectedNetwork.Of(model, graph));
    }

    private static Correction Fold(CorrectedNetwork network)
    {
        var before = new SavedState();
        var frozen = new FrozenBatchNorms();
        var entries = new List<CorrectionEntry>();
        foreach (var node in network.Graph.Nodes.Where(node => node.Operator is BatchNormOperator))
        {
            var entry = FoldablePair.Find(network, node, out var reason) is { } pair
                ? Fold(network, pair, before, frozen)
                : new CorrectionEntry(node.Module, IsCorrected: false, reason);
            entries.Add(entry);
        }

        IReadOnlyList<string> notes = frozen.Count == 0 ? [] :
            ["Folded batch normalisation keeps its statistics in training mode: training moves its γ and β alone."];
        return new Correction(network.Quantized, before, new("batch-norm folding", entries, notes), frozen);
    }

    private static CorrectionEntry Fold(CorrectedNetwork network, FoldablePair pair, SavedState before, FrozenBatchNorms frozen)
    {
        using var scope = NewDisposeScope();
        var (layer, norm) = (pair.Layer, pair.Norm);
        var (slope, intercept) = Line(norm);
        if (!slope.isfinite().all().item<bool>() || !intercept.isfinite().all().item<bool>())
        {
            return new(norm.Name, IsCorrected: false, "its parameters or statistics are not all finite");
        }

        before.Write(layer.Module, "weight", layer.ScaledOutputs(slope));
        if (layer.Bias is { } bias)
        {
            before.Write(layer.Module, "bias", (bias.detach().to(ScalarType.Float64) * slope).Add(intercept));
            intercept = zeros_like(intercept);
        }

        SetShift(norm.Module, intercept, before);
        network.RestartWeight(layer, before);
        frozen.Add(norm.Module);
        var (least, most) = (slope.abs().min().item<double>(), slope.abs().max().item<double>());
        return new(norm.Name, IsCorrected: true, FormattableString.Invariant(
            $"folded into '{layer.Name}', whose channels were scaled by {least:G3} to {most:G3}"));
    }

    /// <summary>γ/σ and β − μ·γ/σ, in float64.</summary>
    private static (Tensor Slope, Tensor Intercept) Line(NamedBatchNorm norm)
    {
        var module = norm.Module;
        var slope = Number(module.running_var!).Add(module.eps).rsqrt();
        if (module.weight is not null)
        {
            slope = slope * Number(module.weight);
        }

        var intercept = (Number(module.running_mean!) * slope).neg();
        return (slope, module.bias is null ? intercept : intercept.Add(Number(module.bias)));
    }

    /// <summary>The batch normalisation that adds a number to each channel.</summary>
    private static void SetShift(BatchNorm norm, Tensor shift, SavedState before)
    {
        before.Write(norm, "running_var", FullLike(shift, 1 - norm.eps));
        if (norm.weight is not null)
        {
            before.Write(norm, "weight", ones_like(shift));
        }

        before.Write(norm, "running_mean", norm.bias is null ? shift.neg() : zeros_like(shift));
        if (norm.bias is not null)
        {
            before.Write(norm, "bias", shift);
        }
    }

    private static Tensor Number(Tensor tensor) => tensor.detach().to(ScalarType.Float64);
}
