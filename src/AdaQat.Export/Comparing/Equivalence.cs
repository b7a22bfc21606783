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
        RequireFloats(compiled);
        EquivalenceRun? run = null;
        try
        {
            foreach (var batch in batches)
            {
                run ??= new(Captured(quantized, batch), compiled, layerImages);
                run.Add(batch);
            }

            return run?.Report() ?? throw NoBatch();
        }
        finally
        {
            run?.Dispose();
        }
    }

    /// <summary>Compares an ONNX file, as some program runs it, with the integer network of the same model.</summary>
    /// <remarks>
    /// Layer by layer the integer network computes on the file's own codes, so that a difference is that layer's. A code may be the next
    /// one where its number lies within 2⁻²⁰ of a threshold, relative to the magnitudes that are added up to it, which is what rounding
    /// in 32 bits does; and in <see cref="OnnxForm.Fusable"/> where the form has moved that threshold past its number, which
    /// <see cref="OnnxFile.FusedLayers"/> counts. All else is unexplained.
    /// </remarks>
    /// <param name="quantized">The quantized model, as it was when it was compiled and written.</param>
    /// <param name="compiled">The integer network, which takes floats.</param>
    /// <param name="file">What <see cref="OnnxExport"/> wrote of the model's graph, with <see cref="OnnxOptions.CodeOutputs"/>.</param>
    /// <param name="program">
    /// Runs the file: from a batch, all of the file's outputs by name. For example ONNX Runtime with its optimisation on, or off.
    /// </param>
    /// <param name="batches">Inputs as the model takes them, with their batch dimension; at least one. The caller's to dispose.</param>
    /// <param name="layerImages">Of how many images codes are compared layer by layer, 0 and more: by plain loops, which is slow.</param>
    /// <returns>What differs.</returns>
    /// <exception cref="ArgumentException">
    /// There is no batch, or the integer network takes bytes or is none of this model's, or the file has no outputs of codes, or the
    /// program gave not all outputs.
    /// </exception>
    /// <exception cref="CaptureException">The model's graph can't be captured.</exception>
    public static OnnxEquivalenceReport CheckOnnx(
        QuantizedModel quantized, IntegerModel compiled, OnnxFile file,
        Func<GraphTensor, IReadOnlyDictionary<string, GraphTensor>> program, IEnumerable<Tensor> batches, int layerImages = 8)
    {
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(compiled);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentOutOfRangeException.ThrowIfNegative(layerImages);
        RequireFloats(compiled);
        OnnxEquivalenceRun? run = null;
        try
        {
            foreach (var batch in batches)
            {
                run ??= Compared(Captured(quantized, batch), compiled, file, program, layerImages);
                run.Add(batch);
            }

            return run?.Report() ?? throw NoBatch();
        }
        finally
        {
            run?.Dispose();
        }
    }

    private static OnnxEquivalenceRun Compared(
        ModelGraph graph, IntegerModel compiled, OnnxFile file, Func<GraphTensor, IReadOnlyDictionary<string, GraphTensor>> program,
        int layerImages) => new(graph, EquivalenceRun.Lowered(graph, compiled), file, program, layerImages);

    private static ArgumentException NoBatch() => new("There is no batch; at least one is needed.", "batches");

    private static void RequireFloats(IntegerModel compiled)
    {
        if (compiled.Inputs.Count != 1 || compiled.Outputs.Count != 1 || compiled.Inputs[0].Type is not Floats)
        {
            throw new ArgumentException($"The integer network has {compiled.Inputs.Count} inputs, the first of "
                + $"{compiled.Inputs[0].Type}, and {compiled.Outputs.Count} outputs; allowed are one input of floats and one "
                + "output. Compile without pixels to compare.",
                nameof(compiled));
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
