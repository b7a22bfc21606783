using AdaQat.Diagnostics;
using AdaQat.Isolation;
using AdaQat.Quantization;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>
/// Looks at the gradient of one quantized tensor: how much the loss would change, to first order, if its width were the neighbour.
/// </summary>
/// <param name="estimates">Where the results go.</param>
/// <param name="quantizer">Makes the tensor again at the neighbour width.</param>
/// <param name="samples">For a weight: the samples in the batch. Null for an input, whose first dimension is the batch.</param>
internal sealed class GradientWatch(GradientEstimates estimates, Quantizer quantizer, long? samples)
{
    public BackwardGuard Guard => estimates.Guard;

    /// <summary>
    /// Takes in the gradient; what goes wrong is kept for the step, since an exception must not pass through the backward pass.
    /// </summary>
    /// <param name="gradient">g, of the batch-mean loss with respect to the quantized tensor.</param>
    /// <param name="saved">Gives the quantized tensor and what it was made of.</param>
    public void See(Tensor gradient, Func<List<Tensor>> saved)
    {
        try
        {
            estimates.Take(() =>
            {
                // No trace: neither in the graph, nor in buffers of the quantizer, nor in the random state.
                using var isolation = new ForwardIsolation([quantizer], estimates.Random);
                using var noGradient = no_grad();
                var tensors = saved();
                estimates.Add(quantizer.Width, samples, Change(gradient, tensors[0], tensors[1]));
            });
        }
#pragma warning disable CA1031 // Whatever it is must reach the caller of the step; the gradient itself is right.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Guard.Keep(fault);
        }
    }

    /// <summary>⟨g, Δ⟩ with Δ = Q_neighbour(x) − Q_n(x): one number for a weight, one a sample for an input.</summary>
    private Tensor Change(Tensor gradient, Tensor quantized, Tensor source)
    {
        Tensor neighbour;
        using (quantizer.Width.At(FiniteDifference.NeighbourOf(quantizer.Width, quantizer.Width.Bits)))
        {
            neighbour = quantizer.Quantize(source);
        }

        // Sums of half precision are made in single.
        var type = gradient.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var delta = neighbour.to(type) - quantized.to(type);
        if (samples is not null || delta.dim() < 2)
        {
            return delta.reshape(-1).dot(gradient.to(type).reshape(-1)).reshape(1);
        }

        var count = delta.shape[0];
        return delta.reshape(count, 1, -1).bmm(gradient.to(type).reshape(count, -1, 1)).reshape(count);
    }
}
