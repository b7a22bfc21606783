using AdaQat.Diagnostics;
using AdaQat.Isolation;
using AdaQat.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// Estimates from the backward pass of what the finite differences of a step would be: for every width at once, without a forward.
/// </summary>
/// <remarks>
/// With g = ∂L/∂x̂ of the batch-mean loss and Δ = Q_neighbour(x) − Q_n(x), L(neighbour) − L(n) is estimated as
/// <list type="bullet">
/// <item>weights: d + ½·B·d², d = ⟨g, Δ⟩ summed over what the width serves, B samples in the batch;</item>
/// <item>activations: the mean over samples i of d_i + ½·d_i², d_i = B·⟨g_i, Δ_i⟩.</item>
/// </list>
/// The second term stands for the curvature: on average over batches, B·(gᵀΔ)² is Δ'FΔ with F the Fisher information, and per sample it is
/// so exactly. Only in steps that estimate is anything added to the graph, and nothing is read back from a device before <see
/// cref="Read"/>.
/// Where several losses are differentiated between two steps, it is their sum that is estimated.
/// </remarks>
internal sealed class GradientEstimates(QuantizedModel model)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Part, Tensor> _changes = [];
    private bool _isTraining;

    public BackwardGuard Guard => model.BackwardGuard;

    public ModelRandom Random => model.Random;

    /// <summary>Whether training forwards are watched: in steps that will estimate.</summary>
    public bool IsActive { get; set; }

    /// <summary>A forward of the model begins.</summary>
    public void Begin(bool isTraining) => _isTraining = isTraining;

    /// <summary>A forward of the model is over.</summary>
    public void End() => _isTraining = false;

    /// <summary>The tensor to compute with in place of <paramref name="quantized"/>: that itself where nothing is to be watched.</summary>
    /// <param name="quantized">What the quantizer made; ours from now on.</param>
    /// <param name="source">What it was made of.</param>
    /// <param name="quantizer">The quantizer.</param>
    /// <param name="samples">For a weight: the samples in the batch. Null for an input.</param>
    public Tensor Watch(Tensor quantized, Tensor source, Quantizer quantizer, long? samples)
    {
        if (!(IsActive && _isTraining && quantized.requires_grad) || quantized.numel() == 0
            || quantizer.Width is { IsFrozen: true } or { IsInferred: true })
        {
            return quantized;
        }

        using var scope = NewDisposeScope();
        var watched = GradientWatchFunction.Apply(quantized, source.detach(), new GradientWatch(this, quantizer, samples));
        quantized.Dispose();
        return watched.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Takes in what one backward through one quantized tensor shows, one at a time: several devices have a thread each for it. Other
    /// threads are kept out of the model, since the width shows its neighbour meanwhile.
    /// </summary>
    public void Take(Action look)
    {
        lock (_lock)
        {
            using var alone = model.BeginAlone();
            look();
        }
    }

    /// <summary>
    /// Adds what one backward through one quantized tensor showed; tensors that share a width add up before they are squared.
    /// </summary>
    public void Add(BitWidth width, long? samples, Tensor change)
    {
        var part = new Part(width, samples, change.numel(), change.dtype, change.device_type, change.device_index);
        if (_changes.TryGetValue(part, out var sum))
        {
            sum.AddInPlace(change);
        }
        else
        {
            // Apart from any dispose scope: the one that the backward pass runs in may end before the step.
            _changes.Add(part, change.clone().DetachFromDisposeScope());
        }
    }

    /// <summary>
    /// The estimates so far, in the form of <see cref="FiniteDifference.Value"/>: upwards, negative where more bits lower the loss. A width
    /// that the backward pass did not come by has none.
    /// </summary>
    public IReadOnlyDictionary<BitWidth, double> Read()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var estimates = new Dictionary<BitWidth, double>(ReferenceEqualityComparer.Instance);
        foreach (var alike in _changes.GroupBy(c => (c.Key.Type, c.Key.Device, c.Key.Index)))
        {
            using var values = stack(alike.Select(c => Estimate(c.Key, c.Value))).cpu().to(ScalarType.Float64);
            foreach (var (part, value) in alike.Select(c => c.Key).Zip(values.data<double>().ToArray()))
            {
                var bits = FiniteDifference.NeighbourOf(part.Width, part.Width.Bits) - part.Width.Bits;
                estimates[part.Width] = estimates.GetValueOrDefault(part.Width) + (value / bits);
            }
        }

        return estimates;
    }

    /// <summary>Forgets the step's backward pass.</summary>
    public void Clear()
    {
        foreach (var change in _changes.Values)
        {
            change.Dispose();
        }

        _changes.Clear();
    }

    private static Tensor Estimate(Part part, Tensor change)
    {
        if (part.Samples is { } samples)
        {
            var whole = change.sum();
            return whole.Add(whole.Mul(0.5 * samples) * whole);
        }

        var each = change.Mul(part.Count);
        return each.Add(each.Mul(0.5) * each).mean();
    }

    /// <summary>Changes that can be added up: of one width, for as many samples, of one type in one place.</summary>
    private readonly record struct Part(BitWidth Width, long? Samples, long Count, ScalarType Type, DeviceType Device, int Index);
}
