using AdaQat.Graph;
using AdaQat.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Export;

/// <summary>How far an integer network computes what the quantized network computes.</summary>
public static class Equivalence
{
    /// <summary>Compares an integer network with the model that it was compiled from.</summary>
    /// <param name="quantized">The quantized model, as it was when it was compiled.</param>
    /// <param name="compiled">The integer network, which takes floats.</param>
    /// <param name="batches">Inputs as the model takes them, with their batch dimension; at least one. The caller's to dispose.</param>
    /// <param name="layerImages">Of how many images codes are compared layer by layer, 0 and more: by plain loops, which is slow.</param>
    /// <returns>What differs.</returns>
    /// <exception cref="ArgumentException">
    /// There is no batch, or the integer network takes bytes, or it is none of this model's.
    /// </exception>
    /// <exception cref="CaptureException">The model's graph can't be captured.</exception>
    public static EquivalenceReport Check(
        QuantizedModel quantized, IntegerModel compiled, IEnumerable<Tensor> batches, int layerImages = 8)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(compiled);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentOutOfRangeException.ThrowIfNegative(layerImages);
        if (compiled.Inputs.Count != 1 || compiled.Outputs.Count != 1 || compiled.Inputs[0].Type is not Floats)
        {
            throw new ArgumentException($"The integer network has {compiled.Inputs.Count} inputs, the first of "
                + $"{compiled.Inputs[0].Type}, and {compiled.Outputs.Count} outputs; allowed are one input of floats and one "
                + "output. Compile without pixels to compare.",
                nameof(compiled));
        }

        EquivalenceRun? run = null;
        try
        {
            foreach (var batch in batches)
            {
                run ??= new(Captured(quantized, batch), compiled, layerImages);
                run.Add(batch);
            }

            return run?.Report() ?? throw new ArgumentException("There is no batch; at least one is needed.", nameof(batches));
        }
        finally
        {
            run?.Dispose();
        }
    }

    private static ModelGraph Captured(QuantizedModel quantized, Tensor batch)
    {
        // Two images are enough to tell the batch from other sizes.
        using var scope = NewDisposeScope();
        var example = batch.slice(0, 0, Math.Min(2, batch.shape[0]), 1).clone();
        return quantized.Graph(example);
    }
}
